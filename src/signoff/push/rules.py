"""What a browser may ask of us, and for how long. Pure."""

import base64
import binascii
import hashlib
from datetime import timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec

from signoff.kernel.errors import InvalidValue
from signoff.kernel.push_services import PushServices
from signoff.kernel.words import gettext_noop as _
from signoff.ports.pushes import Browser

MOST = 3
"""Browsers that one case tells: a telephone, a computer, and one more."""
SETTLES = timedelta(seconds=90)
"""So long a change is left to settle before anybody is told: a decision can be taken back for a
minute, and what follows at once (approved, time to think again) is told as one."""
LASTS_AFTER_END = timedelta(days=7)
"""Longer than a message can be on its way; then the address of the browser is forgotten."""
_POINT, _SECRET = 65, 16


def browser(*, endpoint: str, public_key: str, secret: str, services: PushServices) -> Browser:
    """What a browser sent us, looked at. The keys in base64url (Push API, `getKey`).

    Raises InvalidValue if its service is not on the list, or a key is none.
    """
    if services.place(endpoint) is None:
        raise InvalidValue(
            "push_service",
            _("We cannot send to this browser. E-mail and SMS reach you all the same."),
            field="endpoint",
        )
    try:
        point, shared = _decoded(public_key, _POINT), _decoded(secret, _SECRET)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise InvalidValue(
            "push_key",
            _("This browser sent something that we cannot read. Nothing was switched on."),
            field="public_key",
        ) from None
    return Browser(endpoint, point, shared)


def _decoded(text: str, length: int) -> bytes:
    """Raises ValueError for what is no base64url of so many bytes."""
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError("not base64url") from None
    if len(found) != length:
        raise ValueError(f"{len(found)} bytes instead of {length}")
    return found


def digest_of(endpoint: str) -> str:
    """By this a page knows whether it is the browser that reads it: SHA-256, hexadecimal."""
    return hashlib.sha256(endpoint.encode()).hexdigest()


def topic_of(case: UUID) -> str:
    """One for each case: what is newer replaces what still waits (RFC 8030 section 5.4)."""
    return hashlib.sha256(b"push:" + case.bytes).hexdigest()[:32]
