"""The VAPID key (RFC 8292): by it push services know the operator, and browsers only take from it."""

import base64
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signoff.kernel import keys

FILE_NAME = "push-key.pem"
MADE_BY = "signoff keys new-push"


def create(path: Path) -> ec.EllipticCurvePrivateKey:
    """A new key in a file of mode 0600. Raises KeyFileError if the file is there already."""
    key = ec.generate_private_key(ec.SECP256R1())
    keys.write_new(path, keys.private_pem(key))
    return key


def load(path: Path) -> ec.EllipticCurvePrivateKey:
    """Raises KeyFileError if the file is missing, others may read it, or it is no such key."""
    key = keys.read_private(path, made_by=MADE_BY)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise keys.KeyFileError(f"{path} is a private key, but not on the curve P-256")
    return key


def told_to_browsers(key: ec.EllipticCurvePrivateKey) -> str:
    """The public key as the Push API takes it: an uncompressed point in base64url, 87 signs."""
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
