"""What a closing comes to, to the cent. Pure: facts in, a frozen settlement out.

Each part is rounded to the minor unit of its currency, half up; totals are sums of rounded parts.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import rfc8785
from moneyed import Money

from signoff.kernel.money import currency, rounded, to_minor
from signoff.kernel.periods import billing_period
from signoff.kernel.words import gettext_noop as _


@dataclass(frozen=True, slots=True)
class BucketFacts:
    """Money held. `kind`: paid, promotional or deposit."""

    reference: str
    kind: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment that made a bucket, and how much of it has not been refunded yet."""

    reference: str
    method: str
    left: Money
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class BillFacts:
    """An unpaid bill."""

    number: str
    total: Money


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan that is billed after use: its running period is charged by days."""

    line: str
    plan: str
    monthly: Money
    cycle_day: int
    activated_on: date


@dataclass(frozen=True, slots=True)
class SettlementFacts:
    """All that a settlement is made of. `last_day` is the last day that is charged."""

    currency: str
    last_day: date
    buckets: tuple[BucketFacts, ...] = ()
    payments: tuple[PaymentFacts, ...] = ()
    unpaid: tuple[BillFacts, ...] = ()
    plans: tuple[PlanFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the settlement: words with parameters, and an amount above zero."""

    code: str
    template: str
    amount: Money
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefundPart:
    """Money back: by the `payment` that it came with, or (None) by a transfer, by hand."""

    payment: str | None
    method: str
    amount: Money


@dataclass(frozen=True, slots=True)
class SettlementResult:
    """credits − charges = refund_total − due. `forfeited` is shown apart: it never was money.

    `spent` is what every balance gives, by its reference: the closing takes exactly so much from
    it, and money that arrives later stays where it is.
    """

    spent: tuple[tuple[str, Money], ...]
    credits: tuple[Part, ...]
    charges: tuple[Part, ...]
    forfeited: tuple[Part, ...]
    refunds: tuple[RefundPart, ...]
    refund_total: Money
    due: Money
    last_day: date

    @property
    def forfeited_total(self) -> Money:
        """Sum of what is forfeited."""
        return _sum([part.amount for part in self.forfeited], self.due.currency.code)

    def as_json(self) -> dict[str, object]:
        """Amounts in minor units; what the digest is made of."""
        return {
            "currency": self.due.currency.code,
            "last_day": self.last_day.isoformat(),
            "spent": {reference: to_minor(amount) for reference, amount in self.spent},
            "credits": [_part_json(part) for part in self.credits],
            "charges": [_part_json(part) for part in self.charges],
            "forfeited": [_part_json(part) for part in self.forfeited],
            "refunds": [
                {"payment": r.payment, "method": r.method, "amount": to_minor(r.amount)}
                for r in self.refunds
            ],
            "refund_total": to_minor(self.refund_total),
            "due": to_minor(self.due),
        }

    @property
    def digest(self) -> str:
        """Names this very settlement: any other amount, part or route has another digest."""
        return hashlib.sha256(rfc8785.dumps(self.as_json())).hexdigest()  # type: ignore[arg-type]


def _part_json(part: Part) -> dict[str, object]:
    return {
        "code": part.code,
        "template": part.template,
        "params": {name: str(value) for name, value in part.params.items()},
        "amount": to_minor(part.amount),
    }


def _sum(amounts: Sequence[Money], code: str) -> Money:
    return sum(amounts, Money(0, currency(code)))


def settle(facts: SettlementFacts) -> SettlementResult:
    """Charges are met from paid money and deposits first; what is left goes back.

    Facts are put in the order of their references: in whatever order they are read, the same
    facts give the same settlement with the same digest.
    """
    code = facts.currency
    buckets = sorted((b for b in facts.buckets if b.amount.amount), key=lambda b: b.reference)
    credits_ = tuple(_credit(b) for b in buckets if b.kind != "promotional")
    forfeited = tuple(_gift(b) for b in buckets if b.kind == "promotional")
    unpaid = sorted(facts.unpaid, key=lambda bill: bill.number)
    plans = sorted(facts.plans, key=lambda plan: plan.line)
    charges = tuple(
        part
        for part in (*map(_unpaid, unpaid), *(_usage(plan, facts) for plan in plans))
        if part.amount.amount
    )
    left = _sum([p.amount for p in credits_], code) - _sum([p.amount for p in charges], code)
    nothing = Money(0, currency(code))
    refund_total, due = (left, nothing) if left.amount >= 0 else (nothing, -left)
    return SettlementResult(
        spent=tuple((bucket.reference, bucket.amount) for bucket in buckets),
        credits=credits_,
        charges=charges,
        forfeited=forfeited,
        refunds=plan_refunds(refund_total, facts.payments),
        refund_total=refund_total,
        due=due,
        last_day=facts.last_day,
    )


def plan_refunds(total: Money, payments: Sequence[PaymentFacts]) -> tuple[RefundPart, ...]:
    """Back the way it came, newest payment first, none above what is left of it; rest by hand."""
    parts: list[RefundPart] = []
    rest = total
    for payment in sorted(payments, key=lambda p: (p.paid_at, p.reference), reverse=True):
        amount = min(rest, payment.left)
        if amount.amount > 0:
            parts.append(RefundPart(payment.reference, payment.method, amount))
            rest -= amount
    if rest.amount > 0:
        parts.append(RefundPart(None, _("Bank transfer"), rest))
    return tuple(parts)


def _credit(bucket: BucketFacts) -> Part:
    template = _("Deposit") if bucket.kind == "deposit" else _("Balance that you paid in")
    return Part(f"{bucket.kind}_balance", template, bucket.amount)


def _gift(bucket: BucketFacts) -> Part:
    return Part("promotional_balance", _("Promotional credit, not refunded"), bucket.amount)


def _unpaid(bill: BillFacts) -> Part:
    return Part("unpaid_bill", _("Unpaid bill %(number)s"), bill.total, {"number": bill.number})


def _usage(plan: PlanFacts, facts: SettlementFacts) -> Part:
    """The monthly price by days, from the start of the running period to the last day."""
    period = billing_period(facts.last_day, plan.cycle_day)
    first = max(period.first, plan.activated_on)
    used = max((facts.last_day - first).days + 1, 0)
    amount = rounded(plan.monthly.amount * Decimal(used) / Decimal(period.days), facts.currency)
    return Part(
        "plan_by_days",
        _("%(plan)s, %(used)s of %(days)s days"),
        Money(amount, currency(facts.currency)),
        {"plan": plan.plan, "used": used, "days": period.days},
    )
