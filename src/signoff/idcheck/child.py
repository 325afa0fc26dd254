"""The look in a process of its own, so that a hostile picture takes nobody down with it.

The child gets the picture and what is registered on its standard input, an empty environment (no
secrets), and limits: memory, processor time, no further file or socket, a short answer, no core to
dump; on Linux no system call but those for computing. It answers one JSON object, of which only
known reasons are believed. Names and numbers are in neither its arguments nor its environment,
where other users of the machine could see them. The parent needs none of the extra's libraries.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from datetime import date
from pathlib import Path
from typing import Any

from signoff.idcheck import Unavailable, available
from signoff.idcheck.confinement import confine
from signoff.idcheck.verdicts import (
    Advice,
    Kind,
    Quality,
    Verdict,
    from_json,
    reason,
    to_json,
)

MOST_SECONDS = 30.0
MOST_ANSWER = 2**16
"""Bytes. The answer is a file, so the limit on files bounds it."""
MOST_MEMORY = 2 * 2**30
"""Bytes of address space. What is really used is about a quarter; libraries reserve the rest."""
AT_A_TIME = 2
"""Children of one process. Who comes later waits, so that many pictures at once take no more memory
than two: a worker has threads for more."""
_places = threading.BoundedSemaphore(AT_A_TIME)


def advise_in_child(
    image_bytes: bytes,
    kind: Kind,
    registered_name: str,
    registered_number: str,
    today: date,
    *,
    most_seconds: float = MOST_SECONDS,
    most_memory: int = MOST_MEMORY,
) -> Advice:
    """`advice.advise`, elsewhere. Blocks for up to `most_seconds`, and before that for a place: for
    the worker, never for a page.

    A child that takes too long, too much or dies is an advice (`CANNOT_READ`) with that reason.
    Raises Unavailable if the extra is not installed.
    """
    if not available():
        raise Unavailable("pip install signoff[idcheck]")
    question = {
        "kind": kind.value,
        "name": registered_name,
        "number": registered_number,
        "today": today.isoformat(),
        "memory": most_memory,
        "seconds": int(most_seconds) + 1,
    }
    with _places, tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", __name__],
                input=json.dumps(question).encode() + b"\n" + image_bytes,
                env=_environment(),
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=most_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return _failed("took_too_long")
        answer.seek(0)
        return _believed(answer.read(MOST_ANSWER)) if done.returncode == 0 else _failed()


def _believed(answer: bytes) -> Advice:
    """A child that a picture took over may answer anything."""
    try:
        return from_json(json.loads(answer))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _failed()


def _failed(code: str = "reading_failed") -> Advice:
    return Advice(Verdict.CANNOT_READ, (reason(code),), Quality((), {}))


def _environment() -> dict[str, str]:
    """Where this package is, one thread for every library, and nothing else."""
    here = str(Path(__file__).resolve().parents[2])
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")
    path = {"PATH": os.defpath, "PYTHONPATH": here}
    return {**path, **dict.fromkeys(threads, "1")}


def main() -> None:
    """The child. What it needs is loaded first; the limits hold before the picture is read."""
    # The parent must not load them.
    from signoff.idcheck.advice import advise, load  # noqa: PLC0415

    load()
    question = json.loads(sys.stdin.buffer.readline())
    limit(memory=question["memory"], seconds=question["seconds"])
    confine()
    advice = advise(
        sys.stdin.buffer.read(),
        Kind(question["kind"]),
        question["name"],
        question["number"],
        date.fromisoformat(question["today"]),
    )
    sys.stdout.write(json.dumps(to_json(advice)))


def limit(*, memory: int, seconds: int) -> None:
    """Binds this process for good: bytes of address space, seconds of processor time from its
    start. What is open stays open; nothing more can be opened, no socket either."""
    try:
        import resource  # noqa: PLC0415 - not on every system; there the time limit remains
    except ImportError:
        return
    bounds: dict[Any, int] = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: MOST_ANSWER,
        resource.RLIMIT_NOFILE: 0,
        resource.RLIMIT_AS: memory,
    }
    for which, most in bounds.items():
        _soft, hard = resource.getrlimit(which)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (least, least))


if __name__ == "__main__":
    _ended = 1
    try:
        main()
        sys.stdout.flush()
        _ended = 0
    finally:
        # Without good-bye: a library waits twenty seconds for a thread of its own that may ask
        # Linux for nothing any more.
        os._exit(_ended)
