"""Verifying a caller."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from signoff.accounts.models import User
from signoff.accounts.queries import locked_account
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.closing.models import Case
from signoff.closing.queries import locked_case
from signoff.closing.state import stream_of
from signoff.hotline.models import Verification
from signoff.hotline.queries import known_of, tries_left
from signoff.hotline.rules import Fact, facts_asked, passes, right
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _


def verify_caller(
    *, case: Case, agent: User, said: Mapping[Fact, str], now: datetime
) -> Verification:
    """Compares what a caller said; what they said is not kept, and which was wrong is not told.

    Raises Refusal ("locked") once it has failed too often for the account within a day.
    """
    with transaction.atomic():
        locked_account(case.account_id)
        if not tries_left(case.account, now):
            raise Refusal(
                "locked",
                _(
                    "Three callers failed for this account within a day: nobody is verified for it"
                    " by telephone now. File a ticket, and the customer is written to."
                ),
            )
        known = known_of(case)
        count = len(right(known, said))
        row = Verification.objects.create(
            account=case.account,
            case=case,
            agent=agent,
            at=now,
            asked=[fact.value for fact in facts_asked(known)],
            answers_right=count,
            passed=passes(count),
        )
        record(
            event=Event.CALLER_VERIFIED if row.passed else Event.CALLER_NOT_VERIFIED,
            stream=stream_of(locked_case(case.pk)),
            at=now,
            actor=f"user:{agent.pk}",
            facts={"asked": " ".join(row.asked), "right": count},
        )
    return row
