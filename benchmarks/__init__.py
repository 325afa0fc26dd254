"""How fast, how large, how soon again: measured on the machine at hand."""
