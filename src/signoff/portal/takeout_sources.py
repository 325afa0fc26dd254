"""What the chapters after the takeout know about a person: it is handed to it from here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from signoff.accounts.models import Account
from signoff.closing.models import Case
from signoff.closing.takeout import closings_taken
from signoff.portal.messages_shown import names_of
from signoff.review.takeout import reviews_taken
from signoff.talk.queries import all_for_customer
from signoff.talk.takeout import messages_taken


def later_rows(
    account: Account, cases: Sequence[Case], *, now: datetime
) -> dict[str, list[dict[str, Any]]]:
    """Lists of plain values by path, without its ending. cases: all of the account's."""
    numbers = {case.pk: case.number for case in cases}
    messages = all_for_customer(account)
    with translation.override(account.language):
        names = names_of(messages)
    reviews = reviews_taken(numbers, now=now)
    return {
        "closings/closings": closings_taken(cases, now=now),
        **{f"closings/{name}": rows for name, rows in reviews.items()},
        "conversations/messages": messages_taken(messages, names),
    }
