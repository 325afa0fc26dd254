"""What stands out in a case, in words: for a person who decides. Pure; it decides nothing."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

from signoff.idcheck.verdicts import Verdict
from signoff.kernel.words import gettext_noop as _


class Weight(enum.Enum):
    """GRAVE: do not decide before you have looked. LOOK: worth a look. KNOW: to be known."""

    GRAVE = "grave"
    LOOK = "look"
    KNOW = "know"


@dataclass(frozen=True, slots=True)
class Risk:
    """One thing. `template` is an English msgid with `%(name)s` places."""

    code: str
    weight: Weight
    template: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """of: cases by their numbers. verdicts: of the look at each paper, as far as there are any."""

    is_blocked: bool = False
    money_changed: bool = False
    is_appeal: bool = False
    is_proposed: bool = False
    no_answer: bool = False
    open_cases: tuple[str, ...] = ()
    refused_cases: tuple[str, ...] = ()
    verdicts: frozenset[Verdict] = frozenset()
    papers_missing: bool = False
    nothing_to_compare: bool = False
    contact_elsewhere: bool = False
    contact_dies: bool = False
    letters_failed: bool = False


def risks(facts: Facts) -> tuple[Risk, ...]:
    """The gravest first."""
    found = [*_of_the_wish(facts), *_of_the_papers(facts), *_of_the_contact(facts)]
    order = list(Weight)
    return tuple(sorted(found, key=lambda risk: order.index(risk.weight)))


def _of_the_wish(facts: Facts) -> Iterator[Risk]:
    if facts.is_blocked:
        yield Risk(
            "blocked", Weight.GRAVE, _("Something stands in the way by now: look under Preview.")
        )
    if facts.is_appeal:
        yield Risk(
            "appeal",
            Weight.LOOK,
            _("The customer appeals: read the refusal and the appeal, and begin from the start."),
        )
    if facts.is_proposed:
        yield Risk(
            "proposed", Weight.KNOW, _("One person has said yes: a second person has to decide.")
        )
    if facts.no_answer:
        yield Risk(
            "no_answer",
            Weight.LOOK,
            _("The customer was asked for more, and the day went by without an answer."),
        )
    if facts.money_changed:
        yield Risk(
            "money_changed",
            Weight.LOOK,
            _("Counted today, the money is not what the customer confirmed: look under Money."),
        )
    if facts.open_cases:
        yield Risk(
            "open_cases",
            Weight.LOOK,
            _("The account has other open cases: %(numbers)s."),
            {"numbers": facts.open_cases},
        )
    if facts.refused_cases:
        yield Risk(
            "refused_cases",
            Weight.LOOK,
            _("A closing of this account was refused before: %(numbers)s."),
            {"numbers": facts.refused_cases},
        )


def _of_the_papers(facts: Facts) -> Iterator[Risk]:
    if Verdict.LOOKS_WRONG in facts.verdicts:
        yield Risk(
            "paper_wrong", Weight.GRAVE, _("To our machine a paper looks wrong: look under Papers.")
        )
    if Verdict.LOOK_CLOSELY in facts.verdicts:
        yield Risk(
            "paper_closely",
            Weight.LOOK,
            _("Our machine noticed something on a paper: look under Papers."),
        )
    if Verdict.CANNOT_READ in facts.verdicts:
        yield Risk(
            "paper_unread", Weight.LOOK, _("Our machine could not read a paper: a person has to.")
        )
    if facts.papers_missing:
        yield Risk(
            "papers_missing", Weight.LOOK, _("There is no complete paper that shows who it is.")
        )
    if facts.nothing_to_compare:
        yield Risk(
            "nothing_to_compare",
            Weight.KNOW,
            _(
                "We do not know the number of the paper that the lines were registered with:"
                " only the name can be compared."
            ),
        )


def _of_the_contact(facts: Facts) -> Iterator[Risk]:
    if facts.contact_elsewhere:
        yield Risk(
            "contact_elsewhere",
            Weight.LOOK,
            _("The e-mail address for this case is not the one of the account."),
        )
    if facts.contact_dies:
        yield Risk(
            "contact_dies",
            Weight.LOOK,
            _("The telephone number for this case is of a line that closes with it."),
        )
    if facts.letters_failed:
        yield Risk(
            "letters_failed",
            Weight.LOOK,
            _("A message did not arrive: the customer may not know what we wrote."),
        )
