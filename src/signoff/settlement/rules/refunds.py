"""Which way money goes back, and what a card can carry."""

from collections.abc import Sequence
from functools import lru_cache

from signoff.kernel.money import exponent
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.rules.facts import PaymentFacts
from signoff.settlement.rules.result import RefundPart


@lru_cache(maxsize=200)
def card_step(code: str) -> int:
    """Cards settle currencies of three decimals to two places, so the last digit must be 0."""
    return 10 if exponent(code) == 3 else 1


def carried_by_card(minor: int, code: str) -> int:
    """The least that a card can pay and that is not less: 12.345 dinars are paid with 12.350."""
    return -(-minor // card_step(code)) * card_step(code)


def plan_refunds(
    total: int, payments: Sequence[PaymentFacts], *, currency: str, smallest_transfer: int = 1
) -> tuple[RefundPart, ...]:
    """Back the way it came, newest payment first, none above what is left of it.

    What a channel cannot pay, because it pays in steps, joins the rest; the rest goes to the
    place that the customer names.
    """
    parts: list[RefundPart] = []
    rest = total
    if rest and payments:
        for payment in sorted(payments, key=lambda p: (p.paid_at, p.reference), reverse=True):
            amount = min(rest, payment.left)
            amount -= amount % payment.step
            if amount > 0:
                parts.append(RefundPart(payment.reference, payment.method, amount, currency))
                rest -= amount
                if not rest:
                    break
    if rest > 0:
        too_small = rest < smallest_transfer
        parts.append(RefundPart(None, _("Where you want it"), rest, currency, too_small))
    return tuple(parts)
