"""What a checkpoint says, and its signature. Pure: no Django, no clock.

The signature (Ed25519, RFC 8032) is over the canonical bytes of the content, whose `kind` keeps it
apart from everything else that the same key signs; the digest is the SHA-256 of the same bytes.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from signoff.audit.rules import canonical, moment
from signoff.kernel.keys import key_id

KIND = "signoff.audit-checkpoint"
EXPORT_KIND = "signoff.audit-export"
VERSION = 1


def content(
    *, number: int, at: datetime, rows: int, heads: int, root: str, previous: str
) -> dict[str, Any]:
    """A checkpoint as JSON.

    rows: how many rows of the record it and all before it cover. heads: how many chains have grown
    since the one before; root: of the tree over their heads. previous: digest of the one before.
    """
    return {
        "kind": KIND,
        "version": VERSION,
        "number": number,
        "at": moment(at),
        "rows": rows,
        "heads": heads,
        "root": root,
        "previous": previous,
    }


def head(*, stream: str, since: int, seq: int, digest: str) -> dict[str, Any]:
    """A leaf of the tree as JSON: the chain `stream` ends with row `seq`, whose digest this is,
    and the checkpoint before that knew this chain ended it with row `since` (0: none)."""
    return {"stream": stream, "since": since, "seq": seq, "digest": digest}


def digest(signed: Mapping[str, Any]) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(canonical(signed)).hexdigest()


def sign(signed: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    """128 hexadecimal digits."""
    return key.sign(canonical(signed)).hex()


def is_signed(signed: Mapping[str, Any], signature: str, public_key: str) -> bool:
    """Whether the signature fits; whose key that is, is another question. Never raises."""
    try:
        from_hex(public_key).verify(bytes.fromhex(signature), canonical(signed))
    except (InvalidSignature, ValueError):
        return False
    return True


def public_hex(key: Ed25519PublicKey) -> str:
    """The 32 bytes of a public key, in hexadecimal."""
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()


def from_hex(public_key: str) -> Ed25519PublicKey:
    """Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))


def key_id_of(public_key: str) -> str:
    """Its fingerprint; "" if it is no key."""
    try:
        return key_id(from_hex(public_key))
    except ValueError:
        return ""
