"""Each rule as a sentence that a person would say, for customers and operators alike.

Templates with parameters apart, to be said in the reader's language by whoever shows them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from moneyed import Money

from signoff.kernel.words import gettext_noop as _
from signoff.policies.values import Evidence


@dataclass(frozen=True, slots=True)
class Sentence:
    """params: text, numbers, dates, durations, money, `Words`, or a tuple of these to be listed."""

    template: str
    params: Mapping[str, object] = field(default_factory=dict)


EVIDENCE: dict[Evidence, str] = {
    Evidence.ID_CARD_FRONT: _("the front of the identity card"),
    Evidence.ID_CARD_BACK: _("the back of the identity card"),
    Evidence.PASSPORT: _("the passport"),
    Evidence.DRIVING_LICENCE: _("the driving licence"),
    Evidence.SELFIE: _("a photo of the face"),
}

Told = Callable[[Any], Sentence]
"""From a rule's value to its sentence."""


def _counted(one: str, many: str, none: str = "", unknown: str = "") -> Told:
    """By number: 1, more, none, and not known."""

    def told(value: int | None) -> Sentence:
        if value is None:
            return Sentence(unknown)
        if value == 0 and none:
            return Sentence(none)
        return Sentence(one if value == 1 else many, {"count": value})

    return told


def _chosen(words: Mapping[Any, str]) -> Told:
    return lambda value: Sentence(words[value])


def _lasting(template: str, none: str) -> Told:
    return lambda value: Sentence(template, {"value": value}) if value else Sentence(none)


def _listed(template: str, none: str) -> Told:
    def told(kinds: tuple[Evidence, ...]) -> Sentence:
        if not kinds:
            return Sentence(none)
        return Sentence(template, {"kinds": tuple(EVIDENCE[kind] for kind in kinds)})

    return told


def _amount(template: str, none: str) -> Told:
    return lambda value: Sentence(template, {"amount": value}) if value else Sentence(none)


def _amounts(template: str, none: str) -> Told:
    def told(by_currency: Mapping[str, Decimal]) -> Sentence:
        amounts = tuple(Money(amount, code) for code, amount in by_currency.items())
        return Sentence(template, {"amounts": amounts}) if amounts else Sentence(none)

    return told


SENTENCES: dict[str, Told] = {
    "review_working_days": _counted(
        _("A decision takes %(count)s working day at most."),
        _("A decision takes %(count)s working days at most."),
    ),
    "claim_minutes": _counted(
        _("A case that a reviewer has taken is free again after %(count)s minute."),
        _("A case that a reviewer has taken is free again after %(count)s minutes."),
    ),
    "approval_four_eyes": _chosen(
        {
            "never": _("One person decides."),
            "large_refund": _("Two people approve when the refund is large."),
            "always": _("Two people approve every closing."),
        }
    ),
    "more_info_days": _counted(
        _("Whoever is asked for more has %(count)s day to answer."),
        _("Whoever is asked for more has %(count)s days to answer."),
    ),
    "more_info_stops_clock": _chosen(
        {
            True: _("The time for the decision stands still until the answer is here."),
            False: _("The time for the decision goes on while we wait for the answer."),
        }
    ),
    "appeal_days": _counted(
        _("Whoever is refused can ask another person to decide again within %(count)s day."),
        _("Whoever is refused can ask another person to decide again within %(count)s days."),
    ),
    "cooling_off": _lasting(
        _("An approved closing can be undone for %(value)s."),
        none=_("An approved closing begins at once, and cannot be undone."),
    ),
    "identity": _listed(
        _("Whoever is signed in may be asked for %(kinds)s."),
        _("Whoever is signed in is not asked again who they are."),
    ),
    "registration": _listed(
        _("When the number was registered, this was asked for: %(kinds)s."),
        _("When the number was registered, no document was asked for."),
    ),
    "password_again": _chosen(
        {
            True: _("Before a closing is sent, the password is asked for once more."),
            False: _("Whoever is signed in sends a closing without typing the password again."),
        }
    ),
    "evidence_days_after_decision": _counted(
        _("Photos of documents are deleted %(count)s day after the decision."),
        _("Photos of documents are deleted %(count)s days after the decision."),
        none=_("Photos of documents are deleted with the decision."),
    ),
    "evidence_through_appeal": _chosen(
        {
            True: _(
                "After a refusal the photos stay until the time to appeal is over or the appeal is "
                "decided, so that another person can look at them; the customer can have them "
                "deleted at once."
            ),
            False: _(
                "After a refusal the photos go as after a yes: an appeal is decided without them."
            ),
        }
    ),
    "durable_receipt": _chosen(
        {
            True: _("The wish to close is confirmed at once, dated, in a form that can be kept."),
            False: _("No confirmation is sent that can be kept."),
        }
    ),
    "number_rest_days": _counted(
        _("A closed number rests for %(count)s day before somebody else can get it."),
        _("A closed number rests for %(count)s days before somebody else can get it."),
        none=_("A closed number can go to somebody else at once."),
    ),
    "port_after_days": _counted(
        _("The number can still be taken to another provider for %(count)s day after the closing."),
        _(
            "The number can still be taken to another provider for %(count)s days after the "
            "closing."
        ),
        none=_("The number can be taken to another provider only before the closing."),
    ),
    "money.proration": _chosen(
        {
            "days": _("A fee for a period is charged by the days that were used."),
            "period": _("A fee is charged for the whole of a period that has begun."),
            "none": _("A fee for a period that is not over is not charged."),
        }
    ),
    "money.spend_first": _chosen(
        {
            "promotional": _("Credit that was a gift is spent before what was paid for."),
            "paid": _("Credit that was paid for is spent before gifts."),
        }
    ),
    "money.expired_paid": _chosen(
        {
            "refund": _("Credit that was paid for is refunded even when its time is over."),
            "forfeit": _("Credit that was paid for is lost when its time is over."),
        }
    ),
    "money.disputes": _chosen(
        {
            "go_on": _("While a charge is disputed, the rest of the closing goes on."),
            "wait": _("While a charge is disputed, the closing waits."),
        }
    ),
    "money.ask_again_above": _amount(
        _("If the result gets worse by more than %(amount)s, the customer is asked again."),
        _("If the result gets worse, the customer is asked again."),
    ),
    "money.four_eyes_above": _amounts(
        _("A refund above %(amounts)s needs two people, and so does any in another currency."),
        _("Every refund needs two people."),
    ),
    "money.smallest_transfer": _amount(
        _("A bank transfer carries %(amount)s at least."),
        _("A bank transfer carries any amount."),
    ),
    "money.free_exit_days": _counted(
        _("Until %(count)s day after a line was activated, ending it costs no termination fee."),
        _("Until %(count)s days after a line was activated, ending it costs no termination fee."),
        none=_("A termination fee is charged from the first day, where the contract has one."),
    ),
    "money.refund_days": _counted(
        _("A refund is sent within %(count)s day."),
        _("A refund is sent within %(count)s days."),
        unknown=_("No law that we know says by when a refund must be sent."),
    ),
}
"""By the rule's place in a pack."""

KEPT_FOR_YEARS = _counted(_("%(what)s: for %(count)s year."), _("%(what)s: for %(count)s years."))
KEPT_FOR_MONTHS = _counted(
    _("%(what)s: for %(count)s month."), _("%(what)s: for %(count)s months.")
)
WAITED_FOR_YOU = _counted(
    _("We waited %(count)s working day for you to answer; it is not counted."),
    _("We waited %(count)s working days for you to answer; they are not counted."),
)
