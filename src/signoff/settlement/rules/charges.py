"""What is charged, and what of a period paid in advance comes back. Each part rounded half up."""

from datetime import date

from signoff.kernel.periods import billing_period
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.rules.facts import PlanFacts, Proration, SettlementFacts
from signoff.settlement.rules.result import Part

_MILLION = 1_000_000


def half_up(numerator: int, denominator: int) -> int:
    """The quotient of two numbers, not negative, rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def taxed(net_or_gross: int, facts: SettlementFacts) -> tuple[int, int]:
    """(amount with tax, tax in it) of a price; the tax is rounded by itself."""
    if facts.prices_include_tax:
        return net_or_gross, half_up(net_or_gross * facts.tax_ppm, _MILLION + facts.tax_ppm)
    tax = half_up(net_or_gross * facts.tax_ppm, _MILLION)
    return net_or_gross + tax, tax


def charges_of(facts: SettlementFacts) -> tuple[Part, ...]:
    """Unpaid bills, the running periods, use not billed yet, and fees: each above zero."""
    code = facts.currency
    parts = [
        Part("unpaid_bill", _("Unpaid bill %(number)s"), left, code, {"number": bill.number})
        for bill in sorted(facts.unpaid, key=lambda bill: bill.number)
        if (left := bill.left - bill.disputed) > 0
    ]
    parts += [
        part
        for plan in sorted(facts.plans, key=lambda plan: plan.line)
        if not plan.in_advance and (part := _plan_after_use(plan, facts))
    ]
    for use in sorted(facts.usage, key=lambda use: (use.used_on, use.reference)):
        if use.minor and use.used_on <= facts.last_day:
            gross, tax = taxed(use.minor, facts)
            words = _("Use not billed yet: %(description)s")
            params = {"description": use.description}
            parts.append(Part("usage", words, gross, code, params, tax))
    return (*parts, *_fees(facts))


def set_aside_of(facts: SettlementFacts) -> tuple[Part, ...]:
    """What open disputes keep out of unpaid bills."""
    return tuple(
        Part(
            "disputed",
            _("Disputed on bill %(number)s, set aside"),
            min(bill.disputed, bill.left),
            facts.currency,
            {"number": bill.number},
        )
        for bill in sorted(facts.unpaid, key=lambda bill: bill.number)
        if min(bill.disputed, bill.left) > 0
    )


def unused_days_of(facts: SettlementFacts) -> tuple[Part, ...]:
    """What comes back of periods that were billed in advance, by their days that are left."""
    if facts.terms.proration is not Proration.DAYS:
        return ()
    parts = []
    for plan in sorted(facts.plans, key=lambda plan: plan.line):
        if not plan.in_advance or plan.activated_on > facts.last_day:
            continue
        period = billing_period(facts.last_day, plan.cycle_day)
        left = (period.last - facts.last_day).days
        gross, tax = taxed(half_up(plan.monthly * left, period.days), facts)
        if gross:
            words = _("%(plan)s, %(left)s of %(days)s days not used")
            params = {"plan": plan.plan, "left": left, "days": period.days}
            parts.append(Part("plan_unused_days", words, gross, facts.currency, params, tax))
    return tuple(parts)


def _plan_after_use(plan: PlanFacts, facts: SettlementFacts) -> Part | None:
    """The running period of a plan that is billed after use, from its start to the last day."""
    period = billing_period(facts.last_day, plan.cycle_day)
    used = _days_used(max(period.first, plan.activated_on), facts.last_day)
    if not used or facts.terms.proration is Proration.NONE:
        return None
    if facts.terms.proration is Proration.PERIOD:
        gross, tax = taxed(plan.monthly, facts)
        words, params = _("%(plan)s, the running month"), {"plan": plan.plan}
        return Part("plan_period", words, gross, facts.currency, params, tax) if gross else None
    gross, tax = taxed(half_up(plan.monthly * used, period.days), facts)
    if not gross:
        return None
    by_days = {"plan": plan.plan, "used": used, "days": period.days}
    words = _("%(plan)s, %(used)s of %(days)s days")
    return Part("plan_by_days", words, gross, facts.currency, by_days, tax)


def _days_used(first: date, last: date) -> int:
    return max((last - first).days + 1, 0)


def _fees(facts: SettlementFacts) -> tuple[Part, ...]:
    """The row of each commitment's declining table in which the last day falls."""
    parts = []
    for fee in sorted(facts.fees, key=lambda fee: (fee.line, fee.first_day)):
        if fee.minor and fee.first_day <= facts.last_day <= fee.last_day:
            gross, tax = taxed(fee.minor, facts) if fee.is_taxed else (fee.minor, 0)
            words = _("Fee for ending %(plan)s early")
            code = "early_termination_fee"
            parts.append(Part(code, words, gross, facts.currency, {"plan": fee.plan}, tax))
    return tuple(parts)
