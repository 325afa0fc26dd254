"""Making the network follow a pause."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError

from signoff.accounts.models import LineState
from signoff.alternatives import operations as alternatives
from signoff.alternatives.models import Pause, PauseState
from signoff.alternatives.queries import pause_by_id, pause_of
from signoff.closing.sweeping import OUR_FAULT
from signoff.kernel.identifiers import Imsi
from signoff.ports.errors import RemoteError
from signoff.termination.rules import delay_after
from signoff.wiring import Ports

log = structlog.get_logger()


def follow_pause(number: int, *, ports: Ports, now: Callable[[], datetime]) -> None:
    """Switches the line off or on, as its pause wants. Both may be repeated without harm."""
    pause = pause_by_id(number)
    if pause.state == PauseState.RESTING and pause.resume_at <= now():
        alternatives.wake(pause_id=number, now=now())
        pause = pause_by_id(number)
    try:
        _follow(pause, ports, now)
    except RemoteError as error:
        _again(pause, str(error))
    except OUR_FAULT as error:
        _broke(pause, error)
    except DatabaseError:
        raise  # for the engine: nothing is written
    except Exception as error:  # noqa: BLE001 - logged, and tried again
        _broke(pause, error)


def _broke(pause: Pause, error: Exception) -> None:
    log.exception("pause_broke", pause=pause.pk)
    _again(pause, f"signoff: unexpected {type(error).__name__}")


def _again(pause: Pause, trouble: str) -> None:
    """A line that should work again is never given up: the delays only grow to two hours."""
    delay = timedelta(seconds=delay_after(pause.tries + 1))
    alternatives.follow_again(pause, delay=delay, trouble=trouble)


def _follow(pause: Pause, ports: Ports, now: Callable[[], datetime]) -> None:
    imsi = Imsi(pause.line.imsi)
    if pause.line.state in {LineState.CLOSING, LineState.CLOSED}:
        return  # the closing owns the line now
    if pause.state == PauseState.ASKED:
        ports.network.stop_service(imsi)
        if not alternatives.mark_resting(pause_id=pause.pk):
            _woken_meanwhile(pause.pk, ports)
    elif pause.state == PauseState.RESUMING:
        ports.network.restore_service(imsi)
        alternatives.mark_over(pause_id=pause.pk, now=now())


def _woken_meanwhile(number: int, ports: Ports) -> None:
    """Another run may have switched the line on before we switched it off: on again."""
    pause = pause_by_id(number)
    wants_service = pause.state in (PauseState.RESUMING, PauseState.OVER)
    if wants_service and pause.line.state in (LineState.ACTIVE, LineState.PAUSED):
        latest = pause_of(pause.line)
        if latest is None or latest.pk == number:
            ports.network.restore_service(Imsi(pause.line.imsi))
