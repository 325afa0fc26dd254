"""Addresses that nobody can guess, and how long they last. Pure."""

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

LASTS_AFTER_END = timedelta(days=30)
"""Once the account is closed nobody can sign in to switch a feed off, so it ends by itself."""
_KEY, _SEAL = 32, 32


def token_of(key: UUID, secret: str) -> str:
    """Sixty-four hexadecimal digits: the key, and its seal (HMAC-SHA-256, 128 bits of it)."""
    return key.hex + _seal(key, secret)


def key_of(token: str, secret: str) -> UUID | None:
    """The key in an address; None if the address was not made by us."""
    if len(token) != _KEY + _SEAL or not set(token) <= set("0123456789abcdef"):
        return None
    key = UUID(hex=token[:_KEY])
    return key if hmac.compare_digest(token[_KEY:], _seal(key, secret)) else None


def _seal(key: UUID, secret: str) -> str:
    return hmac.new(secret.encode(), b"feed:" + key.bytes, hashlib.sha256).hexdigest()[:_SEAL]


def is_over(ended_at: datetime | None, now: datetime) -> bool:
    """The case ended so long ago that its feed has nothing more to say."""
    return ended_at is not None and now >= ended_at + LASTS_AFTER_END
