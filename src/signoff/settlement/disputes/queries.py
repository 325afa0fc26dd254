"""Reads of disputes."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from signoff.accounts.models import Account
from signoff.settlement.models import BillItem, Dispute, DisputeState


def _complete() -> QuerySet[Dispute]:
    return Dispute.objects.select_related("item__bill__account", "item__bill__line", "resolved_by")


def dispute(identifier: UUID) -> Dispute:
    """Raises Dispute.DoesNotExist."""
    return _complete().get(pk=identifier)


def open_disputes() -> list[Dispute]:
    """Those that wait for a person, oldest first."""
    return list(_complete().filter(state=DisputeState.OPEN).order_by("opened_at"))


def disputes_of(account: Account) -> list[Dispute]:
    """All disputes of an account, newest first."""
    return list(_complete().filter(item__bill__account=account).order_by("-opened_at"))


def dispute_ids(account: Account) -> list[UUID]:
    """Of all disputes of an account."""
    return list(Dispute.objects.filter(item__bill__account=account).values_list("pk", flat=True))


def open_dispute_bills(account: Account, lines: Sequence[int], *, whole: bool) -> list[str]:
    """Numbers of the bills with an open dispute that a closing of these lines would settle."""
    rows = Dispute.objects.filter(item__bill__account=account, state=DisputeState.OPEN)
    found = rows.values_list("item__bill__number", "item__bill__line").distinct()
    return sorted(number for number, line in found if (whole if line is None else line in lines))


def resolved_disputes() -> list[Dispute]:
    """The newest fifty that a person has decided."""
    rows = _complete().exclude(state=DisputeState.OPEN)
    return list(rows.order_by("-resolved_at")[:50])


def history_of(item: BillItem) -> list[BillItem]:
    """The same item on the bills of this account and line, newest first, with their bills.

    The same is what has the same kind and the same words; at most the newest two dozen.
    """
    rows = BillItem.objects.filter(
        bill__account=item.bill.account_id,
        bill__line=item.bill.line_id,
        kind=item.kind,
        description=item.description,
    )
    return list(rows.select_related("bill").order_by("-bill__issued_on", "position")[:24])
