"""What a rule pack says. Each rule carries its law and how surely we know it."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from signoff.policies.sourced import Certainty, Frozen, Rule, Sourced, Words
from signoff.policies.values import (
    CoolingOff,
    Days,
    DaysOrNone,
    Disputes,
    Evidence,
    EvidenceKinds,
    ExpiredPaid,
    FourEyes,
    Minutes,
    Months,
    Proration,
    RefundDays,
    SpendFirst,
    Threshold,
    Thresholds,
    WorkingDays,
)

__all__ = [
    "Certainty",
    "ClosingButton",
    "Duty",
    "Evidence",
    "Keep",
    "MoneyRules",
    "Pack",
    "Policy",
    "Rule",
    "Sourced",
    "Words",
]


class ClosingButton(Sourced):
    """Words that the law fixes for the two buttons of a closing, from a day on."""

    since: date
    start: Words
    confirm: Words


class Keep(Sourced):
    """What outlives a closing: `months` after it, only stored, and then deleted.

    set_by_operator: `months` are the operator's own.
    """

    what: Words
    months: Months
    set_by_operator: bool = False


class Duty(Sourced):
    """Something that the law asks of the operator, and the product does."""

    text: Words


class MoneyRules(Frozen):
    """How the last bill and the refund are made. Amounts: the account's currency, major units.

    proration: of a recurring fee: by days, the whole period, or nothing of what has begun.
    spend_first: which credit pays first, a gift or what was paid for.
    expired_paid: what was paid for and whose time is over: back to the customer, or lost.
    disputes: does the rest of the closing go on while an item is disputed, or wait?
    ask_again_above: a change against the customer above this is asked again.
    four_eyes_above: by currency: a refund above this needs a second person, and so does every refund
    in a currency that is not named.
    smallest_transfer: what a bank transfer can carry at least.
    free_exit_days: calendar days after the day of activation in which leaving costs no termination
    fee, whatever the contract says.
    refund_days: calendar days within which the refund is out; None: no source is known.
    """

    proration: Rule[Proration]
    spend_first: Rule[SpendFirst]
    expired_paid: Rule[ExpiredPaid]
    disputes: Rule[Disputes]
    ask_again_above: Rule[Threshold]
    four_eyes_above: Rule[Thresholds]
    smallest_transfer: Rule[Threshold]
    free_exit_days: Rule[DaysOrNone]
    refund_days: Rule[RefundDays]


class Rules(Frozen):
    """What a pack and the policy of one of its countries have in common.

    review_working_days: the longest a decision may take, in working days of the country.
    claim_minutes: how long a reviewer holds a case before another may take it.
    approval_four_eyes: when a second person must agree to an approval.
    more_info_days: calendar days that a customer has to answer a question.
    more_info_stops_clock: does the time for the decision stand still meanwhile?
    appeal_days: calendar days within which a refusal can go to another person.
    cooling_off: how long an approved closing waits and can be undone.
    identity: what one who is signed in may be asked for; registration: what was asked for then.
    password_again: is the password asked once more before a closing is sent?
    evidence_days_after_decision: calendar days until photos are deleted; 0: with the decision.
    evidence_through_appeal: do the photos of a refused case stay until its time to appeal is over,
    or the appeal is decided? Whoever is refused can have them deleted before.
    durable_receipt: is the wish to close confirmed at once, dated, in a form that can be kept?
    number_rest_days: calendar days until a closed number may go to somebody else.
    port_after_days: calendar days after a closing in which the number can still be taken away.
    keep: by category.
    """

    name: Words
    review_working_days: Rule[WorkingDays]
    claim_minutes: Rule[Minutes]
    approval_four_eyes: Rule[FourEyes]
    more_info_days: Rule[Days]
    more_info_stops_clock: Rule[bool]
    appeal_days: Rule[Days]
    cooling_off: Rule[CoolingOff]
    identity: Rule[EvidenceKinds]
    registration: Rule[EvidenceKinds]
    password_again: Rule[bool]
    evidence_days_after_decision: Rule[DaysOrNone]
    evidence_through_appeal: Rule[bool]
    closing_button: ClosingButton | None = None
    durable_receipt: Rule[bool]
    number_rest_days: Rule[DaysOrNone]
    port_after_days: Rule[DaysOrNone]
    money: MoneyRules
    keep: dict[str, Keep]
    duties: tuple[Duty, ...] = ()

    def contradictions(self) -> Iterator[str]:
        """Where two rules do not go together, and what to do; nothing if they do."""
        asked = [kind for kind in self.identity.value if kind not in self.registration.value]
        if asked:
            because = f" ({self.identity.law})" if self.identity.law else ""
            yield (
                f"identity asks for {', '.join(asked)}, which registration did not ask for"
                f"{because}; ask for less, or say under `registration` what was asked then"
            )
        if self.number_rest_days.value < self.port_after_days.value:
            yield (
                f"number_rest_days = {self.number_rest_days.value}: the number can be taken away "
                f"for {self.port_after_days.value} days (port_after_days) and must rest as long"
            )


class Policy(Rules):
    """The rules of one country."""

    pack: str = Field(pattern=r"^[A-Z]{2}$")
    country: str = Field(pattern=r"^[A-Z]{2}$")

    def button_on(self, day: date) -> ClosingButton | None:
        """The wording that the law fixes on `day`, if it does."""
        button = self.closing_button
        return button if button and button.since <= day else None


class Pack(Rules):
    """A file of `packs/`: the same rules for one or more countries (ISO 3166-1, two letters)."""

    code: str = Field(pattern=r"^[A-Z]{2}$")
    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if faults := list(self.contradictions()):
            raise ValueError("; ".join(faults))
        return self

    def for_country(self, country: str) -> Policy:
        """The pack's rules, as those of one of its countries."""
        rules = {name: getattr(self, name) for name in Rules.model_fields}
        return Policy(pack=self.code, country=country, **rules)
