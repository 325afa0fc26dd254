"""Bank transfers in files: made, handed to the bank by a person, and their status taken back."""
