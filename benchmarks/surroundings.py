"""What a measurement needs around it: a fresh database, settings, and what a process weighs."""

import contextlib
import json
import os
import platform
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATABASES = ("sqlite", "postgresql")


def stop_cleanly() -> None:
    """Whoever is told to stop takes the processes down that it started."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))


def search_path() -> dict[str, str]:
    """Lets a child find the sources, the tests' peers and these files."""
    return {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


@contextlib.contextmanager
def fresh_home(database: str) -> Iterator[dict[str, str]]:
    """The environment of an operator who has just begun, on an empty database."""
    from tests.peers.postgres import cluster  # noqa: PLC0415 - the path is set by the caller

    home = Path(tempfile.mkdtemp(prefix="signoff-bench-"))
    (home / "policy.toml").write_text('[all]\ncooling_off = "PT0S"\n')
    environment = {
        **os.environ,
        **search_path(),
        "DJANGO_SETTINGS_MODULE": "signoff.project.settings",
        "SIGNOFF_SECRET_KEY": "benchmark-only-" + "x" * 40,
        "SIGNOFF_HOME": str(home),
        "SIGNOFF_POLICY_FILE": str(home / "policy.toml"),
        "DATABASE_URL": "",
    }
    try:
        with (
            cluster(survives_power_cuts=True)
            if database == "postgresql"
            else contextlib.nullcontext("") as url
        ):
            environment["DATABASE_URL"] = url
            for command in (["keys", "new"], ["migrate"]):
                subprocess.run(
                    [sys.executable, "-m", "signoff.cli", *command],
                    env=environment,
                    check=True,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            yield environment
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def running(
    command: Sequence[object], environment: Mapping[str, str], *, ready: str
) -> Iterator[subprocess.Popen[str]]:
    """A process that says `ready` on its first line of output; stopped at the end."""
    process = subprocess.Popen(
        [str(word) for word in command],
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None  # noqa: S101 - PIPE was asked for
    try:
        line = process.stdout.readline()
        if ready not in line:
            raise SystemExit(f"{command[:4]} did not start: {line or 'no output'}")
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        if process.poll() is None:
            process.kill()
        process.stdout.close()


def answer_of(words: Sequence[str], environment: Mapping[str, str]) -> dict[str, Any]:
    """What a child measured: a file of this folder, run to its end; JSON is its last line.

    Raises subprocess.CalledProcessError if it fails.
    """
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{words[0]}", *words[1:]],
        env=dict(environment),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def memory_mb(pid: int) -> float:
    """Resident memory of a process and its children, in MB (2**20); shared pages count once."""
    pids, todo = [], [pid]
    while todo:
        pids.append(todo.pop())
        children = Path(f"/proc/{pids[-1]}/task/{pids[-1]}/children")
        todo += [int(child) for child in children.read_text().split()]
    total = 0
    for each in pids:
        for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return round(total / 1024, 1)


def percentile(values: Sequence[float], percent: int) -> float:
    """Of at least one value."""
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def machine() -> dict[str, str]:
    """Named generally: what matters for the numbers, nothing that tells whose it is."""
    postgres = sorted(Path("/usr/lib/postgresql").glob("*"))
    return {
        "machine": f"{os.cpu_count()} cores of {platform.machine()}, {platform.system()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": postgres[-1].name if postgres else "none",
        "django": version("django"),
        "dbos": version("dbos"),
    }
