"""The payment service as one part of the box."""

from starlette.routing import Route

from signoff.carrier_box.faults import Faults
from signoff.carrier_box.http import with_faults
from signoff.carrier_box.payments.controls import PaymentControls
from signoff.carrier_box.payments.events import Events
from signoff.carrier_box.payments.keys import Keys
from signoff.carrier_box.payments.ledger import Ledger
from signoff.carrier_box.payments.page import PaymentPages
from signoff.carrier_box.payments.refunds import Refunds
from signoff.carrier_box.payments.sessions import Sessions
from signoff.carrier_box.payments.wire import Handler, busy, refused, spoken
from signoff.carrier_box.store import BoxStore


class PaymentService:
    """Implements BoxServer beside its routes: events that nobody took go on at its start."""

    def __init__(self, store: BoxStore, faults: Faults, operator_url: str | None) -> None:
        keys = Keys(store)
        self._faults = faults
        self._ledger = Ledger(store)
        self._events = Events(store, faults, operator_url)
        self._refunds = Refunds(store, self._ledger, keys, self._events)
        self._sessions = Sessions(store, self._ledger, keys, self._events)
        self._pages = PaymentPages(self._sessions, self._events)
        self._controls = PaymentControls(store, self._sessions, self._refunds, self._events)

    def routes(self) -> list[Route]:
        """Operations for faults: get_payment, create_refund, list_refunds, get_refund,
        create_session, list_sessions, get_session, expire_session; and webhook."""
        sessions, refunds, at = self._sessions, self._refunds, "/v1/checkout/sessions"
        return [
            self._route("/v1/charges/{id}", "get_payment", "GET", self._ledger.charge),
            self._route("/v1/payment_intents/{id}", "get_payment", "GET", self._ledger.intent),
            self._route("/v1/refunds", "create_refund", "POST", refunds.create),
            self._route("/v1/refunds", "list_refunds", "GET", refunds.list),
            self._route("/v1/refunds/{id}", "get_refund", "GET", refunds.read),
            self._route(at, "create_session", "POST", sessions.create),
            self._route(at, "list_sessions", "GET", sessions.list),
            self._route(f"{at}/{{id}}", "get_session", "GET", sessions.read),
            self._route(f"{at}/{{id}}/expire", "expire_session", "POST", sessions.expire),
            *self._pages.routes(),
            *self._controls.routes(),
        ]

    def _route(self, path: str, operation: str, method: str, handler: Handler) -> Route:
        endpoint = with_faults(
            spoken(handler),
            faults=self._faults,
            system="payments",
            operation=operation,
            busy=busy,
            refused=refused,
        )
        return Route(path, endpoint, methods=[method])

    def listens_at(self, url: str) -> None:
        """`url` of the box, without a slash at its end: payment pages are there."""
        self._sessions.url = url

    async def start(self) -> int:
        """It has no port of its own, so 0."""
        self._events.start()
        return 0

    async def stop(self) -> None:
        """What was not told stays untold until the next start."""
        await self._events.stop()

    def forget(self) -> None:
        """The store was emptied."""
        self._events.forget()
