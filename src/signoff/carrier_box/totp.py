"""The code of an authenticator app (RFC 6238: SHA-1, 30 seconds, six digits)."""

import base64
import binascii
import hmac
from datetime import datetime

_STEP = 30
_DIGITS = 6


def code(secret: str, at: datetime) -> str:
    """`secret` in base32, as it is shown beside the QR code. Raises ValueError if it is none."""
    plain = secret.replace(" ", "").upper()
    try:
        key = base64.b32decode(plain + "=" * (-len(plain) % 8))
    except binascii.Error as error:
        raise ValueError("the secret is not base32") from error
    counter = (int(at.timestamp()) // _STEP).to_bytes(8, "big")
    digest = hmac.digest(key, counter, "sha1")
    place = digest[-1] & 0x0F
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def seconds_left(at: datetime) -> int:
    """Until the next code: 1 to 30."""
    return _STEP - int(at.timestamp()) % _STEP
