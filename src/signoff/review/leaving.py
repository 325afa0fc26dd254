"""Somebody leaves the desk, or reviews no longer: the cases that they hold go back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from signoff.accounts import staff
from signoff.accounts.models import Role, User
from signoff.closing.models import Case
from signoff.closing.rules import CaseEvent, CaseState
from signoff.closing.state import advance
from signoff.kernel.errors import Conflict
from signoff.review.claims import drop_claim
from signoff.review.models import Claim


@dataclass(frozen=True, slots=True)
class TasksChanged:
    """given, taken: what they may do now and could not, and the other way round. returned: how
    many cases others may take now."""

    given: tuple[Role, ...]
    taken: tuple[Role, ...]
    returned: int = 0


def leave(*, person: int, now: datetime, by: User | None = None) -> int:
    """Somebody can do nothing any more; returns how many cases others may take now.

    by: an administrator; None: the command. Raises as `staff.remove_staff` does.
    """
    with transaction.atomic():
        user = staff.remove_staff(person=person, now=now, by=by)
        return _give_back(user.pk, by, now)


def change_tasks(
    *,
    person: int,
    give: Collection[Role],
    take: Collection[Role],
    now: datetime,
    by: User | None = None,
) -> TasksChanged:
    """What somebody may do from their next page on. Raises as `staff.change_roles` does."""
    with transaction.atomic():
        changed = staff.change_roles(person=person, give=give, take=take, now=now, by=by)
        stops = Role.REVIEWER in changed.taken
        back = _give_back(person, by, now) if stops else 0
    return TasksChanged(changed.given, changed.taken, back)


def cases_held(person: int) -> int:
    """How many cases would go back if they left (one query)."""
    return _held(person).count()


def _held(person: int) -> QuerySet[Claim]:
    """Claims on decided cases stay as they are: they say who may take the decision back."""
    undecided = (CaseState.IN_REVIEW.value, CaseState.MORE_INFO.value)
    return Claim.objects.filter(reviewer=person, case__state__in=undecided)


def _give_back(person: int, by: User | None, now: datetime) -> int:
    """In the caller's transaction, holding the claims as a decision would (`claims.hold_claim`)."""
    _held(person).update(reviewer=person)
    held = _held(person).select_related("case").order_by("case_id")
    return sum(_given_back(claim.case, by, now) for claim in held)


def _given_back(case: Case, by: User | None, now: datetime) -> bool:
    """False if the customer moved the case at this very moment."""
    if case.state == CaseState.MORE_INFO.value:
        # The question stays open. Whoever comes first after the answer takes the case.
        return bool(Claim.objects.filter(case=case).update(expires_at=now))
    actor = "cli" if by is None else f"user:{by.pk}"
    try:
        with transaction.atomic():
            drop_claim(case)
            advance(case, CaseEvent.RELEASE, now=now, actor=actor)
    except Conflict:
        return False
    return True
