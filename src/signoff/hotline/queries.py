"""Reads for the hotline."""

from datetime import datetime

from django.db.models import QuerySet

from signoff.accounts.models import Account, User
from signoff.accounts.queries import lines_of
from signoff.closing.models import Case
from signoff.closing.queries import lines_of as lines_of_case
from signoff.hotline.models import Call, Method, Verification
from signoff.hotline.rules import CALL_SHOWN, TRIES, VERIFIED_FOR, WITHIN, Known
from signoff.kernel.money import from_minor
from signoff.settlement.queries import payments_of


def known_of(case: Case) -> Known:
    """What the owner of the case's account knows. Of payments in several currencies the newest in
    the account's own counts: the ranges that are asked for are in it."""
    lines, own = lines_of_case(case), case.account.currency
    in_own = (p for p in payments_of(case.account) if p.bucket and p.bucket.currency in {"", own})
    paid = next(in_own, None)
    return Known(
        plans=frozenset(line.plan for line in lines),
        months=frozenset(f"{line.activated_on:%Y-%m}" for line in lines),
        last_payment=from_minor(paid.amount_minor, own) if paid else None,
        lines=len(lines_of(case.account)),
    )


def verified_until(case: Case, agent: User, now: datetime) -> datetime | None:
    """Until when this agent may tell the caller of this case; None: not, or not any more.

    By the customer's page: while that call goes on. A no from there ends what was before it,
    whoever had verified a caller, and how.
    """
    since = now - VERIFIED_FOR
    rows = Verification.objects.filter(account=case.account, at__gt=since)
    untils = []
    for row in rows.select_related("call__agent").order_by("-at", "-pk"):
        if row.method == Method.PAGE and not row.passed:
            break
        if row.passed and (row.case_id, row.agent_id) == (case.pk, agent.pk):
            untils.append(_good_until(row, now))
    return max(filter(None, untils), default=None)


def _good_until(row: Verification, now: datetime) -> datetime | None:
    if row.call is None:
        return row.at + VERIFIED_FOR
    return row.call.ends_at if row.call.goes_on_at(now) else None


def tries_left(account: Account, now: datetime) -> int:
    """How many more times a caller may fail for this account now."""
    failed = Verification.objects.filter(account=account, passed=False, at__gt=now - WITHIN)
    return max(0, TRIES - failed.count())


def open_calls(now: datetime) -> QuerySet[Call]:
    """Calls that go on. Of somebody who has left the staff there is none."""
    rows = Call.objects.filter(ended_at=None, ends_at__gt=now)
    return rows.filter(agent__is_staff=True, agent__is_active=True).select_related(
        "account", "case", "agent"
    )


def open_call_with(account: Account, now: datetime) -> Call | None:
    """Whether one of us is on the telephone with this customer: at most one."""
    return open_calls(now).filter(account=account).first()


def open_call_about(case: Case, now: datetime) -> Call | None:
    """The same, if it is about this case."""
    return open_calls(now).filter(case=case).first()


def recent_calls(account: Account, now: datetime) -> list[Call]:
    """Calls with this customer that began within CALL_SHOWN, over or not, newest first (one
    query)."""
    rows = Call.objects.filter(account=account, started_at__gt=now - CALL_SHOWN)
    return list(rows.select_related("account", "case", "agent").order_by("-started_at", "-pk"))


def calls_with(account: Account) -> list[Call]:
    """All calls with a customer, oldest first (one query)."""
    rows = Call.objects.filter(account=account).select_related("case", "agent")
    return list(rows.order_by("started_at", "pk"))


def callers_asked(account: Account) -> list[Verification]:
    """When callers were asked who they are, oldest first (one query)."""
    rows = Verification.objects.filter(account=account, method=Method.QUESTIONS)
    return list(rows.select_related("case").order_by("at", "pk"))
