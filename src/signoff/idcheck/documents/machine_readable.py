"""What machine-readable lines say. Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Checks:
    """Which check digits fit. `whole` is None where a miscounted filler leaves it unknown."""

    number: bool
    birth: bool
    expiry: bool
    whole: bool | None

    @property
    def fitting(self) -> int:
        return sum(map(bool, (self.number, self.birth, self.expiry, self.whole)))


@dataclass(frozen=True, slots=True)
class MachineReadable:
    """What the lines say. `names` has surname and given names parted by `<<` if it was seen.

    `number` is without fillers, `number_check` the digit printed behind it. `birth` and `expires`
    are None where the document leaves them unknown or they are no dates.
    """

    size: str
    names: str
    country: str
    number: str
    number_check: str
    birth: date | None
    sex: str
    expires: date | None
    checks: Checks
    sure: float

    @property
    def cut_short(self) -> bool:
        """The names fill their line, so they may go on in the document (9303-3 section 4.6)."""
        return len(self.names) >= {"TD3": 39, "TD2": 31, "TD1": 30}[self.size]
