"""`tools/environment`: what `make` says on a machine that lacks something."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("awk", "cat", "cmp", "dirname", "env", "grep", "rm", "sh", "tail", "tee")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The parts of a fresh clone that the script looks at, and a folder of programs."""
    clone = tmp_path / "clone"
    (clone / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "environment", clone / "tools")
    shutil.copytree(ROOT / "requirements", clone / "requirements")
    shutil.copy(ROOT / "pyproject.toml", clone)
    (clone / "programs").mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found is not None
        (clone / "programs" / name).symlink_to(found)
    return clone


def _program(clone: Path, name: str, script: str) -> None:
    path = clone / "programs" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def _run(clone: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("PIP_", "PYTHON"))}
    return subprocess.run(
        ["tools/environment", "run"],
        cwd=clone, env={**kept, "PATH": str(clone / "programs"), **settings},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def test_without_any_python_it_says_how_to_get_one(checkout: Path) -> None:
    said = _run(checkout)
    assert said.returncode == 1
    assert "needs Python 3.11 or later" in said.stderr
    assert "apt-get install python3" in said.stderr and "PYTHON=" in said.stderr


def test_an_old_python_is_passed_over_for_a_newer_one(checkout: Path) -> None:
    _program(checkout, "python3", "exit 1")
    _program(checkout, "python3.13", 'case "$*" in *ensurepip*) exit 1;; esac; exit 0')
    said = _run(checkout)
    assert said.returncode == 1
    assert "python3.13 has no venv module" in said.stderr


def test_without_the_venv_module_it_names_debians_package(checkout: Path) -> None:
    _program(checkout, "python3", 'case "$*" in *ensurepip*) exit 1;; esac; exit 0')
    said = _run(checkout)
    assert said.returncode == 1
    assert "apt-get install python3-venv" in said.stderr


def test_a_python_that_was_named_and_is_not_there_is_named_again(checkout: Path) -> None:
    said = _run(checkout, PYTHON="/nowhere/python3")
    assert said.returncode == 1
    assert "PYTHON=/nowhere/python3 is not there" in said.stderr


def test_packages_that_cannot_be_got_are_told_with_the_log_and_are_tried_again(
    checkout: Path,
) -> None:
    settings = {"PYTHON": sys.executable, "PIP_NO_INDEX": "1", "PIP_RETRIES": "0"}
    for _ in range(2):
        said = _run(checkout, **settings)
        assert said.returncode == 1
        assert "could not be installed" in said.stderr and "install.log" in said.stderr
        assert not (checkout / ".venv" / "made-from-run").exists()


def test_an_environment_that_is_made_is_left_alone(checkout: Path) -> None:
    made = checkout / ".venv" / "made-from-run"
    made.parent.mkdir()
    lock, project = checkout / "requirements" / "run.txt", checkout / "pyproject.toml"
    made.write_text(f"{checkout}\n{lock.read_text()}{project.read_text()}")
    said = _run(checkout)  # there is no Python, so it would fail if it did anything
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")
    lock.write_text(lock.read_text() + "# changed\n")
    assert _run(checkout).returncode == 1
