"""A call as its agent sees it, on the page from which they call."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from signoff.accounts.models import Account, User
from signoff.closing.models import Case
from signoff.hotline.models import Call
from signoff.hotline.queries import recent_calls
from signoff.hotline.rules import Standing
from signoff.talk.conversations import About, owner_of


@dataclass(frozen=True, slots=True)
class CallPlace:
    """From where they call. Addresses: of the page itself, of what begins and ends a call, and of
    the part that moves, to which the mark is added."""

    is_hotline: bool
    page: str
    start: str
    end: str
    moving: str


def at_the_hotline(case: Case) -> CallPlace:
    """Where only a verified caller is told anything."""
    here = [case.number]
    return CallPlace(
        is_hotline=True,
        page=reverse("desk:hotline_case", args=here),
        start=reverse("desk:hotline_call", args=here),
        end=reverse("desk:hotline_hang_up", args=here),
        moving=f"{reverse('desk:hotline_call_now', args=here)}?seen=",
    )


def at_the_case(about: About) -> CallPlace:
    """Where a reviewer works: on a case, or on the messages of somebody who closes nothing."""
    kind = "account_" if isinstance(about, Account) else ""
    here = [about.pk if isinstance(about, Account) else about.number]
    return CallPlace(
        is_hotline=False,
        page=reverse("desk:conversation" if kind else "desk:case", args=here),
        start=reverse(f"desk:{kind}call", args=here),
        end=reverse(f"desk:{kind}hang_up", args=here),
        moving=f"{reverse(f'desk:{kind}call_now', args=here)}?seen=",
    )


@dataclass(frozen=True, slots=True)
class CallShown:
    """call: the reader's own, and how it stands; nothing of it once it is over without a no.

    other: who of ours is on the telephone with this customer, if it is somebody else, or the reader
    about something else. Those words are not shown.
    """

    place: CallPlace
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


def call_shown(about: About, user: User, now: datetime, place: CallPlace) -> CallShown:
    """One query."""
    calls = recent_calls(owner_of(about), now)
    case = None if isinstance(about, Account) else about
    own = next((one for one in calls if (one.case, one.agent) == (case, user)), None)
    if own is not None and (standing := own.standing_at(now)) is not Standing.OVER:
        return CallShown(place, own, standing.value, None)
    others = (one.agent for one in calls if one.goes_on_at(now))
    return CallShown(place, None, "", next(others, None))
