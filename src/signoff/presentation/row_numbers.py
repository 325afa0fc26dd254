"""Numbers of rows that a form or an address gives back to us."""

_LONGEST = 18
"""Digits: what both databases can hold."""


def row_number(text: str) -> int:
    """0, which no row has, for whatever is none."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= _LONGEST
    return int(text) if is_one else 0
