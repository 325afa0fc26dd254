"""Reads of messages and tickets."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, QuerySet

from signoff.accounts.models import Account
from signoff.closing.models import Case
from signoff.talk.conversations import About, written_about
from signoff.talk.models import Author, Kind, Message, TicketState


def messages_of(case: Case) -> list[Message]:
    """Everything about a case for the desk, tickets among it, oldest first (one query)."""
    return list(Message.objects.filter(case=case).select_related("user").order_by("at", "pk"))


def messages_without_case(account: Account) -> list[Message]:
    """Everything of an account that is about no case, tickets among it, oldest first (one query)."""
    rows = Message.objects.filter(account=account, case=None).select_related("user")
    return list(rows.order_by("at", "pk"))


def for_customer(about: About) -> list[Message]:
    """What the customer and the desk wrote to each other, oldest first; no tickets."""
    return list(written_about(about).select_related("user").order_by("at", "pk"))


def all_for_customer(account: Account) -> list[Message]:
    """The same of all cases of an account, and of none: what a person takes along (one query)."""
    rows = Message.objects.filter(account=account, kind=Kind.MESSAGE)
    return list(rows.select_related("case", "user").order_by("at", "pk"))


def unread_by_customer(about: About) -> int:
    """Messages of the desk that the customer has not seen."""
    return written_about(about).filter(author=Author.DESK, read_at=None).count()


def unread_of(account: Account) -> dict[UUID | None, int]:
    """Messages of the desk that a customer has not seen, by case; None: about none (one query)."""
    rows = Message.objects.filter(
        account=account, kind=Kind.MESSAGE, author=Author.DESK, read_at=None
    )
    return dict(rows.values_list("case_id").annotate(number=Count("pk")).order_by())


def _unseen() -> QuerySet[Message]:
    return Message.objects.filter(kind=Kind.MESSAGE, author=Author.CUSTOMER, read_at=None)


def unread_by_desk(numbers: Collection[str]) -> dict[str, int]:
    """Messages of customers that nobody has seen, by case number; a case without is missing."""
    rows = _unseen().filter(case__number__in=numbers).values_list("case__number")
    return dict(rows.annotate(number=Count("pk")).order_by())


def unread_cases() -> QuerySet[Message, UUID | None]:
    """Ids of the cases with messages of customers that nobody at the desk has seen."""
    rows = _unseen().filter(case__isnull=False)
    return rows.values_list("case_id", flat=True).distinct().order_by()


def unread_for_desk() -> list[str]:
    """Of each message of a customer that nobody has seen its case's number, oldest first; empty
    for one that is about no case (one query)."""
    rows = _unseen().order_by("at", "pk").values_list("case__number", flat=True)
    return [number or "" for number in rows]


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
