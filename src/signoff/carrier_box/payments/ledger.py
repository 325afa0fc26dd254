"""What was paid, and how much of it is left to give back."""

from starlette.requests import Request

from signoff.carrier_box.payments.wire import StripeError, expanded, missing
from signoff.carrier_box.store import BoxStore, Kind, Row

_GIVEN_BACK = {"succeeded", "pending", "requires_action"}


class Ledger:
    """A payment's row: amount, currency; if it was made on our page also status, metadata,
    session, card and trouble. Rows from the export have succeeded long ago."""

    def __init__(self, store: BoxStore) -> None:
        self._store = store

    async def charge(self, request: Request) -> Row:
        """GET /v1/charges/{id}."""
        return self.shown_charge(request.path_params["id"])

    async def intent(self, request: Request) -> Row:
        """GET /v1/payment_intents/{id}."""
        whole = "latest_charge" in expanded(request.query_params)
        return self.shown_intent(request.path_params["id"], with_charge=whole)

    def payment(self, reference: str) -> Row:
        """Raises StripeError."""
        row = self._store.get(Kind.PAYMENTS, self.canonical(reference))
        if row is None:
            raise missing(f"payment: '{reference}'")
        return row

    def canonical(self, reference: str) -> str:
        """A charge of our page is another name of its payment intent."""
        if reference.startswith("ch_") and not self._store.get(Kind.PAYMENTS, reference):
            intent = f"pi_{reference.removeprefix('ch_')}"
            if self._store.get(Kind.PAYMENTS, intent):
                return intent
        return reference

    def names(self, reference: str) -> tuple[str | None, str | None]:
        """(charge, payment intent), both if it was paid on our page."""
        payment = self.canonical(reference)
        if payment.startswith("ch_"):
            return payment, None
        by_page = bool(self.payment(payment).get("card"))
        return (f"ch_{payment.removeprefix('pi_')}" if by_page else None), payment

    def to_refund(self, reference: str) -> Row:
        """The payment, if there is money to give back from. Raises StripeError."""
        row = self.payment(reference)
        if _status(row) != "succeeded":
            raise StripeError(
                f"This PaymentIntent ({reference}) does not have a successful charge to refund."
            )
        return row

    def refunded(self, reference: str) -> int:
        """What went back or is on its way."""
        payment = self.canonical(reference)
        return sum(
            int(row["amount"])
            for row in self._store.all(Kind.REFUNDS).values()
            if payment in {row["charge"], row["payment_intent"]} and row["status"] in _GIVEN_BACK
        )

    def put(self, reference: str, row: Row) -> None:
        """Writes the whole row."""
        self._store.put(Kind.PAYMENTS, reference, row)

    def shown_charge(self, reference: str) -> Row:
        """As the API answers it."""
        row, refunded = self.payment(reference), self.refunded(reference)
        paid = _status(row) == "succeeded"
        return {
            "id": reference,
            "object": "charge",
            "amount": row["amount"],
            "amount_refunded": refunded,
            "currency": row["currency"].lower(),
            "refunded": refunded >= row["amount"],
            "status": "succeeded" if paid else "failed",
            "payment_method_details": _method(row),
        }

    def shown_intent(self, reference: str, *, with_charge: bool = False) -> Row:
        """As the API answers it."""
        row = self.payment(reference)
        charge, _ = self.names(reference)
        return {
            "id": reference,
            "object": "payment_intent",
            "amount": row["amount"],
            "amount_received": row["amount"] if _status(row) == "succeeded" else 0,
            "currency": row["currency"].lower(),
            "status": _status(row),
            "metadata": row.get("metadata", {}),
            "latest_charge": self.shown_charge(charge) if charge and with_charge else charge,
            "last_payment_error": _trouble(row),
        }


def _status(row: Row) -> str:
    return str(row.get("status", "succeeded"))


def _method(row: Row) -> Row | None:
    return {"type": "card", "card": row["card"]} if row.get("card") else None


def _trouble(row: Row) -> Row | None:
    if not row.get("trouble"):
        return None
    return {**row["trouble"], "type": "card_error", "payment_method": _method(row)}
