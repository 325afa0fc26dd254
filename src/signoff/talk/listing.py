"""The list of conversations, for whoever answers them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, overload

from django.db.models import Count, Max, Min, Q, QuerySet

from signoff.accounts.models import Account
from signoff.closing.models import Case
from signoff.talk.models import Author, Kind, Message

_UNREAD = Q(author=Author.CUSTOMER, read_at=None)


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation in the list. case: None if it is about none. unread: messages of the customer
    that nobody has seen. waits_since: the oldest of them. last: what was written last."""

    account: Account
    case: Case | None
    unread: int
    waits_since: datetime | None
    last: Message


class Talks(Sequence[Talk]):
    """A long list, read a page at a time: it can be counted and sliced."""

    def __init__(self, found: QuerySet[Any, Any]) -> None:
        self._found = found

    def __len__(self) -> int:
        """How many there are (one query)."""
        return self._found.count()

    @overload
    def __getitem__(self, part: int) -> Talk: ...

    @overload
    def __getitem__(self, part: slice) -> list[Talk]: ...

    def __getitem__(self, part: int | slice) -> Talk | list[Talk]:
        """The conversations of a page (two queries, however long it is)."""
        if isinstance(part, int):
            return self._page(slice(part, part + 1))[0]
        return self._page(part)

    def _page(self, part: slice) -> list[Talk]:
        found = list(self._found[part])
        rows = Message.objects.filter(pk__in=[one["last"] for one in found])
        last = {row.pk: row for row in rows.select_related("account", "case", "user")}
        return [_talk(last[one["last"]], one) for one in found]


def _talk(last: Message, numbers: dict[str, Any]) -> Talk:
    return Talk(last.account, last.case, numbers["unread"], numbers["waits_since"], last)


def unread_talks() -> Talks:
    """Those with messages that nobody has seen, who waits longest first."""
    rows = Message.objects.filter(_UNREAD, kind=Kind.MESSAGE)
    return Talks(_grouped(rows).order_by("waits_since", "last"))


def recent_talks(since: datetime) -> Talks:
    """Those in which somebody wrote since then, the newest first; older messages do not count."""
    rows = Message.objects.filter(kind=Kind.MESSAGE, at__gte=since)
    return Talks(_grouped(rows).order_by("-last"))


def _grouped(rows: QuerySet[Message]) -> QuerySet[Any, Any]:
    return rows.values("account_id", "case_id").annotate(
        last=Max("pk"),
        unread=Count("pk", filter=_UNREAD),
        waits_since=Min("at", filter=_UNREAD),
    )
