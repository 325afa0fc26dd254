"""RFC 8291: a message that only the browser can open, in the coding aes128gcm (RFC 8188)."""

import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD = 4096
"""Bytes of the one record; a push service takes a body of this length (RFC 8030 section 7.2)."""
LONGEST = 3900
_STEP = 512
_LAST_RECORD = b"\x02"


def sealed(
    text: bytes,
    *,
    public_key: bytes,
    secret: bytes,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
) -> bytes:
    """The body of a push. Raises ValueError for a text above LONGEST or a key that is no point.

    sender and salt are made anew for each message; the standard's example gives its own.
    """
    if len(text) > LONGEST:
        raise ValueError(f"{len(text)} bytes are more than a push carries")
    return seal(_padded(text), public_key=public_key, secret=secret, sender=sender, salt=salt)


def seal(
    record: bytes,
    *,
    public_key: bytes,
    secret: bytes,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
) -> bytes:
    """As `sealed`, of a record that has its delimiter already."""
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    sender = sender or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(16)
    ours = sender.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = sender.exchange(ec.ECDH(), receiver)
    key = _derived(shared, secret, b"WebPush: info\0" + public_key + ours, 32)
    content_key = _derived(key, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(key, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + AESGCM(content_key).encrypt(nonce, record, None)


def _padded(text: bytes) -> bytes:
    """In steps of 512, so that the length does not tell which sentence it is."""
    marked = text + _LAST_RECORD
    room = min(-len(marked) % _STEP, LONGEST + 1 - len(marked))
    return marked + bytes(room)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
