"""The clock of the reviews, its colours, and what the queue shows of them."""

from datetime import datetime

import pytest

from signoff.closing.models import Case
from signoff.review.queries import Filters, breaches_next, due_by_now, queue
from signoff.review.rules import Colour, Mark
from tests.reviewing import DAY, asked, taken
from tests.world import NOON, customer, reviewer, submitted

pytestmark = pytest.mark.django_db


def test_the_clock_has_a_colour_and_what_breaks_next_is_first() -> None:
    days = {"red": "2026-11-20", "due": "2026-11-23", "amber": "2026-11-25", "green": "2026-11-26"}
    made = {name: submitted(customer()) for name in days}
    for name, day in days.items():
        Case.objects.filter(pk=made[name].pk).update(decide_by=day)
    stopped = asked(reviewer())
    Case.objects.filter(pk=stopped.pk).update(decide_by="2026-11-20")
    now = datetime.fromisoformat("2026-11-23T04:00:00+00:00")  # a Monday
    expected = {Colour.RED: {"red", "due"}, Colour.AMBER: {"amber"}, Colour.GREEN: {"green"}}
    for colour, names in expected.items():
        found = queue(group=None, search="", now=now, filters=Filters(colour=colour))
        assert {row.number for row in found} == {made[name].number for name in names}
        assert {row.colour for row in found} == {colour}
    next_up = [row.number for row in breaches_next(now=now)]
    assert next_up == [made[name].number for name in ("red", "due", "amber")]
    rows = {row.number: row for row in queue(group=None, search="", now=now)}
    assert (rows[stopped.number].colour, rows[stopped.number].clock_stopped) == (None, True)


def test_a_last_day_that_turns_out_to_be_free_is_due_on_the_working_day_before_it() -> None:
    case = submitted(customer())
    Case.objects.filter(pk=case.pk).update(decide_by="2026-11-28")  # a Saturday
    friday = datetime.fromisoformat("2026-11-27T04:00:00+00:00")
    for now, colour in ((friday - DAY, Colour.AMBER), (friday, Colour.RED)):
        for filtered in Colour:
            found = queue(group=None, search="", now=now, filters=Filters(colour=filtered))
            assert [row.colour for row in found] == ([colour] if filtered is colour else [])
    assert due_by_now(now=friday) == ([], [case.number])


def test_the_queue_is_filtered() -> None:
    rui = reviewer()
    rich, mine = submitted(customer(paid=(300_000,))), taken(rui)
    foreign = submitted(customer(country="DE"))
    Case.objects.filter(pk=foreign.pk).update(language="zh-hans")
    old = submitted(customer(), now=NOON - 5 * DAY)
    everything = {rich.number, mine.number, foreign.number, old.number}
    for filters, expected in (
        (Filters(), everything),
        (Filters(least=1000), {rich.number}),
        (Filters(reviewer=rui.pk), {mine.number}),
        (Filters(unclaimed=True), everything - {mine.number}),
        (Filters(country="DE"), {foreign.number}),
        (Filters(language="zh-hans"), {foreign.number}),
        (Filters(older_than=3 * DAY), {old.number}),
        (Filters(marks=frozenset({Mark.APPEAL})), set()),
    ):
        found = queue(group=None, search="", now=NOON, filters=filters)
        assert {row.number for row in found} == expected, filters
        assert len(found) == len(expected)
