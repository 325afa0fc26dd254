"""What stands out in a case."""

import dataclasses

import pytest

from signoff.idcheck.verdicts import Verdict
from signoff.review.risks import Facts, Weight, risks

SAID = {
    "is_blocked": (True, "blocked"),
    "money_changed": (True, "money_changed"),
    "is_appeal": (True, "appeal"),
    "is_proposed": (True, "proposed"),
    "no_answer": (True, "no_answer"),
    "open_cases": (("SO-7K4M-92QD-X",), "open_cases"),
    "refused_cases": (("SO-7K4M-92QD-X",), "refused_cases"),
    "verdicts": (frozenset({Verdict.LOOKS_WRONG}), "paper_wrong"),
    "papers_missing": (True, "papers_missing"),
    "nothing_to_compare": (True, "nothing_to_compare"),
    "contact_elsewhere": (True, "contact_elsewhere"),
    "contact_dies": (True, "contact_dies"),
    "letters_failed": (True, "letters_failed"),
}


def test_nothing_stands_out_in_a_plain_case() -> None:
    assert risks(Facts()) == ()
    assert risks(Facts(verdicts=frozenset({Verdict.LOOKS_RIGHT}))) == ()


@pytest.mark.parametrize("fact", SAID)
def test_each_fact_is_said_once(fact: str) -> None:
    value, code = SAID[fact]
    (risk,) = risks(dataclasses.replace(Facts(), **{fact: value}))  # type: ignore[arg-type]
    assert risk.code == code
    assert risk.template.endswith(".")
    assert risk.template % risk.params


def test_every_fact_has_its_words_and_the_gravest_comes_first() -> None:
    assert {field.name for field in dataclasses.fields(Facts)} == set(SAID)
    everything = risks(Facts(**{name: value for name, (value, _code) in SAID.items()}))  # type: ignore[arg-type]
    weights = [risk.weight for risk in everything]
    assert weights == sorted(weights, key=list(Weight).index)
    assert len(everything) == len(SAID)


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict.LOOKS_WRONG, "paper_wrong"),
        (Verdict.LOOK_CLOSELY, "paper_closely"),
        (Verdict.CANNOT_READ, "paper_unread"),
    ],
)
def test_what_the_machine_noticed_is_said(verdict: Verdict, code: str) -> None:
    assert [risk.code for risk in risks(Facts(verdicts=frozenset({verdict})))] == [code]
