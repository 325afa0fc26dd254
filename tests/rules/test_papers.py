"""Which pictures are enough."""

from itertools import chain, combinations

import pytest

from signoff.evidence.papers import missing_kinds, papers
from signoff.policies.values import Evidence

FRONT, BACK, PASSPORT, LICENCE, FACE = (kind.value for kind in Evidence)
ALL = (FRONT, BACK, PASSPORT, LICENCE, FACE)
CN = (FRONT, BACK, PASSPORT)


@pytest.mark.parametrize(
    ("there", "allowed", "missing"),
    [
        ((), (), ()),
        ((), CN, (FRONT, BACK)),
        ((FRONT,), CN, (BACK,)),
        ((BACK,), CN, (FRONT,)),
        ((FRONT, BACK), CN, ()),
        ((PASSPORT,), CN, ()),
        ((FRONT, PASSPORT), CN, ()),
        ((), (PASSPORT,), (PASSPORT,)),
        ((), (BACK, LICENCE), (BACK,)),
        ((), (FACE,), (FACE,)),
        ((PASSPORT,), (PASSPORT, FACE), (FACE,)),
        ((FACE,), (PASSPORT, FACE), (PASSPORT,)),
    ],
)
def test_what_is_missing(
    there: tuple[str, ...], allowed: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    assert missing_kinds(there, allowed) == missing


def _subsets(kinds: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(kinds, n) for n in range(len(kinds) + 1)))


def test_never_more_than_may_be_asked_for_and_adding_it_is_always_enough() -> None:
    for allowed in _subsets(ALL):
        for there in _subsets(allowed):
            missing = missing_kinds(there, allowed)
            assert set(missing) <= set(allowed) - set(there)
            assert missing_kinds((*there, *missing), allowed) == ()


def test_a_paper_has_only_the_sides_that_may_be_asked_for() -> None:
    assert [(paper.code, paper.kinds) for paper in papers((PASSPORT, BACK))] == [
        ("id_card", (BACK,)),
        ("passport", (PASSPORT,)),
    ]
