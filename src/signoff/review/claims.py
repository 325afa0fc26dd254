"""Who looks at a case. A claim lives as long as its reviewer does something; only they decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from signoff.accounts.models import Role, User
from signoff.accounts.queries import roles_of
from signoff.closing.models import Case
from signoff.closing.rules import CaseEvent, CaseState, next_state
from signoff.closing.state import advance
from signoff.config import policies
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.review.models import Claim, Decision

ASSIGNED_FOR = timedelta(hours=24)
"""Whoever is given a case may not be at the desk just then."""


class Taken(Conflict):
    """Somebody else looks at the case, and their claim still lives."""

    def __init__(self, reviewer: User, until: datetime) -> None:
        self.reviewer = reviewer
        self.until = until
        super().__init__(f"taken by user {reviewer.pk} until {until.isoformat()}")


@dataclass(frozen=True, slots=True)
class Assigned:
    """Case numbers. left: those that stay as they were, each with why, in English."""

    done: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


_ANOTHER = _("You have decided on this case before: another person must look at it.")
_THEY_DID = _("They have decided on it before.")
_MOVED_ON = _("It is not waiting for a decision any more.")


def actor(reviewer: User) -> str:
    """How the record names a reviewer."""
    return f"reviewer:{reviewer.pk}"


def barred(case: Case) -> frozenset[int]:
    """Who may not look at the case: they proposed a yes that waits for a second person, or they
    decided what the customer appeals against."""
    rows = Decision.objects.filter(case=case, is_current=True)
    return frozenset(rows.values_list("reviewer_id", flat=True))


def take(*, case: Case, reviewer: User, now: datetime) -> Case:
    """A reviewer begins to look at the case; whoever holds it already goes on holding it.

    Raises Taken while another holds it, Conflict if another took it just now, Refusal for who
    must not decide on it.
    """
    next_state(CaseState(case.state), CaseEvent.TAKE)
    if reviewer.pk in barred(case):
        raise Refusal("another_person", _ANOTHER)
    until = now + _minutes(case)
    with transaction.atomic():
        if case.state == CaseState.IN_REVIEW.value:
            if touch_claim(case=case, reviewer=reviewer, now=now):
                return case
            over = Claim.objects.filter(case=case, expires_at__lte=now)
            if not over.update(reviewer=reviewer, taken_at=now, expires_at=until, assigned_by=None):
                raise _taken(case)
            return advance(case, CaseEvent.TAKE, now=now, actor=actor(reviewer))
        case = advance(case, CaseEvent.TAKE, now=now, actor=actor(reviewer))
        give(case, reviewer, now, until)
    return case


def touch_claim(*, case: Case, reviewer: User, now: datetime) -> bool:
    """The holder did something: the claim lives on. False if they do not hold it (any more)."""
    mine = Claim.objects.filter(case=case, reviewer=reviewer)
    with transaction.atomic():
        if not mine.update(reviewer=reviewer):  # on PostgreSQL nobody takes it before we commit
            return False
        until = now + _minutes(case)
        mine.filter(expires_at__lt=until).update(expires_at=until)
    return True


def hold_claim(*, case: Case, reviewer: User, now: datetime) -> None:
    """In the caller's transaction: the reviewer holds the case until it commits.

    Raises Taken if another does, Refusal if nobody does.
    """
    if touch_claim(case=case, reviewer=reviewer, now=now):
        return
    held = Claim.objects.filter(case=case).select_related("reviewer").first()
    if held is not None and held.lives_at(now):
        raise Taken(held.reviewer, held.expires_at)
    raise Refusal("not_taken", _("Take the case first: then nobody else decides meanwhile."))


def release_claim(*, case: Case, reviewer: User, now: datetime) -> Case:
    """The holder gives the case back to the queue. Raises as `hold_claim` does."""
    next_state(CaseState(case.state), CaseEvent.RELEASE)
    with transaction.atomic():
        hold_claim(case=case, reviewer=reviewer, now=now)
        drop_claim(case)
        return advance(case, CaseEvent.RELEASE, now=now, actor=actor(reviewer))


def assign(*, cases: Sequence[Case], reviewer: User, by: User, now: datetime) -> Assigned:
    """An administrator gives cases to a reviewer, whoever holds them now.

    Each case by itself: one that has moved on is left, and named. Raises Refusal if `by` is no
    administrator or `reviewer` no reviewer.
    """
    if Role.ADMIN not in roles_of(by):
        raise Refusal("not_admin", _("Only an administrator gives cases to others."))
    if Role.REVIEWER not in roles_of(reviewer):
        raise Refusal("not_a_reviewer", _("Choose somebody who reviews cases."))
    done, left = [], []
    for case in cases:
        try:
            _assign(case, reviewer, by, now)
        except Conflict:
            left.append((case.number, _MOVED_ON))
        except Refusal as refusal:
            left.append((case.number, refusal.template))
        else:
            done.append(case.number)
    return Assigned(tuple(done), tuple(left))


def _assign(case: Case, reviewer: User, by: User, now: datetime) -> None:
    if CaseState(case.state) not in {CaseState.SUBMITTED, CaseState.IN_REVIEW}:
        raise Conflict(f"case {case.number} waits for nobody's decision")
    if reviewer.pk in barred(case):
        raise Refusal("another_person", _THEY_DID)
    with transaction.atomic():
        held = Claim.objects.filter(case=case).update(
            reviewer=reviewer, taken_at=now, expires_at=now + ASSIGNED_FOR, assigned_by=by
        )
        case = advance(
            case,
            CaseEvent.ASSIGN,
            now=now,
            actor=actor(by),
            facts={"reviewer": reviewer.pk},
        )
        if not held:
            give(case, reviewer, now, now + ASSIGNED_FOR, by=by)


def give(
    case: Case, reviewer: User, now: datetime, until: datetime | None = None, by: User | None = None
) -> None:
    """A claim on a case that nobody holds. Raises Conflict if somebody does by now."""
    try:
        with transaction.atomic():
            Claim.objects.create(
                case=case,
                reviewer=reviewer,
                taken_at=now,
                expires_at=until or now + _minutes(case),
                assigned_by=by,
            )
    except IntegrityError:
        raise _taken(case) from None


def drop_claim(case: Case) -> None:
    """Nobody holds the case any more. In the caller's transaction."""
    Claim.objects.filter(case=case).delete()


def _taken(case: Case) -> Conflict:
    held = Claim.objects.filter(case=case).select_related("reviewer").first()
    if held is None:
        return Conflict(f"case {case.number} was given back just now")
    return Taken(held.reviewer, held.expires_at)


def _minutes(case: Case) -> timedelta:
    return timedelta(minutes=policies().for_country(case.country).claim_minutes.value)
