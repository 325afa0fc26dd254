"""Personal data, cut down to what is needed to recognise it. Pure."""

import re

from signoff.kernel.identifiers import Msisdn

_LONG_NUMBER = re.compile(r"[0-9]{10,}")
_ADDRESS = re.compile(r"[^\s@<>\"'=:;,]+@[^\s@<>\"'=:;,]+")


def masked_mail(address: str) -> str:
    """l…@example.org: the first letter and the host."""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}…{at}{host}" if name else "…"


def masked_recipient(address: str) -> str:
    """Of a mail address or a telephone number; nothing stays nothing."""
    if not address:
        return ""
    return Msisdn(address).masked if address.startswith("+") else masked_mail(address)


def masked_digits(number: str) -> str:
    """… 4321: the last four."""
    return f"… {number[-4:]}" if number else ""


def masked_answer(text: str) -> str:
    """What a remote system said, with the numbers of lines, eSIMs, phones and bank accounts (ten
    digits or more) and mail addresses cut down."""
    plain = _ADDRESS.sub(lambda found: masked_mail(found[0]), text)
    return _LONG_NUMBER.sub(lambda found: masked_digits(found[0]), plain)
