"""Reads the last bills of an account and marks what looks unusual on them."""

from collections.abc import Iterator

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from signoff.accounts.models import Account
from signoff.settlement.models import Bill, BillItem, Stay
from signoff.settlement.rules.unusual import ItemFacts, Mark, StayFacts, unusual_items

BILLS = 12
"""So many of each line are looked at: a year of monthly bills."""


def marks_for(account: Account) -> dict[int, tuple[Mark, ...]]:
    """Marks by primary key of the item, of the last twelve bills of each line (four queries at most).

    Items with nothing unusual, and those of older bills, are not in it.
    """
    return unusual_items(_items(account), _stays(account), currency=account.currency)


def _items(account: Account) -> Iterator[ItemFacts]:
    newest = Window(
        RowNumber(),
        partition_by=F("line"),
        order_by=[F("issued_on").desc(), F("number").desc()],
    )
    bills = Bill.objects.filter(account=account).annotate(place=newest).filter(place__lte=BILLS)
    last = {bill.pk: bill for bill in bills.select_related("line")}
    for item in BillItem.objects.filter(bill__in=list(last)):
        bill = last[item.bill_id]
        yield ItemFacts(
            key=item.pk,
            bill=bill.number,
            issued_on=bill.issued_on,
            line=bill.line.reference if bill.line else "",
            kind=item.kind,
            description=item.description,
            minor=item.amount_minor,
            position=item.position,
            country=item.country,
            first_day=item.first_day,
            last_day=item.last_day,
        )


def _stays(account: Account) -> list[StayFacts] | None:
    """None where the carrier tells nothing of stays: then roaming cannot be held against them."""
    stays = Stay.objects.filter(line__account=account).values_list(
        "line__reference", "country", "first_day", "last_day"
    )
    found = [StayFacts(*row) for row in stays]
    return found if found or Stay.objects.exists() else None
