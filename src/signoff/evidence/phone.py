"""Going on with the telephone: a code on the screen opens the upload page of one draft there."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import segno
from django.core import signing

from signoff.accounts.operations import is_signed_in, session_mark
from signoff.closing.models import Case
from signoff.closing.queries import case_by_id
from signoff.evidence.queries import takes_pictures
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _

LASTS = timedelta(minutes=15)
_SIGNER = signing.Signer(salt="signoff.evidence.phone")


def phone_link(*, case: Case, session_key: str, now: datetime) -> str:
    """A token for the address of the upload page, good for 15 minutes and this case alone.

    session_key: of the customer who is signed in and sees the code; when they sign out, it ends.
    Raises Refusal if the case takes no pictures now.
    """
    if not takes_pictures(case):
        raise _no_longer()
    ends = int((now + LASTS).timestamp())
    return _SIGNER.sign_object({"c": case.pk.hex, "s": session_mark(session_key), "e": ends})


def case_of_phone_link(*, token: str, now: datetime) -> Case:
    """The case whose pictures may be added with this token, and nothing else of it.

    Raises Refusal if the token is not ours, is too old, the customer has signed out, or the case
    takes no pictures any more; all in the same words.
    """
    try:
        said: dict[str, Any] = _SIGNER.unsign_object(token)
        ends, mark, identifier = int(said["e"]), str(said["s"]), UUID(said["c"])
        case = case_by_id(identifier)
    except (signing.BadSignature, ValueError, KeyError, TypeError, Case.DoesNotExist):
        raise _no_longer() from None
    if now.timestamp() >= ends or not takes_pictures(case):
        raise _no_longer()
    if not is_signed_in(case.account, mark=mark):
        raise _no_longer()
    return case


def _no_longer() -> Refusal:
    return Refusal(
        "phone_link",
        _("This code is no longer good. Show a new one on your other screen and scan that."),
    )


def qr_code(address: str) -> str:
    """The address as a QR code (ISO/IEC 18004): an SVG element for a page, sized by its style."""
    return segno.make(address, error="m", micro=False).svg_inline(
        border=4, omitsize=True, dark="#000", light="#fff"
    )
