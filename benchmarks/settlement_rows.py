"""Accounts with money for `settlement.py`, and the work on them in sets."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Max, Min

from signoff.accounts.models import Account, Line
from signoff.config import policies
from signoff.settlement.gathering import Asked, gather
from signoff.settlement.models import BalanceBucket, Bill, Payment, Usage
from signoff.settlement.rules import settle

AT = datetime(2026, 11, 1, tzinfo=UTC)
DAY = date(2026, 11, 22)
BATCH = 2_000


def fill(accounts: int) -> None:
    """Each with one line, two balances, two payments, an unpaid bill and some use."""
    for first in range(0, accounts, BATCH):
        numbers = range(first, min(first + BATCH, accounts))
        made = Account.objects.bulk_create(_account(n) for n in numbers)
        lines = Line.objects.bulk_create(
            _line(n, account) for n, account in zip(numbers, made, strict=True)
        )
        buckets = BalanceBucket.objects.bulk_create(
            BalanceBucket(
                reference=f"B{line.pk}-{kind}", account_id=line.account_id, line=line, kind=kind,
                amount_minor=5_000 + line.pk % 977, as_of=AT,
            )
            for line in lines
            for kind in ("paid", "promotional")
        )  # fmt: skip
        Payment.objects.bulk_create(
            Payment(
                reference=f"ch_{bucket.pk}_{n}", bucket=bucket, amount_minor=3_000,
                method="Visa ···· 4242", paid_at=AT,
            )
            for bucket in buckets
            if bucket.kind == "paid"
            for n in range(2)
        )  # fmt: skip
        Bill.objects.bulk_create(
            Bill(
                number=f"F{line.pk}", account_id=line.account_id, line=line, issued_on=DAY,
                due_on=DAY, total_minor=1_990, state="unpaid", as_of=AT,
            )
            for line in lines
        )  # fmt: skip
        Usage.objects.bulk_create(
            Usage(
                reference=f"U{line.pk}", line=line, description="Roaming", amount_minor=120,
                used_at=AT,
            )
            for line in lines
        )  # fmt: skip


def _account(n: int) -> Account:
    return Account(
        number=f"A{n:07d}", name="Somebody", country="DE", language="en", currency="EUR",
        time_zone="Europe/Berlin", email=f"a{n}@example.org", tax_ppm=190_000, as_of=AT,
    )  # fmt: skip


def _line(n: int, account: Account) -> Line:
    return Line(
        reference=f"L{n}", account=account, msisdn=f"+49151{n:08d}", imsi=f"26201{n:010d}",
        plan="Plan", billing="arrears", monthly_minor=2_990, cycle_day=n % 28 + 1,
        activated_on=date(2024, 1, 1), as_of=AT,
    )  # fmt: skip


def work(what: str, accounts: int, half: int, *, after_first: Callable[[], None]) -> int:
    """Settles (or only reads) every second batch; returns how many accounts."""
    del accounts
    count = 0
    for number, asked in enumerate(_batches()):
        if number % 2 != half:
            continue
        if what == "read":
            _read(asked)
        else:
            for facts in gather(asked):
                settle(facts)
        count += len(asked)
        if count == len(asked):
            after_first()
    return count


def _batches() -> Iterator[list[Asked]]:
    """By id, so that no batch is found by counting rows over."""
    ends = Account.objects.aggregate(first=Min("pk"), last=Max("pk"))
    for first in range(ends["first"], ends["last"] + 1, BATCH):
        accounts = list(Account.objects.filter(pk__gte=first, pk__lt=first + BATCH))
        lines: dict[int, list[Line]] = defaultdict(list)
        for line in Line.objects.filter(account__in=accounts):
            lines[line.account_id].append(line)
        yield [
            Asked(
                one,
                lines[one.pk],
                whole_account=True,
                last_day=DAY,
                policy=policies().for_country(one.country),
            )
            for one in accounts
        ]


def _read(asked: list[Asked]) -> None:
    """The rows that a settlement needs, and nothing done with them."""
    ids = [one.account.pk for one in asked]
    models: list[tuple[Any, str]] = [
        (BalanceBucket, "account__in"), (Payment, "bucket__account__in"), (Bill, "account__in"),
        (Usage, "line__account__in"),
    ]  # fmt: skip
    for model, field in models:
        list(model.objects.filter(**{field: ids}).values_list())
