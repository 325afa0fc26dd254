"""`make` is where everybody begins: it lists what it can do, and that is there."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OUTER_MAKE = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES"}


def _make(*words: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in OUTER_MAKE}
    done = subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    return done.stdout


def _phony() -> set[str]:
    line = re.search(r"^\.PHONY:(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert line is not None
    return set(line[1].split())


def test_make_alone_lists_every_target_with_what_it_does() -> None:
    listed = dict(re.findall(r"^  ([a-z]+) +(\S.*)$", _make(), re.MULTILINE))
    assert set(listed) == _phony()
    assert all(listed.values())


@pytest.mark.parametrize("target", sorted(_phony()))
def test_a_listed_target_has_a_recipe(target: str) -> None:
    assert _make("--dry-run", target).strip()


@pytest.mark.parametrize("target", sorted(_phony()))
def test_what_a_recipe_runs_of_ours_is_there(target: str) -> None:
    for program in re.findall(r"(?:tools|requirements)/[\w.]+", _make("--dry-run", target)):
        path = ROOT / program
        assert path.is_file(), f"make {target}: {program}"
        if path.suffix not in {".py", ".txt"}:
            assert os.access(path, os.X_OK), f"make {target}: {program} cannot be run"


def test_ci_runs_exactly_what_a_person_runs() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    commands = [
        line for line in script.splitlines() if line and not line.startswith(("#", "set ", "cd "))
    ]
    assert commands == ["make test"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
