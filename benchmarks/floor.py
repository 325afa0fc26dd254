"""The floor: durable commits by plain Django ORM, one small change each, and no engine.

Prints the commits a second, of `--threads` threads.
"""

import argparse
import json
import threading
import time

import django

django.setup()

from django.db import connections, transaction  # noqa: E402 - after Django is set up

from signoff.kernel.clock import now  # noqa: E402
from signoff.sagas.models import Worker  # noqa: E402


def main() -> None:
    """Each thread changes a row of its own, again and again."""
    options = argparse.ArgumentParser()
    options.add_argument("--threads", type=int, required=True)
    options.add_argument("--seconds", type=float, required=True)
    options.add_argument("--name", default="floor")
    chosen = options.parse_args()
    stop = threading.Event()
    done = [0] * chosen.threads

    def commit(place: int) -> None:
        name = f"{chosen.name}-{place}"
        moment = now()
        Worker.objects.get_or_create(
            executor=name, defaults={"started_at": moment, "seen_at": moment}
        )
        while not stop.is_set():
            with transaction.atomic():
                Worker.objects.filter(executor=name).update(seen_at=moment)
            done[place] += 1
        connections.close_all()

    threads = [threading.Thread(target=commit, args=(n,)) for n in range(chosen.threads)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    time.sleep(chosen.seconds)
    stop.set()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - begun
    print(json.dumps({"commits_a_second": round(sum(done) / seconds, 1)}))


main()
