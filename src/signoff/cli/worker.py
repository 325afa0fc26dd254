"""`signoff worker`: does what was decided, at the carrier's systems."""

import signal
import threading
from types import FrameType

import typer
from rich.console import Console
from rich.text import Text

from signoff.cli.setup import django_ready, settings_ready


def worker() -> None:
    """Run closings, pauses and messages. Any number of workers may run beside each other.

    SIGTERM and Ctrl-C stop it: the step at hand is finished first, the rest goes on elsewhere or
    at the next start.

    Exit status: 0 stopped, 1 the database cannot be used, 2 the settings are wrong.
    """
    settings_ready()
    django_ready()
    # These need Django set up first.
    from django.db import DatabaseError  # noqa: PLC0415

    from signoff.sagas.health import is_prepared  # noqa: PLC0415
    from signoff.sagas.worker import run_worker  # noqa: PLC0415

    stop = _stop_on_signals()
    try:
        if not is_prepared():
            _give_up("The tables are not up to date: run `signoff migrate` first.")
        run_worker(stop, started=lambda: Console().print("The worker is ready."))
    except DatabaseError as error:
        _give_up(f"The database cannot be used: {error}")


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        # By another thread: the main thread may hold the event's lock at this very moment.
        threading.Thread(target=stop.set).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return stop


def _give_up(why: str) -> None:
    Console(stderr=True, soft_wrap=True).print(Text(why))
    raise typer.Exit(1)
