"""A process that was started here, and is seen to its end."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from signoff.cli.stack.problems import ProcessFailed, Stopped, TooSlow

_LOOKS_EVERY = 0.1
_TAIL_LINES = 15
_TAIL_BYTES = 20_000


class Process:
    """`signoff WORDS`, with its log in a file of its name."""

    def __init__(
        self,
        name: str,
        words: Sequence[str],
        *,
        environment: Mapping[str, str],
        logs: Path,
        stop: threading.Event,
    ) -> None:
        """`stop`: somebody wants to end everything; waiting ends with Stopped."""
        self.name = name
        self.log = logs / f"{words[0]}.log"
        self._stop = stop
        self._file = self.log.open("ab")
        self._begins_at = self._file.tell()
        self._inner = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "signoff.cli", *words],
            stdin=subprocess.DEVNULL,
            stdout=self._file,
            stderr=self._file,
            env=dict(environment),
            # A group of its own: Ctrl-C goes to us alone, who end the processes in order.
            process_group=0,
        )

    @property
    def pid(self) -> int:
        """Of the process itself; it may have children."""
        return self._inner.pid

    def said(self) -> str:
        """What it wrote since it was started: of that, the end."""
        with self.log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(self._begins_at, size - _TAIL_BYTES))
            return file.read().decode(errors="replace")

    def wait_for_end(self, seconds: float) -> None:
        """Raises ProcessFailed if it did not end well, TooSlow, Stopped."""
        self._wait(lambda: self._inner.poll() is not None, seconds)
        if self._inner.returncode:
            raise self._failed()
        self._file.close()

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Raises ProcessFailed if it ends before it is ready, TooSlow, Stopped."""

        def looked() -> bool:
            self.check()
            return ready()

        self._wait(looked, seconds)

    def check(self) -> None:
        """Raises ProcessFailed if it has ended."""
        if self._inner.poll() is not None:
            raise self._failed()

    def ask_to_end(self) -> None:
        """SIGTERM; returns at once."""
        with contextlib.suppress(ProcessLookupError):
            self._inner.terminate()

    def see_end(self, seconds: float) -> None:
        """Waits for it, and after that time ends it and its children by force."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._inner.wait(seconds)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._inner.pid, signal.SIGKILL)
        self._inner.wait()
        self._file.close()

    def _wait(self, reached: Callable[[], bool], seconds: float) -> None:
        until = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > until:
                raise TooSlow(self.name, seconds, str(self.log), self._tail())
            if self._stop.wait(_LOOKS_EVERY):
                raise Stopped

    def _failed(self) -> ProcessFailed:
        code = self._inner.returncode
        return ProcessFailed(self.name, code, str(self.log), self._tail())

    def _tail(self) -> str:
        return "\n".join(f"  {line}" for line in self.said().splitlines()[-_TAIL_LINES:])
