"""Refunds through Stripe, by its official client. No card and no personal data is read or kept."""
