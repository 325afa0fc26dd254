"""CSV files, as people save them, read into rows that fit, or into problems in words. Pure."""
