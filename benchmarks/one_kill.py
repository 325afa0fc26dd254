"""One kill, in a process of its own. Prints one line of JSON. Called by `recovery.py`."""

import argparse
import json
import os
import signal
import sys
import time
from collections import Counter

import django

django.setup()

from tests.peers.box import running_box  # noqa: E402
from tests.peers.workers import box_environment  # noqa: E402
from tests.world import at_the_carrier, customer, reviewer, submitted  # noqa: E402

from benchmarks.surroundings import running, stop_cleanly  # noqa: E402 - after Django is set up
from signoff.closing.models import Case  # noqa: E402
from signoff.kernel.clock import now  # noqa: E402
from signoff.notice.models import Notice  # noqa: E402
from signoff.review import operations as review  # noqa: E402
from signoff.termination.models import Receipt  # noqa: E402

_LONGEST = 300


def main() -> None:
    """Two workers, of whom one is killed when a third of the steps is done."""
    stop_cleanly()
    options = argparse.ArgumentParser()
    options.add_argument("--closings", type=int, required=True)
    count = options.parse_args().closings
    with running_box(text_seconds=0.05) as box:
        by = reviewer()
        for _ in range(count):
            who = customer()
            at_the_carrier(who, box)
            case = review.take(case=submitted(who, now=now()), reviewer=by, now=now())
            review.approve(case=case, reviewer=by, now=now())
        environment = {**os.environ, **box_environment(box)}
        command = [sys.executable, "-m", "signoff.cli", "worker"]
        with running(command, environment, ready="ready") as victim:
            steps = 15 * count
            while Receipt.objects.exclude(finished_at=None).count() < steps // 3:
                time.sleep(0.02)
            with running(command, environment, ready="ready"):
                closed = Case.objects.filter(state="closed").count()
                victim.send_signal(signal.SIGKILL)
                killed = time.monotonic()
                while time.monotonic() < killed + _LONGEST and _is_unfinished():
                    time.sleep(0.05)
                seconds = round(time.monotonic() - killed, 1)
        states = Counter(Case.objects.values_list("state", flat=True))
        effects = Counter(
            (e["system"], e["operation"], e["subject"], e["key"]) for e in box.effects()
        )
    print(
        json.dumps(
            {
                "closed_before": closed,
                "seconds_until_all_closed": seconds,
                "closed": states["closed"],
                "needs_attention": states["needs_attention"],
                "false_errors": Receipt.objects.exclude(trouble="").count(),
                "done_twice": sum(n > 1 for n in effects.values()),
            }
        )
    )


def _is_unfinished() -> bool:
    return (
        Case.objects.exclude(state__in=["closed", "needs_attention"]).exists()
        or Notice.objects.filter(state="waiting").exists()
    )


main()
