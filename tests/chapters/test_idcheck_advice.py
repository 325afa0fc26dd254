"""A picture is looked at by the worker; the advice is kept with it, and nothing personal in it."""

from collections.abc import Callable

import pytest

from signoff import idcheck
from signoff.closing import operations as closing
from signoff.closing.rules import Scope
from signoff.evidence import advising
from signoff.evidence.models import Advice, Evidence
from signoff.evidence.operations import add, remove
from signoff.evidence.queries import pictures_of
from signoff.idcheck import verdicts
from signoff.sagas import photos_looked_at
from tests.engine_rows import engine_rows
from tests.hostile_files import photo
from tests.world import LATER, NOON, customer

pytestmark = pytest.mark.django_db

FOUND = verdicts.Advice(
    verdicts.Verdict.LOOK_CLOSELY, (), verdicts.Quality((), {"blur": 2.0, "glare": 0.0})
)


def added(kind: str = "id_card_front", country: str = "CN") -> Evidence:
    """A picture that a customer adds to a draft."""
    who = customer(country=country)
    case = closing.start_draft(
        account=who.account, lines=who.lines, scope=Scope.LINE, language="en", now=NOON
    )
    return add(case=case, kind=kind, content=photo(), allowed=[kind], now=NOON)


def look(row: Evidence, tries: int = 1) -> None:
    """The worker's run."""
    photos_looked_at.look_at_picture(row.pk, tries, now=lambda: LATER)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The child is not started: what it was asked, and always the same answer."""
    asked: list[tuple[str, str]] = []

    def advise(_content: bytes, kind: idcheck.Kind, name: str, *_rest: object) -> idcheck.Advice:
        asked.append((kind.value, name))
        return FOUND

    monkeypatch.setattr(photos_looked_at, "advise_in_child", advise)
    return asked


def test_a_picture_is_looked_at_once_and_the_advice_kept(seen: list[tuple[str, str]]) -> None:
    row = added()
    assert list(engine_rows(f"look:{row.pk}:1")) == [f"look:{row.pk}:1"]
    assert advising.is_being_looked_at(row)
    look(row)
    look(row)
    assert seen == [("cn_id_front", "Li Wei")]
    (kept,) = pictures_of(row.case)
    assert advising.advice_of(kept) == FOUND
    assert "Li" not in str(Advice.objects.values())


def test_a_paper_with_nothing_to_compare_is_for_people_only() -> None:
    assert advising.advice_of(added("selfie")) is None
    assert not Advice.objects.exists()


def test_a_picture_that_went_away_meanwhile_is_not_looked_at(seen: list[tuple[str, str]]) -> None:
    row = added()
    remove(case=row.case, evidence_id=row.pk, now=NOON)
    look(row)
    assert seen == []


def test_without_the_extra_nothing_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idcheck, "available", lambda: False)
    assert not advising.is_being_looked_at(added())


def test_a_look_that_was_lost_is_asked_for_again_a_few_times(
    seen: list[tuple[str, str]],
) -> None:
    row = added()
    assert advising.unanswered(NOON) == []
    for tries in range(2, advising.MAX_TRIES + 1):
        assert advising.is_being_looked_at(Evidence.objects.get())
        (lost,) = advising.unanswered(LATER)
        advising.look_again(lost)
        assert lost.tries + 1 == tries
    assert advising.unanswered(LATER) == []
    assert not advising.is_being_looked_at(Evidence.objects.get()), "or its page would ask for ever"
    look(row, advising.MAX_TRIES)
    assert len(seen) == 1


def test_what_the_child_cannot_do_leaves_it_to_the_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = added()

    def missing(*_asked: object) -> idcheck.Advice:
        raise idcheck.Unavailable("not installed")

    replaced: Callable[..., idcheck.Advice] = missing
    monkeypatch.setattr(photos_looked_at, "advise_in_child", replaced)
    look(row)
    assert advising.advice_of(row) is None
