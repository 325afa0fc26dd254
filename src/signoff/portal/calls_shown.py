"""A call of ours as the customer sees it: who, about what, since when, and the two words."""

from dataclasses import dataclass
from datetime import datetime

from signoff.accounts.models import Account
from signoff.accounts.queries import roles_of
from signoff.closing.models import Case
from signoff.hotline.models import Call
from signoff.hotline.queries import open_call_about, open_call_with
from signoff.hotline.rules import Direction
from signoff.portal.desk_names import desk_name


@dataclass(frozen=True, slots=True)
class CallShown:
    """words: in English, marked; case: its number, if it is about one."""

    id: int
    case: str
    who: str
    since: datetime
    words: tuple[str, str]
    language: str
    is_ours: bool
    confirmed_at: datetime | None

    @property
    def mark(self) -> str:
        """Changes when, and only when, there is something new to show."""
        return f"{self.id}-{'said' if self.confirmed_at else 'open'}"


def call_with(account: Account, now: datetime) -> CallShown | None:
    """None: nobody of ours is on the telephone with this customer."""
    return _shown(open_call_with(account, now))


def call_about(case: Case, now: datetime) -> CallShown | None:
    """None: nobody of ours is on the telephone about this case. Nothing personal is in it."""
    return _shown(open_call_about(case, now))


def _shown(call: Call | None) -> CallShown | None:
    if call is None:
        return None
    return CallShown(
        id=call.pk,
        case=call.case.number if call.case else "",
        who=desk_name(call.agent, roles_of(call.agent)),
        since=call.started_at,
        words=call.words,
        language=call.language,
        is_ours=call.direction == Direction.OURS.value,
        confirmed_at=call.confirmed_at,
    )
