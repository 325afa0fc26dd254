"""A worker is killed in the middle of many closings: how soon is everything closed by another?

    python benchmarks/recovery.py [--closings 50] [--json FILE]

With the settings that an operator gets without setting any.
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


def main() -> None:
    """On each database, with a second worker that lives already, and with one that comes later."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--closings", type=int, default=50)
    options.add_argument("--only", choices=DATABASES)
    options.add_argument("--json", type=Path, default=ROOT / "var" / "benchmark-recovery.json")
    chosen = options.parse_args()
    stop_cleanly()
    console = Console()
    console.print(", ".join(f"{name} {value}" for name, value in machine().items()))
    rows: list[dict[str, Any]] = []
    for database in [chosen.only] if chosen.only else DATABASES:
        with console.status(database), fresh_home(database) as environment:
            measured = answer_of(["one_kill", "--closings", str(chosen.closings)], environment)
        rows.append({"database": database, **measured})
    table = Table(title=f"kill -9 in the middle of {chosen.closings} closings")
    for name in rows[0]:
        table.add_column(name.replace("_", " "), justify="right")
    for row in rows:
        table.add_row(*map(str, row.values()))
    console.print(table)
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(
        json.dumps({**machine(), "closings": chosen.closings, "rows": rows}, indent=2)
    )
    console.print(f"Written to {chosen.json}")


if __name__ == "__main__":
    main()
