"""`signoff web`: the pages and the API."""

import os
from typing import Annotated

import typer
from rich.console import Console

from signoff.cli.setup import settings_ready
from signoff.config import Config

THREADS = 4
"""Of one process; measured best for pages that only read a database."""

STOPS_WITHIN = 10
"""Seconds that open requests get when the server is told to stop."""


def web(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8600,
) -> None:
    """Serve the pages and the API. Put a proxy with TLS in front (SIGNOFF_TRUSTED_PROXY).

    SIGTERM and Ctrl-C stop it after the requests at hand.

    Exit status: 0 stopped, 1 it cannot serve, 2 the settings are wrong.
    """
    settings = settings_ready()
    _stop_unprepared(settings)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "signoff.project.settings")
    # Granian is loaded by this command only: the others start faster without.
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    Console(stderr=True, highlight=False).print(f"Listening at http://{host}:{port}/")
    Server(
        "signoff.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        # A request that hangs must not keep the server from being stopped.
        workers_kill_timeout=STOPS_WITHIN,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def _stop_unprepared(settings: Config) -> None:
    """Without the collected files every page would be an error."""
    if not (settings.home / "static" / "staticfiles.json").is_file():
        Console(stderr=True).print("Nothing is prepared yet: run `signoff migrate` first.")
        raise typer.Exit(1)
