"""Real peers from Debian's packages: found, installed if we may, or skipped with the way to it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def need(package: str, program: str) -> Path:
    """The path of `program`; installs `package` as root on Debian, otherwise skips the test."""
    if (found := shutil.which(program)) is not None:
        return Path(found)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install(package)
        if (found := shutil.which(program)) is not None:
            return Path(found)
    pytest.skip(
        f"NOT TESTED against the real {program}: it is not on this machine. "
        f"On Debian: apt-get install {package}"
    )


def _install(package: str) -> None:
    """Waits for its turn: another test process may be installing the same."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", package]):
        subprocess.run(
            ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=180", *words],
            env=quiet,
            check=False,  # what counts is whether the program is there afterwards
            timeout=400,
            stdout=subprocess.DEVNULL,
        )
