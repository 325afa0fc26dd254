"""Files for banks and their answers: SEPA (ISO 20022) and the tables of Chinese banks. Pure."""
