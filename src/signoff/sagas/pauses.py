"""Making the network follow a pause."""

from collections.abc import Callable
from datetime import datetime, timedelta

from signoff.accounts.models import LineState
from signoff.alternatives import operations as alternatives
from signoff.alternatives.models import Pause, PauseState
from signoff.alternatives.queries import pause_by_id
from signoff.kernel.identifiers import Imsi
from signoff.ports.errors import RemoteError
from signoff.termination.rules import delay_after
from signoff.wiring import Ports


def follow_pause(number: int, *, ports: Ports, now: Callable[[], datetime]) -> None:
    """Switches the line off or on, as its pause wants. Both may be repeated without harm."""
    pause = pause_by_id(number)
    if pause.state == PauseState.RESTING and pause.resume_at <= now():
        alternatives.wake(pause_id=number, now=now())
        pause = pause_by_id(number)
    try:
        _follow(pause, ports, now)
    except RemoteError as error:
        delay = timedelta(seconds=delay_after(pause.tries + 1))
        alternatives.follow_again(pause, delay=delay, trouble=str(error))


def _follow(pause: Pause, ports: Ports, now: Callable[[], datetime]) -> None:
    imsi = Imsi(pause.line.imsi)
    if pause.line.state in {LineState.CLOSING, LineState.CLOSED}:
        return  # the closing owns the line now
    if pause.state == PauseState.ASKED:
        ports.network.stop_service(imsi)
        alternatives.mark_resting(pause_id=pause.pk)
    elif pause.state == PauseState.RESUMING:
        ports.network.restore_service(imsi)
        alternatives.mark_over(pause_id=pause.pk, now=now())
