"""Personal data, cut down to what is needed to recognise it. Pure."""

from signoff.kernel.identifiers import Msisdn


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
