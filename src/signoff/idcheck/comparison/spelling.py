"""How a name may be spelled in the letters A to Z (ICAO 9303-3 section 6). Pure."""

import unicodedata
from itertools import islice, product

_LATIN = {
    "Ä": ("AE", "A"), "Å": ("AA", "A"), "Æ": ("AE",), "Ð": ("D",), "Đ": ("D",), "Ħ": ("H",),
    "I": ("I",), "İ": ("I",), "ı": ("I",), "Ĳ": ("IJ",), "Ł": ("L",), "Ñ": ("N", "NXX"),
    "Ŋ": ("N",), "Ö": ("OE", "O"), "Ø": ("OE", "O"), "Œ": ("OE",), "Þ": ("TH",), "Ŧ": ("T",),
    "Ü": ("UE", "U", "UXX"), "ẞ": ("SS",),
}  # fmt: skip
_CYRILLIC = {
    "А": "A", "Б": "B", "В": "V", "Г": "G", "Д": "D", "Е": "E", "Ё": "E", "Ж": "ZH", "З": "Z",
    "И": "I", "І": "I", "Ї": "I", "Й": "I", "К": "K", "Л": "L", "М": "M", "Н": "N", "О": "O",
    "П": "P", "Р": "R", "С": "S", "Т": "T", "У": "U", "Ф": "F", "Х": "KH", "Ц": "TS", "Ч": "CH",
    "Ш": "SH", "Щ": "SHCH", "Ъ": "IE", "Ы": "Y", "Ь": "", "Э": "E", "Ю": "IU", "Я": "IA",
    "Є": "IE", "Ґ": "G", "Ў": "U",
}  # fmt: skip
_MOST = 64
"""Spellings of one word that are looked at."""


def spellings(word: str) -> frozenset[str]:
    """All ways in which `word` is written with A to Z; empty if it has a sign of another script.

    Apostrophes are dropped, as machine-readable lines do.
    """
    capitals = unicodedata.normalize("NFC", word).replace("ß", "ẞ").upper()
    choices = [_choices(sign) for sign in capitals if sign not in "'’`´ʼ"]
    if any(choice is None for choice in choices):
        return frozenset()
    ways = product(*(choice for choice in choices if choice is not None))
    return frozenset(found for way in islice(ways, _MOST) if (found := "".join(way)))


def _choices(sign: str) -> tuple[str, ...] | None:
    if sign.isascii():
        return (sign,) if sign.isalpha() else None
    if sign in _LATIN:
        return _LATIN[sign]
    if sign in _CYRILLIC:
        return (_CYRILLIC[sign],)
    base = "".join(
        each for each in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(each)
    )
    if base != sign and base.isascii() and base.isalpha():
        return (base,)
    return None
