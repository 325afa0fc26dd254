"""How long a line may rest. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _

LONGEST = timedelta(days=183)


def resume_moment(*, until: date, today: date, time_zone: str) -> datetime:
    """The start of the day `until` on the customer's own clock, in UTC. Raises InvalidValue.

    In UTC, because in some places a day of the year has no midnight: there it starts at one.
    """
    if not today < until <= today + LONGEST:
        raise InvalidValue(
            "pause_until",
            _("Choose a day from tomorrow to six months ahead."),
            field="until",
        )
    return datetime.combine(until, time(), tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
