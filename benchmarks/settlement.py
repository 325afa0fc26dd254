"""Settlements a second: from facts in memory, and for many accounts from the database in sets.

    python benchmarks/settlement.py [--accounts 100000] [--only sqlite|postgresql] [--json FILE]

The floor in memory is building the result's rows without any arithmetic; the floor from the
database is reading the very same rows and doing nothing with them.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from rich.console import Console
from rich.table import Table

from benchmarks.surroundings import DATABASES, ROOT, fresh_home, machine, stop_cleanly
from signoff.settlement.rules import (
    BillFacts,
    BucketFacts,
    Part,
    PaymentFacts,
    PlanFacts,
    RefundPart,
    SettlementFacts,
    UsageFacts,
    settle,
)

FACTS = SettlementFacts(
    "EUR",
    date(2026, 11, 17),
    (BucketFacts("B1", "paid", 12_850), BucketFacts("B2", "promotional", 2_000)),
    (
        PaymentFacts("ch_1", "Visa", 10_000, datetime(2026, 2, 1, tzinfo=UTC)),
        PaymentFacts("ch_2", "Visa", 5_000, datetime(2026, 9, 1, tzinfo=UTC)),
    ),
    (BillFacts("202609-1", 3_990),),
    (PlanFacts("L1", "Plan", 2_990, 5, date(2024, 1, 1)),),
    (UsageFacts("U1", "Roaming", 120, date(2026, 11, 16)),),
    tax_ppm=190_000,
)
"""What a customer usually has: two balances, two payments, a bill, a plan, some use."""


def in_memory(seconds: float = 3.0) -> dict[str, float]:
    """On one core."""
    return {
        "settlements_a_second": _rate(lambda: settle(FACTS), seconds),
        "with_digest_a_second": _rate(lambda: settle(FACTS).digest, seconds),
        "floor_a_second": _rate(_floor, seconds),
    }


def _floor() -> object:
    """The rows of the result, and no arithmetic."""
    parts = [Part("code", "words", 1, "EUR") for _ in range(5)]
    return parts, [RefundPart("ch_1", "Visa", 1, "EUR") for _ in range(2)]


def _rate(work: Any, seconds: float) -> float:
    count, begun = 0, time.process_time()
    while time.process_time() < begun + seconds:
        for _ in range(200):
            work()
        count += 200
    return round(count / (time.process_time() - begun))


def from_database(database: str, accounts: int) -> dict[str, Any]:
    """Two processes, each with half of the accounts; the floor reads and does nothing."""
    with fresh_home(database) as environment:
        _child("fill", environment, accounts)
        found: dict[str, Any] = {"database": database, "accounts": accounts}
        for what in ("read", "settle"):
            begun = time.monotonic()
            halves = [_start(what, environment, accounts, half) for half in (0, 1)]
            answers = [json.loads(child.communicate()[0].splitlines()[-1]) for child in halves]
            found[f"{what}_seconds"] = round(time.monotonic() - begun, 1)
            found[f"{what}_mb"] = max(answer["mb"] for answer in answers)
            found[f"{what}_growth_mb"] = max(answer["growth_mb"] for answer in answers)
            found[f"{what}_count"] = sum(answer["count"] for answer in answers)
    found["of_the_floor"] = round(found["read_seconds"] / found["settle_seconds"], 2)
    return found


def _start(
    what: str, environment: dict[str, str], accounts: int, half: int = 0
) -> "subprocess.Popen[str]":
    words = ["--child", what, "--accounts", str(accounts), "--half", str(half)]
    return subprocess.Popen(
        [sys.executable, __file__, *words], env=environment, stdout=subprocess.PIPE, text=True
    )


def _child(what: str, environment: dict[str, str], accounts: int) -> None:
    if _start(what, environment, accounts).wait():
        raise SystemExit(f"{what} failed")


def _in_child(what: str, accounts: int, half: int) -> None:
    import django  # noqa: PLC0415 - only a child has a database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "signoff.project.settings")
    django.setup()
    from benchmarks import settlement_rows  # noqa: PLC0415 - needs Django

    if what == "fill":
        settlement_rows.fill(accounts)
        return
    noted: list[int] = []  # memory after the first batch: what comes on top is growth
    count = settlement_rows.work(what, accounts, half, after_first=lambda: noted.append(_mb()))
    growth = _mb() - noted[0] if noted else 0
    print(json.dumps({"count": count, "mb": _mb(), "growth_mb": growth}))


def _mb() -> int:
    """The most that this process has held, in MB (2**20)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Prints both tables, writes the JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--accounts", type=int, default=100_000)
    options.add_argument("--only", choices=DATABASES)
    options.add_argument("--child", choices=["fill", "read", "settle"])
    options.add_argument("--half", type=int, default=0)
    options.add_argument("--json", type=Path, default=ROOT / "var" / "benchmark-settlement.json")
    chosen = options.parse_args()
    if chosen.child:
        _in_child(chosen.child, chosen.accounts, chosen.half)
        return
    stop_cleanly()
    console = Console()
    console.print(", ".join(f"{name} {value}" for name, value in machine().items()))
    memory = in_memory()
    console.print(memory)
    rows = []
    for database in [chosen.only] if chosen.only else DATABASES:
        with console.status(database):
            rows.append(from_database(database, chosen.accounts))
    table = Table(title="Settlements from the database, two processes")
    for name in rows[0]:
        table.add_column(name.replace("_", " "), justify="right")
    for row in rows:
        table.add_row(*map(str, row.values()))
    console.print(table)
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps({**machine(), "in_memory": memory, "rows": rows}, indent=2))
    console.print(f"Written to {chosen.json}")


if __name__ == "__main__":
    main()
