"""Refunds: made at once, or pending until the bank has answered.

The fault `pending` of the operation create_refund makes the next ones pending;
`POST /control/refunds/{id}` with `{"does": "succeed"}` or `{"does": "fail", "reason": …}` is the
bank's answer. A refund that succeeded may fail later too: the bank sends the money back.
"""

from dataclasses import dataclass
from functools import partial

from starlette.requests import Request

from signoff.carrier_box.faults import FaultKind
from signoff.carrier_box.payments.events import Events
from signoff.carrier_box.payments.keys import Keys
from signoff.carrier_box.payments.ledger import Ledger
from signoff.carrier_box.payments.wire import (
    Form,
    StripeError,
    form,
    known_only,
    listing,
    missing,
    split_metadata,
    whole,
)  # fmt: skip
from signoff.carrier_box.store import BoxStore, Kind, Row

_FIELDS = {"amount", "charge", "payment_intent", "reason"}
REASONS = (
    "charge_for_pending_refund_disputed", "declined", "expired_or_canceled_card",
    "insufficient_funds", "lost_or_stolen_card", "merchant_request", "unknown",
)  # fmt: skip


class NotPossible(ValueError):
    """What is asked does not fit the state; says what the state is."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request for a refund, read from the form."""

    payment: str
    amount: int | None
    metadata: Form


class Refunds:
    """A refund's row is the resource as it is answered."""

    def __init__(self, store: BoxStore, ledger: Ledger, keys: Keys, events: Events) -> None:
        self._store = store
        self._ledger = ledger
        self._keys = keys
        self._events = events

    async def create(self, request: Request) -> Row:
        """POST /v1/refunds, once for each Idempotency-Key."""
        given = await form(request)
        pending = getattr(request.state, "fault", None) is FaultKind.PENDING
        make = partial(self._create, given, "pending" if pending else "succeeded")
        made = await self._keys.once(request, given, make)
        self._events.send()
        return made

    def _create(self, given: Form, status: str, key: str) -> Row:
        asked = _asked(given)
        row = self._ledger.to_refund(asked.payment)
        charge, intent = self._ledger.names(asked.payment)
        refund_id = f"re_{self._store.next_number('refund'):014d}"
        refund = {
            "id": refund_id,
            "object": "refund",
            "amount": self._amount(asked, row),
            "currency": row["currency"].lower(),
            "charge": charge,
            "payment_intent": intent,
            "metadata": asked.metadata,
            "status": status,
        }
        self._store.put(Kind.REFUNDS, refund_id, refund)
        self._store.record_effect("payments", "refund", asked.payment, key)
        self._events.note("refund.created", refund)
        return refund

    def _amount(self, asked: _Asked, row: Row) -> int:
        left: int = row["amount"] - self._ledger.refunded(asked.payment)
        amount = left if asked.amount is None else asked.amount
        if left <= 0:
            raise StripeError(
                f"Charge {asked.payment} has already been refunded.",
                code="charge_already_refunded",
            )
        if amount > left:
            raise StripeError(
                f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
                param="amount",
            )
        return amount

    async def list(self, request: Request) -> Row:
        """GET /v1/refunds: newest first."""
        query = request.query_params
        payment = query.get("payment_intent") or query.get("charge")
        if payment:
            self._ledger.payment(payment)
        rows = [
            row
            for row in reversed(self._store.all(Kind.REFUNDS).values())
            if payment is None or payment in {row["charge"], row["payment_intent"]}
        ]
        return listing(rows, query, "/v1/refunds", "refund")

    async def read(self, request: Request) -> Row:
        """GET /v1/refunds/{id}."""
        row = self._store.get(Kind.REFUNDS, request.path_params["id"])
        if row is None:
            raise missing("refund")
        return row

    def succeed(self, refund_id: str) -> Row:
        """The bank has paid it. Raises NotPossible."""
        return self._end(refund_id, {"pending"}, {"status": "succeeded"}, "refund.updated")

    def fail(self, refund_id: str, reason: str) -> Row:
        """The bank did not take it, or sent it back. Raises NotPossible."""
        if reason not in REASONS:
            raise NotPossible(f"reason “{reason}” is none of {', '.join(REASONS)}")
        after = {"status": "failed", "failure_reason": reason}
        kinds = ("refund.failed", "charge.refund.updated")
        return self._end(refund_id, {"pending", "succeeded"}, after, *kinds)

    def _end(self, refund_id: str, before: set[str], after: Row, *kinds: str) -> Row:
        with self._store.transaction():
            row = self._store.get(Kind.REFUNDS, refund_id)
            if row is None or row["status"] not in before:
                raise NotPossible(f"the refund is {row['status'] if row else 'not there'}")
            row |= after
            self._store.put(Kind.REFUNDS, refund_id, row)
            for kind in kinds:
                self._events.note(kind, row)
        self._events.send()
        return row


def _asked(given: Form) -> _Asked:
    """Raises StripeError."""
    plain, metadata = split_metadata(given)
    known_only(plain, _FIELDS)
    payments = [plain[name] for name in ("charge", "payment_intent") if plain.get(name)]
    if len(payments) != 1:
        raise StripeError(
            "One of the following params should be provided for this request: "
            "payment_intent or charge.",
            code="parameter_missing",
        )
    amount = whole(plain["amount"], "amount") if "amount" in plain else None
    return _Asked(payments[0], amount, metadata)
