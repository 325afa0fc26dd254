"""Numbers of identity papers that nobody has."""

from datetime import date, timedelta

_NOWHERE = "990101"
"""GB/T 2260 gives no province 99, so no number of China begins with it."""
_FIRST_BIRTH = date(1962, 3, 1)


def id_number(country: str, account: int) -> str:
    """Of a customer's paper: in China the citizen's number, elsewhere that of a passport.

    The check digit of the first is right (GB 11643-1999), since an import looks at it; that of a
    passport's number stands beside it on the paper (ICAO 9303). No chance in it: the same account
    has the same number, and the other rows stay as they are.
    """
    place = account - 100_000
    if country != "CN":
        return f"XX{9_000_000 + 7 * place:07d}"
    birth = _FIRST_BIRTH + timedelta(days=(place * 2_039) % 15_000)
    body = f"{_NOWHERE}{birth:%Y%m%d}{place % 1000:03d}"
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(body))
    return body + "10X98765432"[total % 11]
