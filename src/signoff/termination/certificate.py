"""The certificate of closing: JSON that anybody can check without us. Pure: no Django, no clock.

A document is {"content": …, "signature": {"algorithm", "key_id", "public_key", "value"}}, the
whole in canonical form (RFC 8785); the signature (Ed25519, RFC 8032) is over the canonical bytes
of `content`. Because the whole is canonical, there is one spelling only, and any other is refused:
two programs cannot read two meanings out of one file.

    CertificateError
    ├── NotACertificate     no JSON, or not of this shape
    ├── TooLarge
    ├── Altered             the signature does not fit the content
    ├── UnknownKey          the signature fits, but its key is none of the trusted ones
    ├── UnknownVersion      signed rightly, but in a form that this program does not know
    └── MissingFields
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from signoff.kernel.errors import SignoffError
from signoff.kernel.keys import key_id

KIND = "signoff.certificate-of-closing"
VERSION = 1
LIMIT = 4 * 1024 * 1024
"""Bytes; the certificate of the largest account is far below."""

REQUIRED: Mapping[str, type] = {
    "kind": str,
    "version": int,
    "case": str,
    "issuer": str,
    "issued_at": str,
    "closed_at": str,
    "lines": list,
    "steps": list,
}
"""Fields that every content has. It may have more."""

_ALGORITHM = "Ed25519"
_SIGNATURE_FIELDS = {"algorithm", "key_id", "public_key", "value"}
_HEX = {"key_id": 64, "public_key": 64, "value": 128}


class CertificateError(SignoffError):
    """Root of what can be wrong with a certificate."""


class NotACertificate(CertificateError):
    """The file is something else."""


class TooLarge(CertificateError):
    """Nobody needs to read on."""


class Altered(CertificateError):
    """Something was changed after signing."""


class UnknownKey(CertificateError):
    """Signed by somebody else."""


class UnknownVersion(CertificateError):
    """A newer program is needed."""


class MissingFields(CertificateError):
    """Signed, but incomplete."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A document whose signature fits the key inside it. Whose key that is, is another question."""

    content: dict[str, Any]
    key_id: str


def sign(content: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    """The signed document, as text. `content` has the REQUIRED fields; no floats are needed.

    Raises MissingFields or UnknownVersion if `verify` would not accept the result, and ValueError
    if `content` cannot be written as canonical JSON.
    """
    plain = dict(content)
    _check_content(plain)
    public = key.public_key()
    document = {
        "content": plain,
        "signature": {
            "algorithm": _ALGORITHM,
            "key_id": key_id(public),
            "public_key": _raw(public).hex(),
            "value": key.sign(rfc8785.dumps(plain)).hex(),
        },
    }
    return rfc8785.dumps(document).decode()


def verify(document: str | bytes, trusted_key_ids: Collection[str] | None) -> dict[str, Any]:
    """The content, if nothing was changed and one of the trusted keys signed it.

    trusted_key_ids: fingerprints; None asks only whether the document fits the key inside it,
    which a forger can do too: the reader must then compare the fingerprint. Raises
    CertificateError.
    """
    examined = examine(document)
    if trusted_key_ids is not None and examined.key_id not in trusted_key_ids:
        raise UnknownKey(
            f"signed with the key {examined.key_id}, which is none of the trusted ones"
        )
    _check_content(examined.content)
    return examined.content


def examine(document: str | bytes) -> Examined:
    """Checks form and signature, not who signed and not what. Raises CertificateError."""
    octets = document.encode("utf-8", "surrogatepass") if isinstance(document, str) else document
    if len(octets) > LIMIT:
        raise TooLarge(f"larger than {LIMIT} bytes: this is no certificate of closing")
    octets = octets.strip(b" \t\r\n")
    parsed = _parsed(octets)
    content, signature = parsed["content"], parsed["signature"]
    try:
        spelled, signed = rfc8785.dumps(parsed), rfc8785.dumps(content)
    except (ValueError, RecursionError) as error:
        raise Altered("it holds values that no certificate has") from error
    if spelled != octets:
        raise Altered("it is not spelled as it was signed: it was edited or reformatted")
    public = _public_key(signature["public_key"])
    if key_id(public) != signature["key_id"]:
        raise Altered("the name of the key does not fit the key")
    try:
        public.verify(bytes.fromhex(signature["value"]), signed)
    except InvalidSignature:
        raise Altered("the signature does not fit the content") from None
    return Examined(content, signature["key_id"])


def _parsed(octets: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(octets.decode("utf-8"))
    except (ValueError, RecursionError):
        raise NotACertificate("this is no JSON document") from None
    if not isinstance(parsed, dict) or set(parsed) != {"content", "signature"}:
        raise NotACertificate("a certificate has the two parts `content` and `signature`")
    content, signature = parsed["content"], parsed["signature"]
    if not isinstance(content, dict) or not isinstance(signature, dict):
        raise NotACertificate("`content` and `signature` must be objects")
    if set(signature) != _SIGNATURE_FIELDS or signature["algorithm"] != _ALGORITHM:
        raise NotACertificate(f"the signature is not of {_ALGORITHM} in the known form")
    for name, digits in _HEX.items():
        value = signature[name]
        if not isinstance(value, str) or not re.fullmatch(f"[0-9a-f]{{{digits}}}", value):
            raise NotACertificate(f"`{name}` of the signature is not {digits} hexadecimal digits")
    return parsed


def _check_content(content: Mapping[str, Any]) -> None:
    if content.get("kind") != KIND:
        raise MissingFields(f"`kind` is not {KIND}")
    if content.get("version") != VERSION:
        raise UnknownVersion(
            f"version {content.get('version')!r}; this program knows version {VERSION}"
        )
    wrong = [name for name, kind in REQUIRED.items() if not isinstance(content.get(name), kind)]
    if wrong:
        raise MissingFields(f"missing or of a wrong type: {', '.join(wrong)}")


def _raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _public_key(digits: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(digits))
    except ValueError:
        raise Altered("the key inside is no Ed25519 key") from None
