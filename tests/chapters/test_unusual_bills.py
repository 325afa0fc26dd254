"""The last bills of an account are read in a fixed number of queries, and marked."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from signoff.settlement.models import Bill, BillItem, ItemKind, Stay
from signoff.settlement.unusual import marks_for
from tests.world import NOON, Customer, customer

pytestmark = pytest.mark.django_db


def bill(who: Customer, year: int, month: int, *items: tuple[str, str, int], line: int = 0) -> Bill:
    """Of a month; items are kind, description, minor units."""
    issued = date(year, month, 1)
    made = Bill.objects.create(
        number=f"F{who.account.pk}-{line}-{issued:%Y%m}",
        account=who.account,
        line=who.lines[line],
        issued_on=issued,
        due_on=issued,
        total_minor=sum(minor for _kind, _text, minor in items),
        state="paid",
        as_of=NOON,
    )
    for position, (kind, text, minor) in enumerate(items, 1):
        BillItem.objects.create(
            bill=made, position=position, description=text, amount_minor=minor, kind=kind
        )
    return made


PLAN = (ItemKind.PLAN.value, "Boom 30", 3000)


def test_marks_are_by_item_and_four_queries_are_enough_for_any_number_of_bills(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    who = customer(lines=2)
    for month in range(1, 11):
        bill(who, 2026, month, PLAN)
        bill(who, 2026, month, PLAN, line=1)
    last = bill(who, 2026, 11, (ItemKind.PLAN.value, "Boom 30", 9000), PLAN, PLAN)
    roaming = BillItem.objects.create(
        bill=last,
        position=4,
        description="Roaming",
        amount_minor=900,
        kind=ItemKind.ROAMING,
        country="CH",
        first_day=date(2026, 10, 3),
        last_day=date(2026, 10, 4),
    )
    stranger = customer()
    Stay.objects.create(
        line=stranger.lines[0],
        country="CH",
        first_day=date(2026, 10, 1),
        last_day=date(2026, 10, 9),
    )
    with django_assert_num_queries(4):
        marks = marks_for(who.account)
    by_position = {item.pk: item.position for item in last.items.all()}
    assert {by_position[pk]: [mark.code for mark in found] for pk, found in marks.items()} == {
        1: ["amount"],
        3: ["twice"],
        4: ["roaming"],
    }
    Stay.objects.update(line=who.lines[0])
    with django_assert_num_queries(3):
        assert roaming.pk not in marks_for(who.account)


def test_only_the_last_twelve_bills_of_each_line_are_looked_at() -> None:
    who = customer(lines=2)
    quiz = (ItemKind.PREMIUM.value, "Quiz line", 499)
    bill(who, 2025, 8, PLAN)
    old = bill(who, 2025, 9, PLAN, quiz)
    new = bill(who, 2026, 9, PLAN, quiz)
    for month in range(1, 9):
        bill(who, 2026, month, PLAN)
    for month in range(1, 13):
        bill(who, 2025, month, PLAN, line=1)
    first_time = old.items.get(position=2).pk
    assert set(marks_for(who.account)) == {first_time}
    for month in range(10, 13):
        bill(who, 2026, month, PLAN)
    assert set(marks_for(who.account)) == {new.items.get(position=2).pk}


def test_roaming_is_not_marked_if_the_carrier_tells_of_no_stays_at_all() -> None:
    who = customer()
    made = bill(who, 2026, 7, (ItemKind.ROAMING.value, "Roaming", 900))
    made.items.update(country="CH", first_day=date(2026, 6, 1), last_day=date(2026, 6, 2))
    assert marks_for(who.account) == {}
    assert marks_for(customer().account) == {}
