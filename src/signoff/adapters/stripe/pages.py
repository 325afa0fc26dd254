"""Payment pages: Checkout Sessions in `payment` mode, on Stripe's own site.

docs.stripe.com/api/checkout/sessions. Why not a form on our pages: docs/adr/0012.
"""

import re
from datetime import datetime, timedelta

import stripe
from moneyed import Money
from stripe.params.checkout import SessionCreateParams, SessionListParams

from signoff.adapters.stripe.amounts import units
from signoff.adapters.stripe.connection import StripeConnection, typed
from signoff.adapters.stripe.objects import SUBJECT, Session
from signoff.ports.errors import Permanent
from signoff.ports.payments import PaymentPage, PaymentState

_SESSION = re.compile(r"cs_\w{1,250}", re.ASCII)
_WITH_METHOD = ["payment_intent.latest_charge"]
_PAGE = 100
_CLOCKS_DIFFER = timedelta(minutes=5)
_LOCALES = {
    "zh-hans": "zh", "zh-cn": "zh", "zh-sg": "zh", "zh-hant": "zh-TW", "zh-tw": "zh-TW",
    "zh-hk": "zh-HK", "zh-mo": "zh-HK", "en-gb": "en-GB", "pt-br": "pt-BR", "fr-ca": "fr-CA",
    "no": "nb",
}  # fmt: skip
_SPOKEN = {
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fil", "fr", "hr",
    "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl",
    "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh",
}  # fmt: skip


class StripePages(StripeConnection):
    """The part of `ports.payments.Payments` that takes money in."""

    def start_payment(
        self,
        *,
        amount: Money,
        key: str,
        subject: str,
        return_url: str,
        language: str,
        title: str = "Amount due",
    ) -> PaymentPage:
        """See `ports.payments.Payments.start_payment`. The page lives 24 hours, Stripe's longest.

        Prices in the customer's own currency (adaptive pricing) are off: the amount shown is the
        amount paid. No `expires_at`: it would differ in a repeat, and a key wants the same again.
        """
        params: SessionCreateParams = {
            "mode": "payment",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": amount.currency.code.lower(),
                        "unit_amount": units(amount),
                        "product_data": {"name": title},
                    },
                }
            ],
            "client_reference_id": subject,
            "metadata": {SUBJECT: subject},
            "payment_intent_data": {"metadata": {SUBJECT: subject}},
            "success_url": return_url,
            "cancel_url": return_url,
            "locale": locale(language),
            "submit_type": "pay",
            "adaptive_pricing": {"enabled": False},
        }
        with typed():
            made = self._client.v1.checkout.sessions.create(params, {"idempotency_key": key})
            return Session.of(made.to_dict()).page

    def payment(self, reference: str) -> PaymentPage:
        """See `ports.payments.Payments.payment`."""
        with typed():
            return self._page(_checked(reference))

    def find_payment(self, *, subject: str, since: datetime) -> PaymentPage | None:
        """See `ports.payments.Payments.find_payment`. Newest first, as Stripe lists them."""
        oldest = int((since - _CLOCKS_DIFFER).timestamp())
        params: SessionListParams = {"limit": _PAGE, "created": {"gte": oldest}}
        with typed():
            for row in self._client.v1.checkout.sessions.list(params).auto_paging_iter():
                if Session.of(row.to_dict()).subject == subject:
                    return self._page(row.id)
        return None

    def cancel_payment(self, reference: str) -> PaymentPage:
        """See `ports.payments.Payments.cancel_payment`.

        Stripe expires only open pages. A refusal is followed by asking, not by reading its words.
        """
        session = _checked(reference)
        with typed():
            try:
                made = self._client.v1.checkout.sessions.expire(session)
            except stripe.InvalidRequestError:
                page = self._page(session)
                if page.state is PaymentState.OPEN and page.url:
                    raise
                return page
            return Session.of(made.to_dict()).page

    def _page(self, session: str) -> PaymentPage:
        found = self._client.v1.checkout.sessions.retrieve(session, {"expand": _WITH_METHOD})
        return Session.of(found.to_dict()).page


def locale(language: str) -> str:
    """Stripe's name for a BCP 47 tag; `auto`, the browser's own, if Stripe does not speak it."""
    tag = language.lower().replace("_", "-")
    if tag in _LOCALES:
        return _LOCALES[tag]
    primary = tag.partition("-")[0]
    return primary if primary in _SPOKEN else "auto"


def _checked(reference: str) -> str:
    """It becomes a part of a URL. Raises Permanent."""
    if not _SESSION.fullmatch(reference):
        raise Permanent("payments", "the reference of the payment page is not one of Stripe's")
    return reference
