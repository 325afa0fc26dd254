"""Reads of messages and tickets."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, QuerySet

from signoff.accounts.models import Account
from signoff.closing.models import Case
from signoff.talk.models import Author, Kind, Message, TicketState


def messages_of(case: Case) -> list[Message]:
    """Everything about a case for the desk, tickets among it, oldest first (one query)."""
    return list(Message.objects.filter(case=case).select_related("user").order_by("at", "pk"))


def for_customer(case: Case) -> list[Message]:
    """What the customer and the desk wrote to each other, oldest first; no tickets."""
    rows = Message.objects.filter(case=case, kind=Kind.MESSAGE).select_related("user")
    return list(rows.order_by("at", "pk"))


def unread_by_customer(case: Case) -> int:
    """Messages of the desk that the customer has not seen."""
    return Message.objects.filter(
        case=case, kind=Kind.MESSAGE, author=Author.DESK, read_at=None
    ).count()


def unread_by_desk(cases: Collection[UUID]) -> dict[UUID, int]:
    """Messages of customers that nobody has seen, by case; a case without is missing."""
    rows = (
        Message.objects.filter(case__in=cases, author=Author.CUSTOMER, read_at=None)
        .values_list("case_id")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return {case: number for case, number in rows if case}


def unread_cases() -> QuerySet[Message, UUID | None]:
    """Ids of the cases with messages of customers that nobody at the desk has seen."""
    rows = Message.objects.filter(kind=Kind.MESSAGE, author=Author.CUSTOMER, read_at=None)
    return rows.values_list("case_id", flat=True).distinct().order_by()


def tickets(state: TicketState | None = TicketState.OPEN) -> QuerySet[Message]:
    """Tickets in a state (None: all), oldest first."""
    rows = Message.objects.filter(kind=Kind.TICKET)
    if state is not None:
        rows = rows.filter(ticket_state=state)
    return rows.select_related("case", "account", "user", "done_by").order_by("at", "pk")


def tickets_of(account: Account) -> list[Message]:
    """Tickets about an account and its cases, newest first."""
    rows = Message.objects.filter(kind=Kind.TICKET, account=account)
    return list(rows.select_related("case", "user").order_by("-at", "-pk"))
