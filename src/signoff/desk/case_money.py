"""The money of one case on one page: where it goes, what was settled, what was booked."""

from collections.abc import Sequence
from dataclasses import dataclass

from signoff.closing.models import Case
from signoff.journal.models import Entry
from signoff.journal.queries import entries_of
from signoff.kernel.money import from_minor
from signoff.presentation.wording import money
from signoff.settlement.models import Refund, Settlement
from signoff.settlement.queries import refunds_of, versions_of


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the settlement: its number, why it was made, and what it promised."""

    row: Settlement
    amount: str
    due: str


@dataclass(frozen=True, slots=True)
class CaseMoney:
    """Each list may be empty."""

    refunds: Sequence[Refund]
    versions: Sequence[Version]
    entries: Sequence[Entry]


def money_of(case: Case) -> CaseMoney:
    """Four queries, however much there is."""
    return CaseMoney(
        refunds_of(case.pk), [_version(row) for row in versions_of(case.pk)], entries_of(case.pk)
    )


def _version(row: Settlement) -> Version:
    content = row.content
    currency, due = content["currency"], content["due"]
    return Version(
        row,
        money(from_minor(content["refund_total"], currency)),
        money(from_minor(due, currency)) if due else "",
    )
