"""Letters about the money of a case."""

from dataclasses import replace
from datetime import datetime

from signoff.closing.models import Case
from signoff.closing.operations import tell, words_for
from signoff.kernel.formats import money_text
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
