"""The box's payment service: the part of Stripe's API that refunds need.

Source: docs.stripe.com/api (refunds, idempotent_requests, errors, pagination). What Stripe
documents and simpler test servers leave out is kept here: an Idempotency-Key answers the same
again, and no payment gives back more than was paid.
"""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from signoff.carrier_box.faults import Faults
from signoff.carrier_box.http import with_faults
from signoff.carrier_box.store import BoxStore, Kind, Row

_KEY_HEADER = "idempotency-key"
_LONGEST_KEY = 255
_CREATE_FIELDS = {"amount", "charge", "payment_intent", "reason"}


class StripeError(Exception):
    """An error as Stripe words it in JSON."""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "error": {
                name: value
                for name, value in (
                    ("type", kind), ("message", message), ("code", code), ("param", param),
                )
                if value is not None
            }
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request for a refund, read from the form."""

    payment: str
    amount: int | None
    metadata: dict[str, str]


def routes(store: BoxStore, faults: Faults) -> list[Route]:
    """Operations for faults: get_payment, create_refund, list_refunds, get_refund."""
    service = _Stripe(store)

    def route(path: str, operation: str, method: str, handler: "_Handler") -> Route:
        endpoint = with_faults(
            _spoken(handler),
            faults=faults,
            system="payments",
            operation=operation,
            busy=lambda: _error("Too many requests.", 429, "rate_limit", "rate_limit_error"),
            refused=lambda: _error("Your account cannot do this.", 403, "account_invalid"),
        )
        return Route(path, endpoint, methods=[method])

    return [
        route("/v1/charges/{id}", "get_payment", "GET", service.charge),
        route("/v1/payment_intents/{id}", "get_payment", "GET", service.intent),
        route("/v1/refunds", "create_refund", "POST", service.create),
        route("/v1/refunds", "list_refunds", "GET", service.list),
        route("/v1/refunds/{id}", "get_refund", "GET", service.refund),
    ]


_Handler = Callable[[Request], Awaitable[Row]]


def _spoken(handler: _Handler) -> Callable[[Request], Awaitable[Response]]:
    async def spoken(request: Request) -> Response:
        try:
            _check_api_key(request)
            return JSONResponse(await handler(request))
        except StripeError as error:
            return JSONResponse(error.body, status_code=error.status)

    return spoken


def _error(message: str, status: int, code: str, kind: str = "invalid_request_error") -> Response:
    error = StripeError(message, status=status, code=code, kind=kind)
    return JSONResponse(error.body, status_code=error.status)


def _check_api_key(request: Request) -> None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or not key.startswith("sk_"):
        raise StripeError("Invalid API Key provided.", status=401, code="api_key_invalid")


class _Stripe:
    """Payments: {amount, currency, charge?}; refunds: {payment, amount, currency, status, …}."""

    def __init__(self, store: BoxStore) -> None:
        self._store = store
        self._turn = asyncio.Lock()

    async def charge(self, request: Request) -> Row:
        """GET /v1/charges/{id}."""
        payment = request.path_params["id"]
        row = self._payment(payment)
        refunded = self._refunded(payment)
        return {
            "id": payment,
            "object": "charge",
            "amount": row["amount"],
            "amount_refunded": refunded,
            "currency": row["currency"].lower(),
            "refunded": refunded >= row["amount"],
            "status": "succeeded",
        }

    async def intent(self, request: Request) -> Row:
        """GET /v1/payment_intents/{id}."""
        payment = request.path_params["id"]
        row = self._payment(payment)
        return {
            "id": payment,
            "object": "payment_intent",
            "amount": row["amount"],
            "amount_received": row["amount"],
            "currency": row["currency"].lower(),
            "status": "succeeded",
        }

    async def create(self, request: Request) -> Row:
        """POST /v1/refunds, once for each Idempotency-Key."""
        form = _form(await request.body())
        key = request.headers.get(_KEY_HEADER, "")
        if len(key) > _LONGEST_KEY:
            raise StripeError("Idempotency keys are at most 255 characters long.")
        async with self._turn:
            with self._store.transaction():
                return self._once(key, form)

    def _once(self, key: str, form: dict[str, str]) -> Row:
        asked = hashlib.sha256(json.dumps(sorted(form.items())).encode()).hexdigest()
        known = self._store.get(Kind.PAYMENT_KEYS, key) if key else None
        if known is None:
            refund = self._create(_asked(form), key)
            if key:
                row = {"asked": asked, "answer": refund}
                self._store.put(Kind.PAYMENT_KEYS, key, row)
            return refund
        if known["asked"] != asked:
            raise StripeError(
                "Keys for idempotent requests can only be used with the same parameters they "
                "were first used with.",
                kind="idempotency_error",
            )
        answer: Row = known["answer"]
        return answer

    def _create(self, asked: _Asked, key: str) -> Row:
        row = self._payment(asked.payment)
        left = row["amount"] - self._refunded(asked.payment)
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
        refund_id = f"re_{self._store.next_number('refund'):014d}"
        refund = {
            "id": refund_id,
            "object": "refund",
            "amount": amount,
            "currency": row["currency"].lower(),
            "charge": asked.payment if asked.payment.startswith("ch_") else None,
            "payment_intent": asked.payment if asked.payment.startswith("pi_") else None,
            "metadata": asked.metadata,
            "status": "succeeded",
        }
        self._store.put(Kind.REFUNDS, refund_id, refund)
        self._store.record_effect("payments", "refund", asked.payment, key)
        return refund

    async def list(self, request: Request) -> Row:
        """GET /v1/refunds: newest first, by pages (limit, starting_after)."""
        query = request.query_params
        payment = query.get("payment_intent") or query.get("charge")
        if payment:
            self._payment(payment)
        rows = [
            row
            for row in reversed(self._store.all(Kind.REFUNDS).values())
            if payment is None or payment in {row["charge"], row["payment_intent"]}
        ]
        if after := query.get("starting_after"):
            places = [place for place, row in enumerate(rows) if row["id"] == after]
            if not places:
                raise StripeError("No such refund", code="resource_missing", status=404)
            rows = rows[places[0] + 1 :]
        limit = _whole(query.get("limit", "10"), "limit")
        return {
            "object": "list",
            "url": "/v1/refunds",
            "has_more": len(rows) > limit,
            "data": rows[:limit],
        }

    async def refund(self, request: Request) -> Row:
        """GET /v1/refunds/{id}."""
        row = self._store.get(Kind.REFUNDS, request.path_params["id"])
        if row is None:
            raise StripeError("No such refund", code="resource_missing", status=404)
        return row

    def _payment(self, payment: str) -> Row:
        row = self._store.get(Kind.PAYMENTS, payment)
        if row is None:
            raise StripeError(f"No such payment: '{payment}'", code="resource_missing", status=404)
        return row

    def _refunded(self, payment: str) -> int:
        return sum(
            int(row["amount"])
            for row in self._store.all(Kind.REFUNDS).values()
            if payment in {row["charge"], row["payment_intent"]} and row["status"] != "failed"
        )


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body)))
    except ValueError as error:
        raise StripeError("Invalid request body: not form-encoded.") from error


def _asked(form: dict[str, str]) -> _Asked:
    """Raises StripeError."""
    plain = {name: value for name, value in form.items() if not name.startswith("metadata[")}
    for name in plain:
        if name not in _CREATE_FIELDS:
            raise StripeError(
                f"Received unknown parameter: {name}", code="parameter_unknown", param=name
            )
    payments = [plain[name] for name in ("charge", "payment_intent") if plain.get(name)]
    if len(payments) != 1:
        raise StripeError(
            "One of the following params should be provided for this request: "
            "payment_intent or charge.",
            code="parameter_missing",
        )
    amount = _whole(plain["amount"], "amount") if "amount" in plain else None
    metadata = {
        name[len("metadata[") : -1]: value
        for name, value in form.items()
        if name.startswith("metadata[") and name.endswith("]")
    }
    return _Asked(payments[0], amount, metadata)


def _whole(text: str, param: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise StripeError(f"Invalid integer: {text}", code="parameter_invalid_integer", param=param)
    if int(text) < 1:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param=param)
    return int(text)
