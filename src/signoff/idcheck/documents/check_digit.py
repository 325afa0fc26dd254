"""The check digit of machine-readable travel documents (ICAO 9303-3 section 4.9). Pure."""

_WEIGHTS = (7, 3, 1)


def check_digit(text: str) -> str:
    """Of digits, A to Z and the filler `<`. Raises ValueError for any other sign."""
    total = sum(_value(sign) * _WEIGHTS[place % 3] for place, sign in enumerate(text))
    return str(total % 10)


def _value(sign: str) -> int:
    if sign == "<":
        return 0
    if sign.isascii() and sign.isdigit():
        return int(sign)
    if sign.isascii() and sign.isupper():
        return ord(sign) - ord("A") + 10
    raise ValueError(f"not a sign of a machine-readable line: {sign!r}")
