"""Commands for the workflow engine, given inside the transaction that makes them due.

The chapters know only this Protocol; `sagas` installs the engine that is in use.
"""

from datetime import timedelta
from typing import Protocol

from signoff.kernel.errors import SignoffError


class Engine(Protocol):
    """Takes commands in the caller's database transaction: both commit or neither does."""

    def enqueue(
        self, workflow: str, key: str, *arguments: str | int, delay: timedelta = timedelta()
    ) -> None:
        """Starts `workflow` once for `key`, after `delay`. Arguments are identifiers only."""


class NoEngine(SignoffError):
    """No engine is installed: `signoff.sagas` is missing from INSTALLED_APPS."""


_installed: list[Engine] = []


def install(engine: Engine) -> None:
    """Called once at start; a test may install another."""
    _installed[:] = [engine]


def engine() -> Engine:
    """The installed engine. Raises NoEngine."""
    if not _installed:
        raise NoEngine("signoff.sagas is not among INSTALLED_APPS")
    return _installed[0]
