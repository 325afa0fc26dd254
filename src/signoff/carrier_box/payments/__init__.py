"""The box's payment service: the part of Stripe's API that Signoff needs, and its payment page.

Source: docs.stripe.com/api (checkout/sessions, payment_intents, refunds, events,
idempotent_requests, errors, pagination). What Stripe documents and simpler test servers leave out
is kept here: an Idempotency-Key answers the same again, no payment gives back more than was paid,
and events are signed, late, and come again until somebody has taken them.
"""

from signoff.carrier_box.payments.service import PaymentService

__all__ = ["PaymentService"]
