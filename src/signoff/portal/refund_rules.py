"""Where a refund is, in words: which way it goes, how far it is, when it should be there. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from moneyed import Money

from signoff.kernel.words import gettext_noop as _
from signoff.portal.money_rules import Destination, Told
from signoff.settlement.refunds.rules import (
    CN_CARD,
    IBAN,
    LINE,
    PAYMENT,
    UNKNOWN,
    expected_on,
)


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """One part of what goes back, as our rows have it.

    method: of the payment that it goes back by. starts_on: the day on which the closing begins,
    if that is known. is_free: the closing has come to it. waits_for_people: two must let it go.
    too_small: less than a bank transfer carries. is_in_file: a file for the bank has it already.
    person_looks: another place would change nothing; somebody at the carrier must see to it.
    """

    amount: Money
    state: str
    route: str
    method: str = ""
    destination: Destination | None = None
    starts_on: date | None = None
    expected_on: date | None = None
    is_free: bool = False
    waits_for_people: bool = False
    too_small: bool = False
    is_in_file: bool = False
    person_looks: bool = False


@dataclass(frozen=True, slots=True)
class RefundShown:
    """A row of “where is my money”. `how` and `when` may be None; asks: the customer has to say
    where it should go: "place" for the first time, "other" because it came back. can_change: the
    place that was chosen can still be another one."""

    amount: Money
    state: str
    route: Told
    how: Told | None
    when: Told | None
    asks: str = ""
    can_change: bool = False

    @property
    def is_moving(self) -> bool:
        """It is on its way, and nobody has to say anything."""
        return self.state in ("planned", "sent") and not self.asks


@dataclass(frozen=True, slots=True)
class Asks:
    """What waits for the customer, summed up by currency: what came back, and what never went."""

    came_back: tuple[Money, ...]
    waiting: tuple[Money, ...]


def asks_of(refunds: Sequence[RefundShown]) -> Asks | None:
    """None if nothing waits for them."""
    asks = Asks(_sums(refunds, "other"), _sums(refunds, "place"))
    return asks if asks.came_back or asks.waiting else None


def _sums(refunds: Sequence[RefundShown], asks: str) -> tuple[Money, ...]:
    totals: dict[str, Money] = {}
    for refund in refunds:
        if refund.asks == asks:
            code = refund.amount.currency.code
            totals[code] = totals.get(code, Money(0, code)) + refund.amount
    return tuple(totals.values())


def shown(refund: RefundFacts) -> RefundShown:
    """The words for one part."""
    return RefundShown(
        amount=refund.amount,
        state=refund.state,
        route=_route(refund),
        how=_how(refund),
        when=_when(refund),
        asks=_asks(refund),
        can_change=_can_change(refund),
    )


def _route(refund: RefundFacts) -> Told:
    if refund.route == PAYMENT:
        return Told(_("Back to %(method)s"), {"method": refund.method})
    if refund.destination is None:
        return Told(_("Not chosen yet"))
    return refund.destination.told


def _can_change(refund: RefundFacts) -> bool:
    is_ahead = refund.state == "planned" and not refund.is_in_file and not refund.person_looks
    return is_ahead and refund.route in (IBAN, CN_CARD, LINE)


def _asks(refund: RefundFacts) -> str:
    if refund.person_looks:
        return ""
    if refund.state == "failed":
        return "other"
    waits = refund.state == "planned" and refund.route == UNKNOWN
    return "place" if waits else ""


_FAILED = _("It came back to us: it could not be paid there. Nothing is lost.")
_STATES: Mapping[tuple[str, str], str] = {
    ("sent", PAYMENT): _("It has been sent. Your bank shows it as a refund."),
    ("sent", IBAN): _("Our bank has the order."),
    ("sent", CN_CARD): _("Our bank has the order."),
    ("paid", PAYMENT): _("It has been paid back."),
    ("paid", IBAN): _("Our bank has paid it."),
    ("paid", CN_CARD): _("Our bank has paid it."),
    ("paid", LINE): _("It is in the balance of that line."),
}


_PERSON_LOOKS = _("Something is not as it should be. A person of ours is looking into it.")


def _how(refund: RefundFacts) -> Told | None:
    if refund.person_looks:
        return Told(_PERSON_LOOKS)
    if refund.state == "failed":
        return Told(_FAILED)
    if refund.state == "planned":
        return Told(_before_it_is_sent(refund))
    words = _STATES.get((refund.state, refund.route))
    return Told(words) if words else None


def _before_it_is_sent(refund: RefundFacts) -> str:
    if refund.route == UNKNOWN:
        return _PLACE_NEEDED[refund.too_small]
    if not refund.is_free:
        return _("It goes out when the line is closed.")
    if refund.waits_for_people:
        return _(
            "It is a large amount: two people of our finance team look at it before it goes out."
        )
    if refund.route in (IBAN, CN_CARD):
        return _("It goes out with the next bank transfers.")
    return _("It is being sent.")


_PLACE_NEEDED = {
    True: _("It is less than a bank transfer can carry. It can go to another line of yours."),
    False: _("Tell us where it should go. It stays yours until then."),
}
_RULES: Mapping[str, str] = {
    PAYMENT: _("By %(day)s. Cards take up to 10 days."),
    IBAN: _("By %(day)s. Bank transfers take up to 3 days."),
    CN_CARD: _("By %(day)s. Bank transfers take up to 3 days."),
}
_RULES_BEFORE: Mapping[str, str] = {
    PAYMENT: _("Up to 10 days after it is sent."),
    IBAN: _("Up to 3 days after it is sent."),
    CN_CARD: _("Up to 3 days after it is sent."),
    LINE: _("At once, when the line is closed."),
}


def _when(refund: RefundFacts) -> Told | None:
    """The day by the rule of its way; before it is sent, counted from the day of the closing."""
    if refund.state == "failed" or refund.route == UNKNOWN or refund.person_looks:
        return None
    if refund.state == "paid":
        if refund.route != PAYMENT or refund.expected_on is None:
            return None
        return Told(_("Cards show it by %(day)s."), {"day": refund.expected_on})
    day = refund.expected_on
    if day is None and refund.starts_on and not refund.waits_for_people:
        day = expected_on(refund.route, refund.starts_on)
    if day is None or refund.route not in _RULES:
        words = _RULES_BEFORE.get(refund.route)
        return Told(words) if words and refund.state == "planned" else None
    return Told(_RULES[refund.route], {"day": day})
