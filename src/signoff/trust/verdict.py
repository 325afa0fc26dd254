"""What a judgement says: a standing, and reasons in words."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


class Standing(enum.Enum):
    """Official is said of an exact match only; of everything else we know less, or worse."""

    OFFICIAL = "official"
    UNKNOWN = "unknown"
    SUSPICIOUS = "suspicious"


class Kind(enum.Enum):
    """What was judged."""

    LINK = "link"
    NUMBER = "number"
    ADDRESS = "address"
    SENDER = "sender"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Reason:
    """Words for a person: an English template for the catalogue, and its parameters apart."""

    code: str
    template: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """subject: what was judged, as it was written, shortened. parts: of a message, each judged."""

    kind: Kind
    subject: str
    standing: Standing
    reasons: tuple[Reason, ...]
    parts: tuple["Verdict", ...] = ()


def verdict(kind: Kind, subject: str, good: Reason, bad: Iterable[Reason]) -> Verdict:
    """Suspicious if there is any `bad` reason; otherwise unknown, for the reason `good`."""
    reasons = tuple(bad)
    if reasons:
        return Verdict(kind, shortened(subject), Standing.SUSPICIOUS, reasons)
    return Verdict(kind, shortened(subject), Standing.UNKNOWN, (good,))


def shortened(subject: str) -> str:
    """Up to 200 characters, for showing."""
    return subject if len(subject) <= 200 else subject[:199] + "…"
