"""Reads the facts of settlements in sets: the same seven queries for one account or a thousand."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum

from signoff.accounts.models import Account, Billing, Line
from signoff.policies.model import Policy
from signoff.settlement.models import (
    BalanceBucket,
    Bill,
    BillState,
    Credit,
    CreditKind,
    DisputeState,
    EarlyTerminationFee,
    Payment,
    Usage,
)
from signoff.settlement.rules import (
    BillFacts,
    BucketFacts,
    CreditFacts,
    FeeFacts,
    PaymentFacts,
    PlanFacts,
    SettlementFacts,
    UsageFacts,
    card_step,
)
from signoff.settlement.terms import terms_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines of an account are settled, and by which rules.

    whole_account: and what belongs to no line.
    """

    account: Account
    lines: Sequence[Line]
    whole_account: bool
    last_day: date
    policy: Policy

    def covers(self, line: int | None) -> bool:
        """Whether something that belongs to this line (None: to no line) is settled."""
        return self.whole_account if line is None else any(line == x.pk for x in self.lines)


def gather(asked: Sequence[Asked]) -> list[SettlementFacts]:
    """The facts of each, in the same order. An account is asked for once at most."""
    ids = [one.account.pk for one in asked]
    by_account = {one.account.pk: one for one in asked}
    if len(by_account) != len(asked):
        raise ValueError("an account is asked for twice")
    buckets, payments = _money(ids, by_account)
    unpaid = _unpaid(ids, by_account)
    usage = _usage(ids, by_account)
    credits_ = _credits(ids, by_account)
    fees = _fees(ids, by_account)
    return [
        SettlementFacts(
            currency=one.account.currency,
            last_day=one.last_day,
            buckets=tuple(buckets[pk]),
            payments=tuple(payments[pk]),
            unpaid=tuple(unpaid[pk]),
            plans=tuple(_plan(line) for line in one.lines if line.billing != Billing.PREPAID),
            usage=tuple(usage[pk]),
            credits=tuple(credits_[pk]),
            fees=tuple(fees[pk]),
            tax_ppm=one.account.tax_ppm,
            prices_include_tax=one.account.prices_include_tax,
            terms=terms_of(one.policy, one.account.currency),
        )
        for one in asked
        for pk in (one.account.pk,)
    ]


def _covered(
    rows: Iterable[tuple[Any, ...]],
    by_account: dict[int, Asked],
    made: Callable[..., T],
) -> dict[int, list[T]]:
    """Rows begin with account and line; what follows goes to `made`."""
    found: dict[int, list[T]] = defaultdict(list)
    for account, line, *rest in rows:
        if by_account[account].covers(line):
            found[account].append(made(*rest))
    return found


def _money(
    ids: list[int], by_account: dict[int, Asked]
) -> tuple[dict[int, list[BucketFacts]], dict[int, list[PaymentFacts]]]:
    buckets: dict[int, list[BucketFacts]] = defaultdict(list)
    payments: dict[int, list[PaymentFacts]] = defaultdict(list)
    held: dict[int, str] = {}
    rows = BalanceBucket.objects.filter(account__in=ids, amount_minor__gt=0).values_list(
        "account", "line", "pk", "reference", "kind", "amount_minor", "currency", "expires_on"
    )
    for account, line, pk, reference, kind, minor, currency, expires_on in rows:
        if by_account[account].covers(line):
            bucket = BucketFacts(reference, kind, minor, currency, expires_on)
            buckets[account].append(bucket)
            held[pk] = bucket.currency or by_account[account].account.currency
    paid = (
        Payment.objects.filter(bucket__account__in=ids, bucket__amount_minor__gt=0)
        .exclude(bucket__kind="promotional")
        .values_list(
            "bucket__account", "bucket", "reference", "method", "amount_minor", "refunded_minor",
            "paid_at",
        )
    )  # fmt: skip
    for account, bucket_id, reference, method, amount, refunded, paid_at in paid:
        if (code := held.get(bucket_id)) is not None:
            payments[account].append(
                PaymentFacts(reference, method, amount - refunded, paid_at, code, card_step(code))
            )
    return buckets, payments


def _unpaid(ids: list[int], by_account: dict[int, Asked]) -> dict[int, list[BillFacts]]:
    is_open = Q(items__disputes__state=DisputeState.OPEN)
    rows = (
        Bill.objects.filter(account__in=ids, state=BillState.UNPAID)
        .annotate(disputed=Sum("items__disputes__unpaid_minor", filter=is_open))
        .values_list(
            "account", "line", "number", "total_minor", "paid_minor", "credited_minor", "disputed"
        )
    )
    return _covered(
        rows,
        by_account,
        lambda number, total, paid, credited, disputed: BillFacts(
            number, total - paid - credited, disputed or 0
        ),
    )


def _usage(ids: list[int], by_account: dict[int, Asked]) -> dict[int, list[UsageFacts]]:
    found: dict[int, list[UsageFacts]] = defaultdict(list)
    rows = Usage.objects.filter(line__account__in=ids, billed_by_case=None).values_list(
        "line__account", "line", "reference", "description", "amount_minor", "used_at"
    )
    for account, line, reference, description, minor, used_at in rows:
        one = by_account[account]
        if one.covers(line):
            day = used_at.astimezone(_zone(one.account.time_zone)).date()
            found[account].append(UsageFacts(reference, description, minor, day))
    return found


@lru_cache(maxsize=200)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _credits(ids: list[int], by_account: dict[int, Asked]) -> dict[int, list[CreditFacts]]:
    rows = Credit.objects.filter(account__in=ids, used_by_case=None).values_list(
        "account", "line", "reference", "description", "amount_minor", "kind", "expires_on"
    )
    return _covered(
        rows,
        by_account,
        lambda reference, description, minor, kind, day: CreditFacts(
            reference, description, minor, kind == CreditKind.COUPON, day
        ),
    )


def _fees(ids: list[int], by_account: dict[int, Asked]) -> dict[int, list[FeeFacts]]:
    """Not of a line that is so new that leaving is free, whatever its contract says."""
    rows = EarlyTerminationFee.objects.filter(line__account__in=ids).values_list(
        "line__activated_on", "line__account", "line", "line__reference", "line__plan", "first_day",
        "last_day", "amount_minor", "is_taxed",
    )  # fmt: skip
    owed = (
        (account, *row)
        for since, account, *row in rows
        if not _is_free_to_leave(since, by_account[account])
    )
    return _covered(owed, by_account, FeeFacts)


def _is_free_to_leave(activated_on: date, asked: Asked) -> bool:
    days = asked.policy.money.free_exit_days.value
    return bool(days) and asked.last_day <= activated_on + timedelta(days=days)


def _plan(line: Line) -> PlanFacts:
    return PlanFacts(
        line.reference,
        line.plan,
        line.monthly_minor,
        line.cycle_day,
        line.activated_on,
        line.billing == Billing.ADVANCE,
    )
