"""What a step of a closing gets to see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from signoff.accounts.models import Line
from signoff.closing.models import Case
from signoff.termination.models import Receipt
from signoff.termination.operations import Outcome
from signoff.wiring import Ports


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the closing of one case. `now` reads the clock; `receipts` is the whole plan."""

    case: Case
    lines: dict[str, Line]
    receipts: tuple[Receipt, ...]
    ports: Ports
    now: Callable[[], datetime]

    def line(self, receipt: Receipt) -> Line:
        """The line that a step is about."""
        return self.lines[receipt.subject]

    def receipt(self, step: str) -> Receipt:
        """The receipt of another step of this plan. Raises KeyError if it has none."""
        for row in self.receipts:
            if row.step == step:
                return row
        raise KeyError(step)


@dataclass(frozen=True, slots=True)
class Step:
    """`act` makes one remote call at most, outside any transaction, and says how it ended.

    It is called again after a crash: `receipt.tries` above 1 means that the remote may have done
    it already. `apply` writes what the outcome means for our own rows, in the transaction of the
    receipt; it must not call anything remote.
    """

    act: Callable[[Run, Receipt], Outcome]
    apply: Callable[[Run, Receipt, Outcome], None] | None = None
