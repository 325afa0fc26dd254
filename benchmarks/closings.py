"""Closings end to end: how many a second, how long each, and how far from the floor.

    python benchmarks/closings.py [--closings 60] [--quick] [--json FILE]

Each line is a run on a fresh database. *Carrier*: `box` is the carrier box on loopback, with real
protocols; `instant` answers in the worker's own process, so that what is left is the engine and
our own rows. The floor is the same number of durable commits by plain Django ORM.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rich.console import Console
from rich.table import Table

from benchmarks.surroundings import DATABASES, ROOT, answer_of, fresh_home, machine, stop_cleanly

SHAPES = ((1, 1), (8, 1), (8, 2))
"""Closings at a time, and workers among whom they are shared."""


def main() -> None:
    """Runs everything, prints the table, writes the JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--closings", type=int, default=60)
    options.add_argument("--quick", action="store_true", help="fewer closings, only to see it run")
    options.add_argument("--only", choices=DATABASES)
    options.add_argument("--carrier", choices=["box", "instant"])
    options.add_argument("--json", type=Path, default=ROOT / "var" / "benchmark-closings.json")
    chosen = options.parse_args()
    stop_cleanly()
    count = 12 if chosen.quick else chosen.closings
    console = Console()
    console.print(", ".join(f"{name} {value}" for name, value in machine().items()))
    rows = []
    for database in [chosen.only] if chosen.only else DATABASES:
        for at_a_time, workers in SHAPES:
            floor = _floor(database, at_a_time, workers, 1.0 if chosen.quick else 3.0)
            for carrier in [chosen.carrier] if chosen.carrier else ["instant", "box"]:
                with console.status(f"{database}, {at_a_time} at a time, {carrier}"):
                    rows.append(_row(database, at_a_time, workers, carrier, count, floor))
                _keep(chosen.json, count, rows)
    _print(console, rows)
    console.print(f"Written to {chosen.json}")


def _keep(file: Path, count: int, rows: list[dict[str, Any]]) -> None:
    """After every run, so that nothing measured is lost when a later one is stopped."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({**machine(), "closings": count, "rows": rows}, indent=2))


def _row(
    database: str, at_a_time: int, workers: int, carrier: str, count: int, floor: float
) -> dict[str, Any]:
    shape = ["--at-a-time", str(at_a_time), "--workers", str(workers), "--carrier", carrier]
    with fresh_home(database) as environment:
        measured = answer_of(["one_run", "--closings", str(count), *shape], environment)
    commits = measured["domain_commits_a_closing"] + measured["engine_commits_a_closing"]
    floor_rate = floor / commits
    return {
        "database": database,
        "at_a_time": at_a_time,
        "workers": workers,
        "carrier": carrier,
        **measured,
        "floor_commits_a_second": floor,
        "floor_closings_a_second": round(floor_rate, 2),
        "of_the_floor": round(measured["closings_a_second"] / floor_rate, 2),
    }


def _floor(database: str, at_a_time: int, workers: int, seconds: float) -> float:
    """Commits a second of as many threads in as many processes."""
    words = ["--threads", str(max(1, at_a_time // workers)), "--seconds", str(seconds)]
    with fresh_home(database) as environment:
        children = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks.floor", *words, "--name", f"floor{n}"],
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            for n in range(workers)
        ]
        answers = [json.loads(child.communicate()[0]) for child in children]
    return round(sum(float(answer["commits_a_second"]) for answer in answers), 1)


_COLUMNS = {
    "Database": "database",
    "At a time": "at_a_time",
    "Workers": "workers",
    "Carrier": "carrier",
    "Closings/s": "closings_a_second",
    "Floor/s": "floor_closings_a_second",
    "Of the floor": "of_the_floor",
    "No engine/s": "without_engine_a_second",
    "p50 s": "p50",
    "p99 s": "p99",
    "Commits: ours": "domain_commits_a_closing",
    "engine's": "engine_commits_a_closing",
    "Worker MB": "worker_mb",
    "Web MB": "web_mb",
    "False errors": "false_errors",
}


def _print(console: Console, rows: list[dict[str, Any]]) -> None:
    table = Table(title="Closings")
    for title in _COLUMNS:
        table.add_column(title, justify="right")
    for row in rows:
        values = [row.get(name) for name in _COLUMNS.values()]
        table.add_row(*("–" if value is None else str(value) for value in values))
    console.print(table)


if __name__ == "__main__":
    main()
