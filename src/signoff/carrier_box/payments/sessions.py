"""Checkout Sessions: one page on which one amount is paid once.

What the customer and their bank do is an act, pressed on the page or told by
`POST /control/checkout_sessions/{id}` with `{"does": "pay"}`: pay, decline, expire; pay_slowly for
a bank that answers later, and then arrive or bounce.
"""

from collections.abc import Set
from dataclasses import dataclass, field
from functools import partial
from secrets import token_hex

from starlette.requests import Request

from signoff.carrier_box.payments.events import Events
from signoff.carrier_box.payments.keys import Keys
from signoff.carrier_box.payments.ledger import Ledger
from signoff.carrier_box.payments.orders import ordered
from signoff.carrier_box.payments.refunds import NotPossible
from signoff.carrier_box.payments.wire import (
    Form,
    StripeError,
    expanded,
    form,
    known_only,
    listing,
    missing,
    whole,
)  # fmt: skip
from signoff.carrier_box.store import BoxStore, Kind, Row
from signoff.kernel.clock import now

_LIVES_SECONDS = 24 * 3600
_CARD = {"brand": "visa", "last4": "4242"}
_DECLINED = {"code": "card_declined", "decline_code": "generic_decline"}
_WHOLE = "payment_intent"
_OURS = {"title", "intent_metadata"}
"""Fields of a row that the API does not show."""


@dataclass(frozen=True, slots=True)
class _Act:
    """`before`: status of the session and of its payment ("" for any); then what they become."""

    before: tuple[str, str]
    intent: str = ""
    session: Row = field(default_factory=dict)
    events: tuple[str, ...] = ()


_ACTS = {
    "pay": _Act(
        ("open", ""),
        "succeeded",
        {"status": "complete", "payment_status": "paid"},
        ("payment_intent.succeeded", "checkout.session.completed"),
    ),
    "decline": _Act(
        ("open", ""), "requires_payment_method", {}, ("payment_intent.payment_failed",)
    ),
    "expire": _Act(("open", ""), "", {"status": "expired"}, ("checkout.session.expired",)),
    "pay_slowly": _Act(
        ("open", ""), "processing", {"status": "complete"}, ("checkout.session.completed",)
    ),
    "arrive": _Act(
        ("complete", "processing"),
        "succeeded",
        {"payment_status": "paid"},
        ("payment_intent.succeeded", "checkout.session.async_payment_succeeded"),
    ),
    "bounce": _Act(
        ("complete", "processing"),
        "requires_payment_method",
        {},
        ("payment_intent.payment_failed", "checkout.session.async_payment_failed"),
    ),
}
ACTS = tuple(_ACTS)


class Sessions:
    """A session's row: the fields of the resource, and title and intent_metadata."""

    def __init__(self, store: BoxStore, ledger: Ledger, keys: Keys, events: Events) -> None:
        self._store = store
        self._ledger = ledger
        self._keys = keys
        self._events = events
        self.url = ""
        """Of the box, without a slash at its end; known when it listens."""

    async def create(self, request: Request) -> Row:
        """POST /v1/checkout/sessions, once for each Idempotency-Key."""
        given = await form(request)
        return await self._keys.once(request, given, partial(self._create, given))

    def _create(self, given: Form, _key: str) -> Row:
        begun = int(now().timestamp())
        number = self._store.next_number("checkout_session")
        row = ordered(given) | {
            "id": f"cs_test_{number:08d}{token_hex(12)}",
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "created": begun,
            "expires_at": begun + _LIVES_SECONDS,
        }
        self._store.put(Kind.CHECKOUT_SESSIONS, row["id"], row)
        return self.shown(row)

    async def read(self, request: Request) -> Row:
        """GET /v1/checkout/sessions/{id}."""
        row = self.known(request.path_params["id"])
        if row is None:
            raise missing(f"checkout.session: {request.path_params['id']}")
        return self.shown(row, expanded(request.query_params))

    async def list(self, request: Request) -> Row:
        """GET /v1/checkout/sessions: newest first; created[gte]."""
        query = request.query_params
        since = whole(query.get("created[gte]", "1"), "created[gte]")
        rows = reversed(self._store.all(Kind.CHECKOUT_SESSIONS).values())
        shown = [self.shown(row) for row in rows if row["created"] >= since]
        return listing(shown, query, "/v1/checkout/sessions", "checkout.session")

    async def expire(self, request: Request) -> Row:
        """POST /v1/checkout/sessions/{id}/expire."""
        known_only(await form(request), set())
        row = await self.read(request)
        try:
            return self.shown(self.act(row["id"], "expire"))
        except NotPossible as closed:
            raise StripeError(
                'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout '
                f"Session has a status of `{row['status']}`."
            ) from closed

    def known(self, session: str) -> Row | None:
        """The row, expired if its time is over."""
        row = self._store.get(Kind.CHECKOUT_SESSIONS, session)
        if row and row["status"] == "open" and row["expires_at"] <= now().timestamp():
            return self.act(session, "expire")
        return row

    def act(self, session: str, does: str) -> Row:
        """One of ACTS. Returns the row; raises NotPossible."""
        act = _ACTS[does]
        with self._store.transaction():
            row = self._store.get(Kind.CHECKOUT_SESSIONS, session)
            if row is None or not self._fits(row, act):
                raise NotPossible(f"the page is {row['status'] if row else 'not there'}")
            row |= act.session
            if act.intent:
                row["payment_intent"] = self._move_intent(row, act.intent)
            self._store.put(Kind.CHECKOUT_SESSIONS, session, row)
            if act.intent == "succeeded":
                self._store.record_effect("payments", "pay", row["payment_intent"])
            for kind in act.events:
                self._events.note(kind, self._told(kind, row))
        self._events.send()
        return row

    def _fits(self, row: Row, act: _Act) -> bool:
        session, intent = act.before
        if row["status"] != session:
            return False
        return not intent or self._ledger.payment(row["payment_intent"]).get("status") == intent

    def _move_intent(self, row: Row, status: str) -> str:
        """A page has one payment, however often it is tried."""
        reference = row["payment_intent"] or f"pi_{self._store.next_number('intent'):014d}"
        intent = {
            "amount": row["amount_total"],
            "currency": row["currency"].upper(),
            "status": status,
            "metadata": row["intent_metadata"],
            "session": row["id"],
            "card": _CARD,
            "trouble": _DECLINED if status == "requires_payment_method" else None,
        }
        self._ledger.put(reference, intent)
        return str(reference)

    def _told(self, kind: str, row: Row) -> Row:
        if kind.startswith("payment_intent."):
            return self._ledger.shown_intent(row["payment_intent"])
        return self.shown(row)

    def shown(self, row: Row, wanted: Set[str] = frozenset()) -> Row:
        """As the API answers it. `wanted`: what comes whole instead of as an id."""
        intent = row["payment_intent"]
        if intent and any(name.startswith(_WHOLE) for name in wanted):
            with_charge = f"{_WHOLE}.latest_charge" in wanted
            intent = self._ledger.shown_intent(intent, with_charge=with_charge)
        kept = {name: value for name, value in row.items() if name not in _OURS}
        return kept | {
            "object": "checkout.session",
            "amount_subtotal": row["amount_total"],
            "livemode": False,
            "mode": "payment",
            "payment_intent": intent,
            "payment_method_types": ["card"],
            "ui_mode": "hosted_page",
            "url": f"{self.url}/pay/{row['id']}" if row["status"] == "open" else None,
        }
