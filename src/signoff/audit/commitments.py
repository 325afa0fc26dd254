"""Personal data beside the chain, not in it. No Django.

A row says only the commitment: the SHA-256 of a random salt and the value. Salt and value lie in a
table of their own (`Opening`). While they are there, anybody can see that the value is the one of
that day; once they are erased (`operations.erase`) the commitment tells nothing: without the salt
there is nothing to try names with. The chain stays whole.
"""

import hashlib
import hmac
import secrets

SUFFIX = "_commitment"
"""The fact that holds the commitment to `words` is called `words_commitment`."""

_SALT_BYTES = 32


def commit(value: str) -> tuple[str, str]:
    """The commitment and the fresh salt, each 64 hexadecimal digits."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return _commitment(value, salt), salt.hex()


def open_commitment(commitment: str, *, value: str, salt: str) -> bool:
    """Whether the commitment was made to this value. Never raises."""
    try:
        raw = bytes.fromhex(salt)
    except ValueError:
        return False
    # The salt's length is fixed: otherwise the border between the two could be moved.
    if len(raw) != _SALT_BYTES:
        return False
    return hmac.compare_digest(_commitment(value, raw).encode(), commitment.encode())


def _commitment(value: str, salt: bytes) -> str:
    return hashlib.sha256(salt + value.encode()).hexdigest()
