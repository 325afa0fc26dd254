"""The record: how long checking it takes, with how much memory, and how far from the floor.

    python benchmarks/audit.py [--rows 1000000] [--quick] [--only sqlite] [--json FILE]

Each line is a run on a fresh database, in chains of ten rows. The floor is plain SHA-256 of the
same bytes in the same run, without reading them from anywhere.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rich.console import Console
from rich.table import Table

from benchmarks.surroundings import DATABASES, ROOT, answer_of, fresh_home, machine, stop_cleanly

_COLUMNS = {
    "Database": "database",
    "Rows": "rows",
    "Checkpoints": "checkpoints",
    "Signing s": "signing",
    "Verifying s": "verifying",
    "Floor s": "floor",
    "Times the floor": "times_the_floor",
    "A million rows, s": "a_million",
    "MB before": "memory_before",
    "MB at most": "memory_most",
}


def main() -> None:
    """Runs everything, prints the table, writes the JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--quick", action="store_true", help="20,000 rows, only to see it run")
    options.add_argument("--only", choices=DATABASES)
    options.add_argument("--json", type=Path, default=ROOT / "var" / "benchmark-audit.json")
    chosen = options.parse_args()
    stop_cleanly()
    count = 20_000 if chosen.quick else chosen.rows
    console = Console()
    console.print(", ".join(f"{name} {value}" for name, value in machine().items()))
    rows: list[dict[str, Any]] = []
    for database in [chosen.only] if chosen.only else DATABASES:
        with console.status(f"{database}, {count} rows"):
            rows.append({"database": database, **_measured(database, count)})
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(json.dumps({**machine(), "rows": rows}, indent=2))
    _print(console, rows)
    console.print(f"Written to {chosen.json}")


def _measured(database: str, count: int) -> dict[str, Any]:
    with fresh_home(database) as environment:
        return answer_of(["one_record", "--rows", str(count)], environment)


def _print(console: Console, rows: list[dict[str, Any]]) -> None:
    table = Table(*_COLUMNS)
    for row in rows:
        table.add_row(*(str(row[name]) for name in _COLUMNS.values()))
    console.print(table)


if __name__ == "__main__":
    main()
