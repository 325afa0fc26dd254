"""What a worker does by the clock: one thing that breaks stops nothing else."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, DataError

from signoff.sagas.duties import DUTIES, Duties, Duty, find_runs
from signoff.sagas.reminders import sweep_when_due


class Watch:
    """Seconds that go on when told."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def duties_with(trouble: Exception) -> tuple[Callable[[], list[str]], Watch]:
    """One that breaks, between two that want their turn every minute; what was begun each time."""
    begun: list[str] = []

    def named(name: str) -> Duty:
        def duty(*, now: datetime) -> datetime:
            begun.append(name)
            if name == "broken":
                raise trouble
            return now + timedelta(minutes=1)

        duty.__name__ = name
        return duty

    watch = Watch()
    duties = Duties([named("first"), named("broken"), named("last")], seconds=watch)

    def beat() -> list[str]:
        begun.clear()
        duties.do_what_is_due()
        return list(begun)

    return beat, watch


def test_a_duty_that_breaks_us_keeps_no_other_and_is_tried_again() -> None:
    for mistake in (ValueError("ours"), DataError("value too long")):
        beat, watch = duties_with(mistake)
        assert beat() == ["first", "broken", "last"]
        watch.at = 2.0
        assert beat() == []
        watch.at = 12.0
        assert beat() == ["broken"]
        watch.at = 61.0
        assert beat() == ["first", "broken", "last"]


def test_where_the_database_fails_one_duty_the_next_beat_is_for_the_others() -> None:
    beat, watch = duties_with(DatabaseError("lock timeout"))
    assert beat() == ["first", "broken"]
    watch.at = 2.0
    assert beat() == ["last"]
    watch.at = 11.0
    assert beat() == ["broken"]


def test_a_worker_has_all_of_its_duties() -> None:
    assert {find_runs, sweep_when_due} < set(DUTIES)
    assert len(DUTIES) == 5
