"""A browser that is told how far a case is: switching it on and off."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

import structlog
from django.db import transaction

from signoff.closing.models import Case
from signoff.closing.operations import CUSTOMER
from signoff.closing.queries import locked_case
from signoff.closing.rules import FINAL_STATES, CaseState
from signoff.closing.state import stream_of
from signoff.config import config
from signoff.feeds.queries import standing
from signoff.kernel import push_key
from signoff.kernel.errors import Refusal
from signoff.kernel.keys import KeyFileError
from signoff.kernel.push_services import PushServices
from signoff.kernel.words import gettext_noop as _
from signoff.push import operations as push
from signoff.push.rules import browser

log = structlog.get_logger()

_NOTHING_TO_TELL = frozenset({CaseState.DRAFT}) | FINAL_STATES


def key_for_browsers() -> str:
    """The operator's public key, which a browser wants when it subscribes; empty if there is none,
    or none that can be used: then it is not offered, and `signoff check` says why."""
    path = config().push_key
    try:
        return _public(path) if path else ""
    except KeyFileError as error:
        log.warning("push_key", error=str(error))
        return ""


def is_offered() -> bool:
    """Whether the operator has switched it on, by setting a key."""
    return bool(key_for_browsers())


@lru_cache(maxsize=1)
def _public(path: Path) -> str:
    return push_key.told_to_browsers(push_key.load(path))


def can_be_told(case: Case) -> bool:
    """Something is still to happen."""
    return CaseState(case.state) not in _NOTHING_TO_TELL


def tell_browser(*, case: Case, endpoint: str, public_key: str, secret: str, now: datetime) -> None:
    """This browser is told from now on when the case moves; twice is as good as once.

    endpoint, public_key, secret: what the browser says of itself, and therefore not trusted.
    Raises Refusal if it is not offered, for a draft, for a case that is over, and for one browser
    too many; InvalidValue for what no browser of a service on the operator's list would send.
    """
    if not is_offered():
        raise Refusal("not_offered", _("This is not offered here."))
    wanted = browser(
        endpoint=endpoint,
        public_key=public_key,
        secret=secret,
        services=PushServices(config().push_services),
    )
    with transaction.atomic():
        case = locked_case(case.pk)
        if not can_be_told(case):
            raise Refusal("nothing_to_tell", _("There is nothing to tell about this case now."))
        push.switch_on(
            case=case.pk,
            stream=stream_of(case),
            actor=CUSTOMER,
            browser=wanted,
            told=standing(case, now=now).code,
            now=now,
        )


def leave_browser(*, case: Case, digest: str, now: datetime) -> None:
    """Tells one browser nothing more, or with an empty digest none. Twice is as good as once."""
    with transaction.atomic():
        case = locked_case(case.pk)
        push.switch_off(
            case=case.pk, stream=stream_of(case), actor=CUSTOMER, digest=digest, now=now
        )
