"""The ways and the states of a refund. Pure."""

import enum
from datetime import date, timedelta

from signoff.journal.rules import Account, EntryKind

PAYMENT, IBAN, CN_CARD, LINE, UNKNOWN = "payment", "iban", "cn_card", "line", "unknown"
"""Routes: the way it came, a bank account, a card in China, another line, not named yet."""

_DAYS = {PAYMENT: 10, IBAN: 3, CN_CARD: 3, LINE: 0}
"""Calendar days from sending to arriving, at the longest: cards 5 to 10 business days by
Stripe's own words are mostly within 10 days; SEPA one business day, and a weekend."""


def expected_on(route: str, sent_on: date) -> date:
    """The day by which the money should have arrived."""
    return sent_on + timedelta(days=_DAYS[route])


WAITS_FOR_APPROVAL = "waits_for_approval"
IN_NEXT_FILE = "in_next_file"
TO_LINE = "to_line"
PLACE_UNKNOWN = "place_unknown"


def waiting(route: str, *, needs_approval: bool) -> str:
    """How a step of the closing ends that only lets a refund go; "" if it is sent at once."""
    if route == UNKNOWN:
        return PLACE_UNKNOWN
    if needs_approval:
        return WAITS_FOR_APPROVAL
    return {PAYMENT: "", LINE: TO_LINE}.get(route, IN_NEXT_FILE)


class Move(enum.Enum):
    """A change of state, as the journal sees it."""

    SEND = "send"
    ARRIVE = "arrive"
    FAIL = "fail"
    COME_BACK = "come_back"
    TO_LINE = "to_line"


_MOVES: dict[tuple[str, str], tuple[Move, ...]] = {
    ("planned", "sent"): (Move.SEND,),
    ("planned", "paid"): (Move.SEND, Move.ARRIVE),
    ("planned", "failed"): (),
    ("sent", "paid"): (Move.ARRIVE,),
    ("sent", "failed"): (Move.FAIL,),
    ("paid", "failed"): (Move.COME_BACK,),
}


def moves(old: str, new: str, route: str) -> tuple[Move, ...] | None:
    """What a change of state moves. None: it is out of order, or no change, and is ignored."""
    if route == LINE:
        return {("planned", "paid"): (Move.TO_LINE,), ("planned", "failed"): ()}.get((old, new))
    return _MOVES.get((old, new))


def accounts_of(move: Move, route: str) -> tuple[EntryKind, Account, Account]:
    """(kind, account that is credited, account that is debited) of a move on a route."""
    by_bank = route in (IBAN, CN_CARD)
    transit = Account.BANK_IN_TRANSIT if by_bank else Account.PAYMENT_SERVICE_IN_TRANSIT
    source = Account.BANK if by_bank else Account.PAYMENT_SERVICE
    return {
        Move.SEND: (EntryKind.REFUND_SENT, transit, Account.CLOSING),
        Move.ARRIVE: (EntryKind.REFUND_PAID, source, transit),
        Move.FAIL: (EntryKind.REFUND_FAILED, Account.CLOSING, transit),
        Move.COME_BACK: (EntryKind.REFUND_FAILED, Account.CLOSING, source),
        Move.TO_LINE: (EntryKind.REFUND_TO_LINE, Account.BALANCES_PAID, Account.CLOSING),
    }[move]
