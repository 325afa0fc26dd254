"""Reads for the hotline."""

from datetime import datetime

from signoff.accounts.models import Account, User
from signoff.accounts.queries import lines_of
from signoff.closing.models import Case
from signoff.closing.queries import lines_of as lines_of_case
from signoff.hotline.models import Verification
from signoff.hotline.rules import TRIES, VERIFIED_FOR, WITHIN, Known
from signoff.kernel.money import from_minor
from signoff.settlement.queries import payments_of


def known_of(case: Case) -> Known:
    """What the owner of the case's account knows."""
    lines, payments = lines_of_case(case), payments_of(case.account)
    paid = payments[0] if payments else None
    return Known(
        plans=frozenset(line.plan for line in lines),
        months=frozenset(f"{line.activated_on:%Y-%m}" for line in lines),
        last_payment=from_minor(paid.amount_minor, case.account.currency) if paid else None,
        lines=len(lines_of(case.account)),
    )


def verified_until(case: Case, agent: User, now: datetime) -> datetime | None:
    """Until when this agent may tell the caller of this case; None: not, or not any more."""
    rows = Verification.objects.filter(
        case=case, agent=agent, passed=True, at__gt=now - VERIFIED_FOR
    )
    newest = rows.order_by("-at").first()
    return newest.at + VERIFIED_FOR if newest else None


def tries_left(account: Account, now: datetime) -> int:
    """How many more times a caller may fail for this account now."""
    failed = Verification.objects.filter(account=account, passed=False, at__gt=now - WITHIN)
    return max(0, TRIES - failed.count())
