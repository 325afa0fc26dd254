"""Switching a feed on and off."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.closing.models import Case
from signoff.closing.operations import CUSTOMER
from signoff.closing.queries import locked_case
from signoff.closing.rules import CaseState
from signoff.closing.state import stream_of
from signoff.feeds.models import Feed
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _


def switch_on(*, case: Case, now: datetime) -> None:
    """Makes the address; one that is there already stays.

    Raises Refusal for a draft: it has no timeline yet.
    """
    with transaction.atomic():
        case = locked_case(case.pk)
        if case.state == CaseState.DRAFT.value:
            raise Refusal("no_timeline", _("There is nothing to follow before you have sent it."))
        if not Feed.objects.filter(case=case).exists():
            _make(case, now)


def renew(*, case: Case, now: datetime) -> None:
    """Another address; the old one leads nowhere from now on. Nothing, if it is switched off."""
    with transaction.atomic():
        case = locked_case(case.pk)
        if Feed.objects.filter(case=case).delete()[0]:
            _make(case, now)


def switch_off(*, case: Case, now: datetime) -> None:
    """The address leads nowhere from now on. Twice is as good as once."""
    with transaction.atomic():
        case = locked_case(case.pk)
        if Feed.objects.filter(case=case).delete()[0]:
            record(event=Event.FEED_OFF, stream=stream_of(case), at=now, actor=CUSTOMER, facts={})


def _make(case: Case, now: datetime) -> None:
    Feed.objects.create(case=case, key=uuid4(), made_at=now)
    record(event=Event.FEED_ON, stream=stream_of(case), at=now, actor=CUSTOMER, facts={})
