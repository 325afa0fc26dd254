"""Sealing pictures: AES-256-GCM under a key of the case, which is sealed under the operator's.

NIST SP 800-38D. Everything that is sealed names what it belongs to (additional data): a row that
is moved to another case or another picture does not open. No Django.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signoff.kernel.errors import SignoffError

KEY_BYTES = 32
NONCE_BYTES = 12
_NUMBER_BYTES = 32


class EvidenceKeyError(SignoffError):
    """The operator's key is missing, open to others or not a key; the text says what to do."""


class SealBroken(SignoffError):
    """What was sealed has been changed, or belongs to something else."""


def key_id(key: bytes) -> str:
    """Sixteen hexadecimal digits that tell one operator's key from another, and nothing of it."""
    return hashlib.sha256(b"signoff evidence key:" + key).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class OperatorKeys:
    """The first wraps; every one unwraps. Never printed: the keys are not in its repr."""

    keys: Sequence[bytes]

    def __repr__(self) -> str:
        return f"OperatorKeys({[key_id(key) for key in self.keys]})"

    @property
    def first_id(self) -> str:
        """Of the key that wraps."""
        return key_id(self.keys[0])

    def wrap(self, data_key: bytes, case: UUID) -> bytes:
        """A case's key, sealed under the first key."""
        return _sealed(self.keys[0], data_key, _of_key(case))

    def unwrap(self, wrapped: bytes, by: str, case: UUID) -> bytes:
        """Raises EvidenceKeyError if the key `by` is not among ours, SealBroken."""
        return _opened(self._named(by), wrapped, _of_key(case))

    def seal_number(self, number: str, account: int) -> bytes:
        """Of a registered paper, up to 32 letters and digits, under the first key.

        All have the same length, so that it does not tell of which kind the paper is.
        """
        return _sealed(
            self.keys[0], number.encode().ljust(_NUMBER_BYTES, b"\0"), _of_number(account)
        )

    def open_number(self, sealed: bytes, by: str, account: int) -> str:
        """Raises as `unwrap`."""
        return _opened(self._named(by), sealed, _of_number(account)).rstrip(b"\0").decode()

    def _named(self, by: str) -> bytes:
        for key in self.keys:
            if key_id(key) == by:
                return key
        raise EvidenceKeyError(
            f"the evidence key {by} is not there any more; put it back behind the first one"
        )


def new_key() -> bytes:
    """Thirty-two random bytes."""
    return AESGCM.generate_key(bit_length=8 * KEY_BYTES)


def seal(data_key: bytes, content: bytes, *, case: UUID, evidence: UUID) -> bytes:
    """The nonce and behind it the sealed content, 28 bytes longer than it was."""
    return _sealed(data_key, content, _of_picture(case, evidence))


def unseal(data_key: bytes, sealed: bytes, *, case: UUID, evidence: UUID) -> bytes:
    """Raises SealBroken if anything of it, or the case or the picture, is another."""
    return _opened(data_key, sealed, _of_picture(case, evidence))


def _of_key(case: UUID) -> bytes:
    return b"signoff evidence key 1" + case.bytes


def _of_number(account: int) -> bytes:
    return b"signoff registered number 1" + account.to_bytes(8, "big")


def _of_picture(case: UUID, evidence: UUID) -> bytes:
    return b"signoff evidence picture 1" + case.bytes + evidence.bytes


def _sealed(key: bytes, content: bytes, belongs_to: bytes) -> bytes:
    # SP 800-38D allows 2**32 random nonces to a key: more than a carrier has customers and cases.
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, belongs_to)


def _opened(key: bytes, sealed: bytes, belongs_to: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], belongs_to)
    except (InvalidTag, ValueError):
        raise SealBroken("sealed evidence was changed, or moved from where it belongs") from None
