"""What customers, banks and time do, told by a test: not of any protocol."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from signoff.carrier_box.payments.events import Events
from signoff.carrier_box.payments.refunds import NotPossible, Refunds
from signoff.carrier_box.payments.sessions import ACTS, Sessions
from signoff.carrier_box.store import BoxStore, Kind


class PaymentControls:
    """The row afterwards; 400 for what is no act, 404 for no such thing, 409 for not now."""

    def __init__(
        self, store: BoxStore, sessions: Sessions, refunds: Refunds, events: Events
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._refunds = refunds
        self._events = events

    def routes(self) -> list[Route]:
        """POST `{"does": …}` to one of them."""
        return [
            Route("/control/checkout_sessions/{id}", self.session, methods=["POST"]),
            Route("/control/refunds/{id}", self.refund, methods=["POST"]),
            Route("/control/payment_events/{id}", self.event, methods=["POST"]),
        ]

    async def session(self, request: Request) -> Response:
        """One of sessions.ACTS."""
        body, identity = await _body(request), request.path_params["id"]
        if body.get("does") not in ACTS:
            return _no(f"does is one of {', '.join(ACTS)}")
        if self._store.get(Kind.CHECKOUT_SESSIONS, identity) is None:
            return _no("there is no such page", 404)
        try:
            return JSONResponse(self._sessions.act(identity, body["does"]))
        except NotPossible as not_now:
            return _no(str(not_now), 409)

    async def refund(self, request: Request) -> Response:
        """`succeed`, or `fail` with `reason`, one of refunds.REASONS."""
        body, identity = await _body(request), request.path_params["id"]
        if self._store.get(Kind.REFUNDS, identity) is None:
            return _no("there is no such refund", 404)
        try:
            match body:
                case {"does": "succeed"}:
                    return JSONResponse(self._refunds.succeed(identity))
                case {"does": "fail"}:
                    reason = str(body.get("reason", "unknown"))
                    return JSONResponse(self._refunds.fail(identity, reason))
        except NotPossible as not_now:
            return _no(str(not_now), 409)
        return _no("does is one of succeed, fail")

    async def event(self, request: Request) -> Response:
        """`send_again`: the same event once more, newly signed."""
        if (await _body(request)).get("does") != "send_again":
            return _no("does is send_again")
        if not self._events.send_again(request.path_params["id"]):
            return _no("there is no such event", 404)
        await self._events.sent(5.0)
        return JSONResponse(self._store.get(Kind.PAYMENT_EVENTS, request.path_params["id"]))


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _no(error: str, status: int = 400) -> Response:
    return JSONResponse({"error": error}, status)
