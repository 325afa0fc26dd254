"""One line of `signoff check`."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How one thing is. A warning is for a person to judge; missing is not for production."""

    GOOD = "good"
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. Never with a secret in it."""

    what: str
    state: State
    detail: str
