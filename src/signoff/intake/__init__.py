"""A carrier's export as a whole: read, checked across its files, and taken in or refused."""
