"""Orders for a payment page, as the form has them."""

import re
from typing import Any

from signoff.carrier_box.payments.wire import (
    Form,
    StripeError,
    known_only,
    split_metadata,
    whole,
)  # fmt: skip
from signoff.carrier_box.store import Row
from signoff.kernel.errors import InvalidValue
from signoff.kernel.money import currency

_PRICE = "line_items[0][price_data]"
_AMOUNT = f"{_PRICE}[unit_amount]"
_FIELDS = {
    "mode", "success_url", "cancel_url", "client_reference_id", "locale", "submit_type",
    "adaptive_pricing[enabled]", "line_items[0][quantity]", f"{_PRICE}[currency]", _AMOUNT,
    f"{_PRICE}[product_data][name]",
}  # fmt: skip
_REQUIRED = ("mode", "success_url", f"{_PRICE}[currency]", _AMOUNT, f"{_PRICE}[product_data][name]")
_LOCALES = {
    "auto", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr",
    "fr-CA", "hi-IN", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl",
    "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
}  # fmt: skip
_SMALLEST = {"chf": 50, "eur": 50, "gbp": 30, "hkd": 400, "jpy": 50, "usd": 50}
"""docs.stripe.com/currencies, "Minimum and maximum charge amounts", the currencies of the demo."""
_LARGEST = 99_999_999
_URL = re.compile(r"https?://[A-Za-z0-9.\-]+(:\d+)?(/[^\s\"'<>;]*)?")
_LONGEST_REFERENCE = 200


def ordered(given: Form) -> Row:
    """The beginnings of a session's row. Raises StripeError."""
    plain, metadata = split_metadata(given)
    plain, of_intent = split_metadata(plain, "payment_intent_data[metadata]")
    known_only(plain, _FIELDS)
    for name in _REQUIRED:
        if not plain.get(name):
            raise StripeError(
                f"Missing required param: {name}.", code="parameter_missing", param=name
            )
    _check(plain)
    code = plain[f"{_PRICE}[currency]"]
    return {
        "amount_total": _amount(plain, code),
        "currency": code,
        "title": plain[f"{_PRICE}[product_data][name]"],
        "client_reference_id": plain.get("client_reference_id"),
        "metadata": metadata,
        "intent_metadata": of_intent,
        "success_url": plain["success_url"],
        "cancel_url": plain.get("cancel_url"),
        "locale": plain.get("locale", "auto"),
        "submit_type": plain.get("submit_type"),
    }


def _check(plain: Form) -> None:
    checks: list[tuple[bool, str, dict[str, Any]]] = [
        (plain["mode"] == "payment", "Invalid mode: must be payment", {"param": "mode"}),
        (
            plain.get("locale", "auto") in _LOCALES,
            f"Invalid locale: {plain.get('locale')}",
            {"param": "locale"},
        ),
        (
            len(plain.get("client_reference_id", "")) <= _LONGEST_REFERENCE,
            "Invalid string: must be at most 200 characters",
            {"param": "client_reference_id"},
        ),
    ]
    checks += [
        (
            bool(_URL.fullmatch(plain[name])),
            "Not a valid URL",
            {"code": "url_invalid", "param": name},
        )
        for name in ("success_url", "cancel_url")
        if name in plain
    ]
    for fits, message, more in checks:
        if not fits:
            raise StripeError(message, **more)


def _amount(plain: Form, code: str) -> int:
    try:
        known = code == currency(code).code.lower()
    except InvalidValue:
        known = False
    if not known:
        raise StripeError(f"Invalid currency: {code}.", param="currency")
    quantity = whole(plain.get("line_items[0][quantity]", "1"), "line_items[0][quantity]")
    amount = whole(plain[_AMOUNT], _AMOUNT) * quantity
    if amount < _SMALLEST.get(code, 1):
        message = "The Checkout Session's total amount due is too small"
        raise StripeError(message, code="amount_too_small")
    if amount > _LARGEST:
        message = "The Checkout Session's total amount due is too large"
        raise StripeError(message, code="amount_too_large")
    return amount
