"""A call as its agent sees it, on the page from which they call."""

from dataclasses import dataclass
from datetime import datetime

from signoff.accounts.models import User
from signoff.closing.models import Case
from signoff.hotline.models import Call
from signoff.hotline.queries import newest_call, open_call_with
from signoff.hotline.rules import Standing


@dataclass(frozen=True, slots=True)
class CallShown:
    """call: the reader's own, and how it stands; nothing of it once it is over without a no.

    other: somebody else of ours is on the telephone with this customer. Their words are not shown.
    """

    call: Call | None
    standing: str
    other: User | None

    @property
    def is_going_on(self) -> bool:
        """The page looks again by itself."""
        return self.standing in {Standing.WAITING.value, Standing.CONFIRMED.value}

    @property
    def mark(self) -> str:
        """Names what is shown: changes when, and only when, there is something new to show."""
        return f"{self.call.pk if self.call else 0}-{self.standing}"


def call_shown(case: Case, user: User, now: datetime) -> CallShown:
    """Two queries at most."""
    own = newest_call(case, user, now)
    if own is not None and (standing := own.standing_at(now)) is not Standing.OVER:
        return CallShown(own, standing.value, None)
    going_on = open_call_with(case.account, now)
    is_theirs = going_on is not None and going_on.agent_id != user.pk
    return CallShown(None, "", going_on.agent if going_on and is_theirs else None)
