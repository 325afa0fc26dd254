"""A case in review, as far as tests of reviews need it."""

from datetime import datetime, timedelta

from signoff.accounts.models import User
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.notice.models import Notice
from signoff.review import operations
from signoff.review.questions import ask_more
from signoff.review.rules import MoreKind, RefusalReason
from tests.world import NOON, Customer, customer, submitted

CLAIM = timedelta(minutes=30)
"""`claim_minutes` of China."""
WORDS = "The contract of this line runs until 1 May 2027."
APPEAL = "The contract ended in May: I have the letter here."
ASKED = "The photo is dark. Please send another."
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def taken(by: User, who: Customer | None = None) -> Case:
    """A reviewer has taken a case that was sent."""
    return operations.take(case=submitted(who or customer()), reviewer=by, now=NOON)


def refused(by: User, case: Case | None = None, now: datetime = NOON) -> Case:
    """Refused by whoever has it, with a ground and words."""
    return operations.refuse(
        case=case or taken(by),
        reviewer=by,
        reason_code=RefusalReason.CONTRACT_BOUND,
        text=WORDS,
        now=now,
    )


def asked(by: User, *what: MoreKind, now: datetime = NOON) -> Case:
    """Its customer was asked for more."""
    kinds = what or (MoreKind.OTHER,)
    return ask_more(case=taken(by), reviewer=by, what=kinds, text=ASKED, now=now)


def fresh(case: Case) -> Case:
    """As it lies in the database."""
    return cases.case_by_id(case.pk)


def letter(case: Case, kind: str) -> Notice:
    """The one letter of this kind that waits."""
    return Notice.objects.get(case=case.pk, kind=kind, channel="letter", state="waiting")
