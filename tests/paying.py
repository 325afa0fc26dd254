"""Payment pages ordered from the box, and what a customer presses there."""

from typing import Any

import httpx
from moneyed import Money

from signoff.adapters.stripe.payments import StripePayments
from signoff.ports.payments import PaymentPage
from tests.peers.box import RunningBox
from tests.peers.stripe_server import API_KEY

BACK = "http://127.0.0.1:8600/bills/payments/1/"
SUBJECT = "7f3c1f0e-5f0f-4d0e-8a58-2f6f3f6c2f10"

EUR12 = Money("12.50", "EUR")


def payments(box: RunningBox, url: str = "", timeout: float = 3) -> StripePayments:
    """Our side of it; `url` for another server than the box."""
    return StripePayments(API_KEY, url or box.addresses.http_url, timeout)


def start(box: RunningBox, key: str = "k", url: str = "", **more: Any) -> PaymentPage:
    """A page over 12.50 euros, or what `more` says."""
    wanted: dict[str, Any] = {
        "amount": EUR12, "subject": SUBJECT, "return_url": BACK, "language": "en"
    } | more  # fmt: skip
    return payments(box, url).start_payment(key=key, **wanted)


def press(page: PaymentPage, does: str) -> httpx.Response:
    """A button of the page, without following where it leads."""
    return httpx.post(page.url, data={"does": does})
