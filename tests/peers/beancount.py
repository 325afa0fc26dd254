"""beancount's own checker, as a program: its licence is not ours, so it is never imported."""

import subprocess
import sys
from pathlib import Path


def bean_check(file: Path) -> str:
    """What beancount's own checker has against a file; "" if nothing."""
    program = Path(sys.executable).with_name("bean-check")
    ended = subprocess.run(
        [program, "--no-cache", file], check=False, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode == 0) == (ended.stderr == ""), ended.stderr
    return ended.stderr
