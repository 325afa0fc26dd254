"""Reads bills with what a customer should know of each: what is left, unusual, and disputed."""

from collections.abc import Sequence
from dataclasses import dataclass

from moneyed import Money

from signoff.accounts.models import Account
from signoff.kernel.money import currency, from_minor
from signoff.settlement.disputes.queries import disputes_of
from signoff.settlement.models import Bill, BillItem, Dispute, DisputeState
from signoff.settlement.rules.unusual import Mark
from signoff.settlement.unusual import marks_for


@dataclass(frozen=True, slots=True)
class ItemShown:
    """An item, why it looks unusual, and its dispute if there was one."""

    item: BillItem
    marks: tuple[Mark, ...]
    dispute: Dispute | None

    @property
    def can_be_disputed(self) -> bool:
        """Once, and only what was charged."""
        return self.dispute is None and self.item.amount_minor > 0


@dataclass(frozen=True, slots=True)
class BillShown:
    """A bill with its items. payable: what can be paid of it now; set_aside: what is disputed."""

    bill: Bill
    payable: Money
    set_aside: Money
    items: tuple[ItemShown, ...]

    @property
    def unusual(self) -> int:
        """How many items are marked."""
        return sum(1 for shown in self.items if shown.marks)

    @property
    def is_disputed(self) -> bool:
        """A person has still to decide about an item."""
        return any(s.dispute and s.dispute.state == DisputeState.OPEN for s in self.items)


def bills_shown(account: Account, bills: Sequence[Bill]) -> list[BillShown]:
    """The same bills, in the same order, of this very account (six queries at most)."""
    marks = marks_for(account)
    disputes = {dispute.item_id: dispute for dispute in disputes_of(account)}
    return [_shown(bill, account.currency, marks, disputes) for bill in bills]


def _shown(
    bill: Bill, code: str, marks: dict[int, tuple[Mark, ...]], disputes: dict[int, Dispute]
) -> BillShown:
    items = tuple(
        ItemShown(item, marks.get(item.pk, ()), disputes.get(item.pk)) for item in bill.items.all()
    )
    open_disputes = (s.dispute for s in items if s.dispute and s.dispute.state == DisputeState.OPEN)
    aside = sum(dispute.unpaid_minor for dispute in open_disputes)
    return BillShown(
        bill=bill,
        payable=from_minor(max(bill.left_minor - aside, 0), code),
        set_aside=from_minor(aside, code),
        items=items,
    )


def total_payable(bills: Sequence[BillShown], code: str) -> Money:
    """Of all of them."""
    return sum((shown.payable for shown in bills), Money(0, currency(code)))
