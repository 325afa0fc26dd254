"""What a rule pack says. Each rule carries its law and how surely we know it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from signoff.policies.sourced import Certainty, Frozen, Rule, Sourced, Words

__all__ = [
    "Certainty",
    "ClosingButton",
    "CoolingOff",
    "Disputes",
    "Duty",
    "ExpiredPaid",
    "Keep",
    "MoneyRules",
    "Months",
    "Pack",
    "Policy",
    "Proration",
    "RefundDays",
    "Rule",
    "Sourced",
    "SpendFirst",
    "Threshold",
    "Words",
    "WorkingDays",
]


def _short_enough(value: timedelta) -> timedelta:
    if not timedelta(0) <= value <= timedelta(days=14):
        raise ValueError("write a time from PT0S to P14D, like PT24H")
    return value


WorkingDays = Annotated[int, Field(ge=1, le=60)]
Months = Annotated[int, Field(ge=1, le=600)]
CoolingOff = Annotated[timedelta, AfterValidator(_short_enough)]


def _known(value: object) -> object:
    """TOML knows no null."""
    return None if value == "unknown" else value


Proration = Literal["days", "period", "none"]
SpendFirst = Literal["promotional", "paid"]
ExpiredPaid = Literal["refund", "forfeit"]
Disputes = Literal["go_on", "wait"]
Threshold = Annotated[Decimal, Field(ge=0, le=10**9, decimal_places=4)]
RefundDays = Annotated[Annotated[int, Field(ge=1, le=365)] | None, BeforeValidator(_known)]


class ClosingButton(Sourced):
    """Words that the law fixes for the two buttons of a closing, from a day on."""

    since: date
    start: Words
    confirm: Words


class Keep(Sourced):
    """What outlives a closing: `months` after it, only stored, and then deleted."""

    what: Words
    months: Months


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
    four_eyes_above: a refund above this needs a second person.
    smallest_transfer: what a bank transfer can carry at least.
    refund_days: calendar days within which the refund is out; None: no source is known.
    """

    proration: Rule[Proration]
    spend_first: Rule[SpendFirst]
    expired_paid: Rule[ExpiredPaid]
    disputes: Rule[Disputes]
    ask_again_above: Rule[Threshold]
    four_eyes_above: Rule[Threshold]
    smallest_transfer: Rule[Threshold]
    refund_days: Rule[RefundDays]


class _Rules(Frozen):
    """What a pack and the policy of one of its countries have in common.

    review_working_days: the longest a decision may take, in working days of the country.
    cooling_off: how long an approved closing waits and can be undone.
    keep: by category.
    """

    name: Words
    review_working_days: Rule[WorkingDays]
    cooling_off: Rule[CoolingOff]
    closing_button: ClosingButton | None = None
    money: MoneyRules
    keep: dict[str, Keep]
    duties: tuple[Duty, ...] = ()


class Policy(_Rules):
    """The rules of one country."""

    pack: str = Field(pattern=r"^[A-Z]{2}$")
    country: str = Field(pattern=r"^[A-Z]{2}$")

    def button_on(self, day: date) -> ClosingButton | None:
        """The wording that the law fixes on `day`, if it does."""
        button = self.closing_button
        return button if button and button.since <= day else None


class Pack(_Rules):
    """A file of `packs/`: the same rules for one or more countries (ISO 3166-1, two letters)."""

    code: str = Field(pattern=r"^[A-Z]{2}$")
    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = Field(min_length=1)

    def for_country(self, country: str) -> Policy:
        """The pack's rules, as those of one of its countries."""
        rules = {name: getattr(self, name) for name in _Rules.model_fields}
        return Policy(pack=self.code, country=country, **rules)
