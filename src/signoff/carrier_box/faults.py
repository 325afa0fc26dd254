"""How the box is told to misbehave, as real systems do."""

import enum
import threading
from dataclasses import dataclass, replace

SYSTEMS = ("hlr", "smdp", "smsc", "mail", "payments", "services", "push")
EVERY_OPERATION = "*"


class FaultError(ValueError):
    """There is no such fault; says which there are."""


class FaultKind(enum.StrEnum):
    """What goes wrong."""

    SLOW = "slow"  # answers after `seconds`
    BUSY = "busy"  # says "not now" in the words of its protocol; does nothing
    REFUSE = "refuse"  # says "no" in the words of its protocol; does nothing
    DROP_BEFORE = "drop_before"  # hangs up; has done nothing
    DROP_AFTER = "drop_after"  # does the work, then hangs up instead of answering
    TWICE = "twice"  # does the work once, answers twice
    GARBAGE = "garbage"  # does the work, answers something that is not of its protocol
    DOWN = "down"  # hangs up at once, whatever is asked
    PENDING = "pending"  # takes the order and leaves its end open; refunds only


@dataclass(frozen=True, slots=True)
class Fault:
    """`times`: for how many requests, None until cleared. `seconds` belongs to SLOW."""

    system: str
    kind: FaultKind
    operation: str = EVERY_OPERATION
    times: int | None = None
    seconds: float = 0.0

    def __post_init__(self) -> None:
        """Raises FaultError, in words for whoever wrote the test."""
        if self.system not in SYSTEMS:
            raise FaultError(f"system “{self.system}” is none of {', '.join(SYSTEMS)}")
        if not isinstance(self.kind, FaultKind):
            raise FaultError(f"kind “{self.kind}” is none of {', '.join(FaultKind)}")
        if self.times is not None and self.times < 1:
            raise FaultError("times must be 1 or more, or left out for “until cleared”")
        if self.seconds < 0 or (self.kind is FaultKind.SLOW) != (self.seconds > 0):
            raise FaultError("seconds belongs to kind “slow” and is more than 0 there")
        what = (self.system, self.operation)
        if self.kind is FaultKind.PENDING and what != ("payments", "create_refund"):
            raise FaultError("pending belongs to system “payments”, operation “create_refund”")


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """What to do wrong with one request: first wait `seconds`, then `kind` if there is one."""

    seconds: float = 0.0
    kind: FaultKind | None = None

    @property
    def hangs_up_at_once(self) -> bool:
        """The connection ends before anything is done."""
        return self.kind in (FaultKind.DOWN, FaultKind.DROP_BEFORE)


class Faults:
    """The faults that are set now. Any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Sets one more."""
        with self._lock:
            self._set.append(fault)

    def clear(self) -> None:
        """Well behaved again."""
        with self._lock:
            self._set.clear()

    def all(self) -> list[Fault]:
        """What is set, with the times that are left."""
        with self._lock:
            return list(self._set)

    def is_down(self, system: str) -> bool:
        """For a server that has just been connected to: should it hang up? Uses nothing up."""
        return any(
            fault.system == system
            and fault.kind is FaultKind.DOWN
            and fault.operation == EVERY_OPERATION
            for fault in self.all()
        )

    def take(self, system: str, operation: str) -> Misbehaviour:
        """What to do wrong with this one request: all slowness, and the first other fault set."""
        seconds, kind = 0.0, None
        left: list[Fault] = []
        with self._lock:
            for fault in self._set:
                if not _concerns(fault, system, operation):
                    left.append(fault)
                elif fault.kind is FaultKind.SLOW:
                    seconds += fault.seconds
                    left += _once_less(fault)
                elif kind is None:
                    kind = fault.kind
                    left += _once_less(fault)
                else:
                    left.append(fault)
            self._set = left
        return Misbehaviour(seconds, kind)


def _concerns(fault: Fault, system: str, operation: str) -> bool:
    return fault.system == system and fault.operation in (EVERY_OPERATION, operation)


def _once_less(fault: Fault) -> list[Fault]:
    if fault.times is None:
        return [fault]
    return [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
