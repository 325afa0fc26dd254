"""What a closing comes to, to the cent. Pure: facts in, a frozen settlement out.

Each part is rounded to the minor unit of its currency, half up; totals are sums of rounded parts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from signoff.kernel.words import gettext_noop as _
from signoff.settlement.rules.charges import charges_of, set_aside_of, unused_days_of
from signoff.settlement.rules.facts import (
    BucketFacts,
    CreditFacts,
    SettlementFacts,
)
from signoff.settlement.rules.refunds import plan_refunds
from signoff.settlement.rules.result import Part, RefundPart, SettlementResult

_BALANCE_WORDS = {
    "paid": _("Balance that you paid in"),
    "deposit": _("Deposit"),
}


def settle(facts: SettlementFacts) -> SettlementResult:
    """Charges are met from gifts and money in the order of the terms; what is left goes back.

    Facts are put in the order of their references: in whatever order they are read, the same
    facts give the same settlement with the same digest.
    """
    code = facts.currency
    buckets = sorted((b for b in facts.buckets if b.minor), key=lambda b: b.reference)
    own = [b for b in buckets if b.currency in ("", code)]
    charges = charges_of(facts)
    owed = sum(part.minor for part in charges)
    money, lost = _money(own, facts)
    money += [*unused_days_of(facts), *_credit_notes(facts)]
    gifts, gifts_lost = _gifts(own, facts, owed, sum(part.minor for part in money))
    left = sum(part.minor for part in (*money, *gifts)) - owed
    others = _other_currencies(buckets, facts)
    own_payments = [p for p in facts.payments if p.currency in ("", code)]
    smallest = facts.terms.smallest_transfer
    refunds = plan_refunds(max(left, 0), own_payments, currency=code, smallest_transfer=smallest)
    return SettlementResult(
        currency=code,
        last_day=facts.last_day,
        spent=tuple((bucket.reference, bucket.minor) for bucket in buckets),
        used_credits=tuple(sorted(credit.reference for credit in facts.credits)),
        billed_usage=tuple(
            sorted(use.reference for use in facts.usage if use.used_on <= facts.last_day)
        ),
        credits=(*money, *gifts, *others.kept),
        charges=charges,
        forfeited=(*lost, *gifts_lost, *others.lost),
        set_aside=set_aside_of(facts),
        refunds=(*refunds, *others.refunds),
        refund_minor=max(left, 0),
        due_minor=max(-left, 0),
        other_refunds=others.totals,
    )


def _money(buckets: Sequence[BucketFacts], facts: SettlementFacts) -> tuple[list[Part], list[Part]]:
    """Paid balances and deposits; and those which are lost because their day is over."""
    kept: list[Part] = []
    lost: list[Part] = []
    for bucket in buckets:
        if bucket.kind == "promotional":
            continue
        currency = bucket.currency or facts.currency
        if bucket.kind == "paid" and facts.terms.forfeits_expired and _is_over(bucket, facts):
            words = _("Balance past its day, not refunded")
            lost.append(
                Part("expired_balance", words, bucket.minor, currency, {}, 0, bucket.reference)
            )
            continue
        words = _BALANCE_WORDS[bucket.kind]
        part = Part(
            f"{bucket.kind}_balance", words, bucket.minor, currency, {}, 0, bucket.reference
        )
        kept.append(part)
    return kept, lost


def _is_over(dated: BucketFacts | CreditFacts, facts: SettlementFacts) -> bool:
    return dated.expires_on is not None and dated.expires_on < facts.last_day


def _credit_notes(facts: SettlementFacts) -> list[Part]:
    return [
        Part(
            "credit_note",
            _("Credit note: %(description)s"),
            credit.minor,
            facts.currency,
            {"description": credit.description},
        )
        for credit in sorted(facts.credits, key=lambda c: c.reference)
        if credit.minor and not credit.is_coupon
    ]


def _gifts(
    buckets: Sequence[BucketFacts], facts: SettlementFacts, owed: int, money: int
) -> tuple[list[Part], list[Part]]:
    """Coupons and promotional credit: what of them meets charges, and what ends unused.

    Coupons come first always: they are good for nothing else. money: minor units that would meet
    the charges instead, if the terms say that paid money is spent first.
    """
    used: list[Part] = []
    ended: list[Part] = []
    for part in _coupons(facts):
        owed = _spend(part, owed, used, ended)
    if facts.terms.spend_first == "paid":
        owed = max(owed - money, 0)
    for bucket in buckets:
        if bucket.kind != "promotional" or _is_over(bucket, facts):
            continue
        owed = _spend(_gift(bucket, facts.currency), owed, used, ended)
    return used, ended


def _gift(bucket: BucketFacts, currency: str) -> Part:
    words = _("Promotional credit, not refunded")
    return Part("promotional_balance", words, bucket.minor, currency, {}, 0, bucket.reference)


_USED_WORDS = {
    "coupon": _("Coupon: %(description)s"),
    "promotional_balance": _("Promotional credit, used for what you owe"),
}


def _spend(gift: Part, owed: int, used: list[Part], ended: list[Part]) -> int:
    """Splits a gift in what meets `owed` and what ends unused; returns what is still owed."""
    spent = min(gift.minor, owed)
    if spent:
        words = _USED_WORDS[gift.code]
        code = f"{gift.code}_used"
        used.append(Part(code, words, spent, gift.currency, gift.params, 0, gift.bucket))
    if gift.minor - spent:
        rest = gift.minor - spent
        ended.append(
            Part(gift.code, gift.template, rest, gift.currency, gift.params, 0, gift.bucket)
        )
    return owed - spent


def _coupons(facts: SettlementFacts) -> Iterable[Part]:
    for coupon in sorted(facts.credits, key=lambda c: c.reference):
        if coupon.is_coupon and coupon.minor and not _is_over(coupon, facts):
            words = _("Coupon, not refunded: %(description)s")
            params = {"description": coupon.description}
            yield Part("coupon", words, coupon.minor, facts.currency, params)


@dataclass(frozen=True, slots=True)
class _Others:
    """Money in currencies that are not the account's: it meets no charges."""

    kept: tuple[Part, ...] = ()
    lost: tuple[Part, ...] = ()
    refunds: tuple[RefundPart, ...] = ()
    totals: tuple[tuple[str, int], ...] = ()


def _other_currencies(buckets: Sequence[BucketFacts], facts: SettlementFacts) -> _Others:
    """Each goes back in its own currency."""
    others = [b for b in buckets if b.currency not in ("", facts.currency)]
    if not others:
        return _Others()
    kept, lost = _money(others, facts)
    for bucket in others:
        if bucket.kind == "promotional" and not _is_over(bucket, facts):
            lost.append(_gift(bucket, bucket.currency))
    totals: dict[str, int] = {}
    for part in kept:
        totals[part.currency] = totals.get(part.currency, 0) + part.minor
    refunds = [
        part
        for code, total in sorted(totals.items())
        for part in plan_refunds(
            total, [p for p in facts.payments if p.currency == code], currency=code
        )
    ]
    return _Others(tuple(kept), tuple(lost), tuple(refunds), tuple(sorted(totals.items())))
