"""Reads of pauses."""

from datetime import datetime

from django.db.models import Q

from signoff.accounts.models import Line
from signoff.alternatives.models import Pause, PauseState


def pause_of(line: Line) -> Pause | None:
    """The pause that a line is in, if any."""
    return Pause.objects.filter(line=line).exclude(state=PauseState.OVER).first()


def pause_by_id(number: int) -> Pause:
    """Raises Pause.DoesNotExist."""
    return Pause.objects.select_related("line").get(pk=number)


def unsettled_pauses(now: datetime) -> list[Pause]:
    """Pauses that the network has still to follow, and those whose day has come."""
    asked = Q(state__in=[PauseState.ASKED, PauseState.RESUMING])
    return list(Pause.objects.filter(asked | Q(state=PauseState.RESTING, resume_at__lte=now)))


def paused_line_ids() -> frozenset[int]:
    """Lines that rest because a customer asked us: no import changes their state."""
    of_pauses = Pause.objects.exclude(state=PauseState.OVER).values_list("line_id", flat=True)
    return frozenset(of_pauses)
