"""Letters about the money of a case."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from signoff.accounts.models import User
from signoff.closing.letters import tell, words_for
from signoff.closing.models import Case
from signoff.closing.queries import case_by_id
from signoff.kernel.formats import money_text
from signoff.settlement.payouts.by_hand import ended
from signoff.settlement.queries import refund_of
from signoff.settlement.rules import SettlementResult


def tell_of_change(case: Case, kind: str, result: SettlementResult, now: datetime) -> None:
    """`amount_changed` (it goes on) or `confirm_again` (we wait for the customer)."""
    amount = money_text(result.refund_total, case.language)
    words = replace(words_for(case), amount=amount)
    tell(case, kind, words, now, part=result.digest[:12])


def ask_for_place(case: Case, now: datetime) -> None:
    """A part of the money cannot go back the way it came, and nobody has said where else."""
    tell(case, "place_needed", words_for(case), now)


def tell_of_failure(case: Case, now: datetime) -> None:
    """A refund came back: the customer names another place on the page of the case."""
    tell(case, "refund_failed", words_for(case), now, part=now.date().isoformat())


def tell_of_return(*, refund: int, by: User, now: datetime) -> None:
    """A transfer that a person made came back: noted, and its customer asked, in one commit.

    Raises as `settlement.payouts.by_hand.ended`.
    """
    with transaction.atomic():
        ended(refund=refund, arrived=False, by=by, now=now)
        tell_of_failure(case_by_id(refund_of(refund).case), now)
