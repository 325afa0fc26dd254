"""The money rules of a country, as the arithmetic wants them."""

from decimal import ROUND_CEILING, Decimal
from functools import lru_cache

from signoff.kernel.money import exponent
from signoff.policies.model import Policy
from signoff.settlement.rules import Proration, Terms


def minor_of(amount: Decimal, currency: str) -> int:
    """A rule's amount (major units) in minor units; a fraction of one counts as a whole."""
    return int(amount.scaleb(exponent(currency)).to_integral_value(ROUND_CEILING))


def needs_four_eyes(policy: Policy, minor: int, currency: str) -> bool:
    """Whether a refund is so large that one person alone does not let it go.

    An amount in one currency says nothing about another: where the rule pack names none for this
    one, every refund is looked at by two.
    """
    limit = policy.money.four_eyes_above.value.get(currency)
    return minor > (0 if limit is None else minor_of(limit, currency))


def terms_of(policy: Policy, currency: str) -> Terms:
    """What the arithmetic needs to know of a rule pack, for amounts in `currency`."""
    money = policy.money
    return _terms(
        money.proration.value,
        money.spend_first.value,
        money.expired_paid.value,
        money.smallest_transfer.value,
        currency,
    )


@lru_cache(maxsize=1000)
def _terms(proration: str, spend_first: str, expired: str, smallest: Decimal, code: str) -> Terms:
    return Terms(
        proration=Proration(proration),
        spend_first=spend_first,
        forfeits_expired=expired == "forfeit",
        smallest_transfer=max(1, minor_of(smallest, code)),
    )
