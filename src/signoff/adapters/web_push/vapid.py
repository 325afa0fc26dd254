"""RFC 8292 (VAPID): a signed note with each push that says which operator sends it."""

import base64
import json
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LASTS = timedelta(hours=1)
"""At most a day is allowed (section 2)."""


def authorization(
    *, key: ec.EllipticCurvePrivateKey, origin: str, contact: str, now: datetime
) -> str:
    """The header for one push. origin: of the push service; contact: a mailto: or https: address."""
    claims = {"aud": origin, "exp": int((now + LASTS).timestamp()), "sub": contact}
    signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = _base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))  # RFC 7518 section 3.4
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return f"vapid t={signed}.{signature}, k={_base64url(public)}"


def _json(content: dict[str, object] | dict[str, str]) -> str:
    return _base64url(json.dumps(content, separators=(",", ":")).encode())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
