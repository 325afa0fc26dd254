"""Stripe's errors as ours. Source: docs.stripe.com/api/errors and /error-codes."""

import re

import stripe

from signoff.ports.errors import Permanent, RemoteError, Temporary

_SECRET = re.compile(r"\b[srp]k_\w+|\bwhsec_\w+")
_LONGEST_RAW = 2000
_IN_WORDS = {
    "charge_already_refunded": "the payment has been refunded in full already",
    "amount_too_large": "more is asked than is left of the payment",
    "charge_disputed": "the payment is disputed: its bank has the money",
    "refund_disputed_payment": "the payment is disputed: its bank has the money",
    "resource_missing": "Stripe knows no such payment",
    "insufficient_funds": "the Stripe balance does not cover the refund",
    "balance_insufficient": "the Stripe balance does not cover the refund",
    "amount_too_small": "the amount is below the smallest that Stripe takes in this currency",
}
_BUSY = {"idempotency_key_in_use", "lock_timeout", "rate_limit"}


def translated(error: stripe.StripeError) -> RemoteError:
    """Connection, 409 for a key in use, 429, 5xx: Temporary. All else: a person must look."""
    status = error.http_status
    raw = _SECRET.sub("(secret)", error.http_body or "")[:_LONGEST_RAW]
    if isinstance(error, stripe.APIConnectionError):
        return Temporary("payments", "no connection, or no answer in time")
    if isinstance(error, stripe.RateLimitError) or error.code in _BUSY or (status or 0) == 429:
        return Temporary("payments", "Stripe asks to slow down", raw=raw)
    if status is not None and status >= 500:
        return Temporary("payments", f"Stripe has a fault (HTTP {status})", raw=raw)
    if isinstance(error, (stripe.AuthenticationError, stripe.PermissionError)):
        return Permanent("payments", "Stripe does not accept the API key", raw=raw)
    if isinstance(error, stripe.IdempotencyError):
        return Permanent("payments", "the same key was used before for something else", raw=raw)
    return Permanent("payments", _words(error), raw=raw)


def _words(error: stripe.StripeError) -> str:
    if _is_too_much(error):
        return _IN_WORDS["amount_too_large"]
    if error.code in _IN_WORDS:
        return _IN_WORDS[error.code]
    if error.http_status == 200:
        return "Stripe's answer cannot be read"
    return f"refused ({error.code or 'no code'}, HTTP {error.http_status})"


def _is_too_much(error: stripe.StripeError) -> bool:
    """Stripe gives no code to a refund above what is left, only a message and the parameter."""
    about_amount = getattr(error, "param", None) == "amount"
    return about_amount and "greater than" in (error.user_message or "")
