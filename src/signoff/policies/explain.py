"""Why a date is what it is: the rule behind it, in words for whoever asks.

`reason_for` is for customers; `told` is all of a country's rules, for an operator.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from signoff.kernel.words import gettext_noop as _
from signoff.policies.model import ClosingButton, Keep, Policy
from signoff.policies.sentences import KEPT_FOR_MONTHS, KEPT_FOR_YEARS, SENTENCES, Sentence
from signoff.policies.sourced import Certainty, Rule, Sourced


@dataclass(frozen=True, slots=True)
class ToldRule:
    """place: in a pack, like `money.refund_days`. why: where it comes from, and how surely; None: no
    law is known."""

    place: str
    says: Sentence
    why: Sentence | None


@dataclass(frozen=True, slots=True)
class Section:
    """Rules that belong together."""

    heading: str
    rules: tuple[ToldRule, ...]


HEADINGS: dict[str, tuple[str, ...]] = {
    _("The decision"): (
        "review_working_days",
        "claim_minutes",
        "approval_four_eyes",
        "more_info_days",
        "more_info_stops_clock",
        "appeal_days",
    ),
    _("Who you are"): (
        "identity",
        "registration",
        "password_again",
        "evidence_days_after_decision",
        "evidence_through_appeal",
    ),
    _("The closing"): ("durable_receipt", "cooling_off", "number_rest_days", "port_after_days"),
    _("The money, in the currency of the account"): tuple(
        place for place in SENTENCES if place.startswith("money.")
    ),
}
KEPT = _("What is kept after a closing")
DUTIES = _("What else is asked of you")


def reason_for(
    policy: Policy, what: str, *, unpublished: Sequence[int] = ()
) -> tuple[Sentence, ...]:
    """The rule at the place `what` in words: what it says, and where it comes from.

    what: like `review_working_days`, `money.refund_days`, `keep.bills`. unpublished: years of
    `working_days.Deadline` that the date was counted over. Raises KeyError if there is no such
    rule.
    """
    rule = rule_at(policy, what)
    sentences = [_says(rule, what), _reason(rule)]
    if unpublished:
        sentences.append(not_published(unpublished))
    return tuple(sentences)


def not_published(years: Sequence[int]) -> Sentence:
    """That a calendar is missing, and what was done instead (see `working_days`)."""
    return Sentence(
        _(
            "The calendar of %(years)s is not published yet, so every day of it was counted: "
            "the date can only be too early."
        ),
        {"years": tuple(str(year) for year in years)},
    )


def told(policy: Policy) -> Iterator[Section]:
    """All rules of a country, by subject."""
    for heading, places in HEADINGS.items():
        rules = [_told(policy, place) for place in places]
        if heading == "The closing" and policy.closing_button:
            rules.insert(0, _button(policy.closing_button))
        yield Section(heading, tuple(rules))
    yield Section(KEPT, tuple(_told(policy, f"keep.{category}") for category in policy.keep))
    duties = (
        ToldRule("duties", Sentence(_("%(text)s."), {"text": duty.text}), source(duty))
        for duty in policy.duties
    )
    yield Section(DUTIES, tuple(duties))


def rule_at(policy: Policy, place: str) -> Rule[object] | Keep:
    """`money.refund_days` → that rule. Raises KeyError."""
    if place.startswith("keep."):
        return policy.keep[place.removeprefix("keep.")]
    if place not in SENTENCES:
        raise KeyError(place)
    found = reduce(getattr, place.split("."), policy)
    assert isinstance(found, Rule)  # noqa: S101 - SENTENCES lists only rules
    return found


def source(rule: Sourced) -> Sentence | None:
    """Where a rule comes from and how surely that is known, for an operator; None: from nowhere."""
    own = isinstance(rule, Rule | Keep) and rule.set_by_operator
    if own and rule.is_law:
        return Sentence(_("Your own value, within %(law)s."), {"law": rule.cited})
    if own and (isinstance(rule, Rule) or not rule.law):
        return Sentence(_("Your own value."))
    match rule.certainty:
        case Certainty.FOUND:
            return Sentence(_("%(law)s; read in a public text."), {"law": rule.cited})
        case Certainty.MEMORY:
            return Sentence(
                _("%(law)s; from memory, not read again: check before you rely on it."),
                {"law": rule.cited},
            )
    if rule.law:
        return Sentence(_("%(law)s; the value is yours to set."), {"law": rule.cited})
    return None


def kept(rule: Keep) -> Sentence:
    """What outlives a closing, and for how long: in years where they are whole."""
    years, months = divmod(rule.months, 12)
    counted = KEPT_FOR_MONTHS(rule.months) if months else KEPT_FOR_YEARS(years)
    return Sentence(counted.template, {**counted.params, "what": rule.what})


def _told(policy: Policy, place: str) -> ToldRule:
    rule = rule_at(policy, place)
    return ToldRule(place, _says(rule, place), source(rule))


def _says(rule: Rule[object] | Keep, place: str) -> Sentence:
    if isinstance(rule, Keep):
        return kept(rule)
    return SENTENCES[place](rule.value)


def _reason(rule: Rule[object] | Keep) -> Sentence:
    """Where a rule comes from, for a customer."""
    if isinstance(rule, Rule) and rule.set_by_operator and rule.is_law:
        if rule.value == rule.pack_value:
            return Sentence(_("This is by %(law)s."), {"law": rule.cited})
        return Sentence(
            _("This is our own rule; %(law)s asks for less than we do."), {"law": rule.cited}
        )
    if rule.is_law and not rule.set_by_operator:
        return Sentence(_("This is by %(law)s."), {"law": rule.cited})
    if rule.law:
        return Sentence(_("This is our own rule, because of %(law)s."), {"law": rule.cited})
    return Sentence(_("This is our own rule: no law that we know fixes it."))


def _button(button: ClosingButton) -> ToldRule:
    says = Sentence(
        _("From %(since)s the buttons say “%(start)s”, then “%(confirm)s”."),
        {"since": button.since, "start": button.start, "confirm": button.confirm},
    )
    return ToldRule("closing_button", says, source(button))
