"""Two administrators at the same instant: one of them wins, and the desk never loses the last."""

from functools import partial

import pytest

from signoff.accounts.models import Role, User
from signoff.accounts.queries import people_with
from signoff.accounts.staff import add_staff, change_roles, remove_staff
from signoff.audit.models import AuditRow
from signoff.kernel.errors import InvalidValue, Refusal
from tests.racing import at_once
from tests.world import NOON, staff

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def takes_admin(by: User, from_: User) -> object:
    return change_roles(person=from_.pk, give=[], take=[Role.ADMIN], by=by, now=NOON)


def sees_off(by: User, whom: User) -> object:
    return remove_staff(person=whom.pk, by=by, now=NOON)


def test_two_who_take_each_others_task_leave_one_administrator() -> None:
    for _ in range(ROUNDS):
        one, two = staff(Role.ADMIN), staff(Role.ADMIN)
        ends = at_once(partial(takes_admin, one, two), partial(takes_admin, two, one))
        refused = [end for end in ends if isinstance(end, Refusal)]
        assert [end.code for end in refused] == ["not_admin"], ends
        assert len({one, two} & set(people_with(Role.ADMIN))) == 1
    assert AuditRow.objects.filter(event="role_taken").count() == ROUNDS


def test_three_in_a_ring_who_see_each_other_off_leave_somebody() -> None:
    ring = [staff(Role.ADMIN) for _ in range(3)]
    ends = at_once(
        *(partial(sees_off, by, whom) for by, whom in zip(ring, ring[1:] + ring[:1], strict=True))
    )
    refused = [end for end in ends if isinstance(end, Refusal)]
    assert len(people_with(Role.ADMIN)) == 3 - (len(ends) - len(refused)) >= 1
    assert {end.code for end in refused} <= {"not_admin", "has_left"}
    assert AuditRow.objects.filter(event="staff_removed").count() == len(ends) - len(refused)


def test_two_who_invite_under_one_name_bring_one_colleague() -> None:
    def add(name: str, by: User) -> object:
        return add_staff(
            username=name, email=f"{by.pk}@boom.example", password=None, by=by, now=NOON
        )

    one, two = staff(Role.ADMIN), staff(Role.ADMIN)
    ends = at_once(partial(add, "mei", one), partial(add, "Mei", two))
    assert [type(end) for end in ends if not isinstance(end, User)] == [InvalidValue], ends
    assert User.objects.filter(username__iexact="mei").count() == 1
