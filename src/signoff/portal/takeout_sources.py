"""What the chapters after the takeout know about a person: it is handed to it from here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from signoff.accounts.models import Account
from signoff.closing.models import Case
from signoff.closing.takeout import closings_taken
from signoff.evidence.takeout import photos_taken, registered_number_taken
from signoff.hotline.queries import callers_asked, calls_with
from signoff.hotline.takeout import callers_taken, calls_taken
from signoff.notice.takeout import notices_taken
from signoff.portal.desk_names import names_of
from signoff.portal.sent_shown import sent_to
from signoff.review.takeout import reviews_taken
from signoff.talk.queries import all_for_customer
from signoff.talk.takeout import messages_taken


def later_rows(
    account: Account, cases: Sequence[Case], *, now: datetime
) -> dict[str, list[dict[str, Any]]]:
    """Lists of plain values by path, without its ending. cases: all of the account's."""
    numbers = {case.pk: case.number for case in cases}
    messages, calls = all_for_customer(account), calls_with(account)
    with translation.override(account.language):
        names = names_of([*(row.user for row in messages), *(row.agent for row in calls)])
    reviews = reviews_taken(numbers, now=now)
    return {
        "personal/identity_document": registered_number_taken(account),
        "closings/closings": closings_taken(cases, now=now),
        **{f"closings/{name}": rows for name, rows in reviews.items()},
        "closings/photos": photos_taken(numbers),
        "conversations/messages": messages_taken(messages, names),
        "conversations/calls": calls_taken(calls, names, now=now),
        "conversations/sent": notices_taken(reversed(sent_to(account)), numbers),
        "conversations/callers": callers_taken(callers_asked(account)),
    }
