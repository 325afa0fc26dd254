"""Refunds, payment pages and events of Stripe, by its official client.

No card number is read or kept: the customer types it at Stripe.
"""
