"""Writes a record, signs it and verifies it, in a process of its own; prints one line of JSON.

Called by `benchmarks/audit.py`, on an empty database.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import django

django.setup()

from signoff.audit import checkpoints, signers  # noqa: E402 - after Django is set up
from signoff.audit.links import COLUMNS, Link  # noqa: E402
from signoff.audit.models import AuditRow  # noqa: E402
from signoff.audit.rules import GENESIS, canonical_row, digest_of  # noqa: E402
from signoff.audit.streaming import BATCH, rows_as_text, streaming  # noqa: E402
from signoff.audit.verification import verify  # noqa: E402
from signoff.kernel.keys import key_id  # noqa: E402

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
LONG = 10
"""Rows of a chain: a case has about as many."""


def main() -> None:
    """Writing is not measured: rows are put in by thousands, as the product never does."""
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, required=True)
    count = options.parse_args().rows
    rows = _rows(count)
    while some := list(islice(rows, 5000)):
        AuditRow.objects.bulk_create(some)
    begun = time.monotonic()
    key = signers.our_key()
    made = checkpoints.make_all(key=key, trusted=(), now=BEGUN)
    signing = time.monotonic() - begun
    before = _memory_mb("VmRSS")
    _forget_most()
    begun = time.monotonic()
    found = verify(trusted={key_id(key.public_key())})
    verifying = time.monotonic() - begun
    most = _memory_mb("VmHWM")
    if (found.rows, found.covered, found.broken) != (count, count, ()):
        raise SystemExit(f"not as written: {found}")
    floor, size = _floor()
    print(
        json.dumps(
            {
                "rows": count,
                "chains": found.streams,
                "checkpoints": len([one for one in made if one.checkpoint]),
                "signing": round(signing, 1),
                "verifying": round(verifying, 1),
                "floor": round(floor, 2),
                "megabytes": round(size / 1e6, 1),
                "times_the_floor": round(verifying / floor, 1),
                "a_million": round(verifying * 1e6 / count, 1),
                "memory_before": before,
                "memory_most": most,
            }
        )
    )


def _memory_mb(name: str) -> float:
    """VmRSS: what this process holds; VmHWM: the most since `_forget_most`. In MB (2**20)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return round(int(line.split()[1]) / 1024, 1)
    raise LookupError(name)


def _forget_most() -> None:
    """Linux counts VmHWM anew from here."""
    Path("/proc/self/clear_refs").write_text("5")


def _rows(count: int) -> Iterator[AuditRow]:
    for chain in range(-(-count // LONG)):
        previous = GENESIS
        for seq in range(1, min(LONG, count - chain * LONG) + 1):
            content = {
                "stream": f"case:{hashlib.sha256(str(chain).encode()).hexdigest()[:32]}",
                "seq": seq,
                "at": BEGUN + timedelta(seconds=chain, microseconds=seq),
                "event": "case_waiting",
                "actor": f"reviewer:{chain % 40}",
                "facts": {"from": "approved", "to": "cooling_off", "seconds": 86400 + seq},
                "previous": previous,
            }
            digest = digest_of(**content)  # type: ignore[arg-type]  # the names are those above
            yield AuditRow(**content, digest=digest)
            previous = digest


def _floor() -> tuple[float, int]:
    """Seconds that plain SHA-256 takes for the same bytes, and how many they are.

    The rows are read again, some at a time; only hashing is counted.
    """
    seconds, size = 0.0, 0
    with streaming():
        read = rows_as_text().order_by("stream", "seq").values_list(*COLUMNS)
        rows = (_bytes(Link.of(values)) for values in read.iterator(chunk_size=BATCH))
        while some := list(islice(rows, BATCH)):
            begun = time.perf_counter()
            for one in some:
                hashlib.sha256(one).hexdigest()
            seconds += time.perf_counter() - begun
            size += sum(map(len, some))
    return seconds, size


def _bytes(link: Link) -> bytes:
    return canonical_row(
        stream=link.stream,
        seq=link.seq,
        at=link.at(),
        event=link.event,
        actor=link.actor,
        facts=link.facts(),
        previous=link.previous,
    )


if __name__ == "__main__":
    main()
