"""Several people at once: each in a thread with a database connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

_LONGEST = 30


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Starts all at the same instant; returns what each returned, or the exception it raised."""
    line = threading.Barrier(len(works))
    ends: list[Any] = [TimeoutError("did not end")] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            connections["default"].ensure_connection()  # not a part of the race
            line.wait(_LONGEST)
            ends[place] = work()
        except Exception as raised:  # noqa: BLE001 - the test looks at it
            ends[place] = raised
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(place, work), daemon=True)
        for place, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_LONGEST)
    return ends
