"""Everything that we ask of Stripe, as one port."""

from signoff.adapters.stripe.pages import StripePages
from signoff.adapters.stripe.refunds import StripeRefunds


class StripePayments(StripeRefunds, StripePages):
    """Implements `ports.payments.Payments` and `ports.health.Reachable`."""
