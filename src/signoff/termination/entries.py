"""One entry of a timeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from signoff.policies.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, happens now, or comes next.

    state: done, now, next, problem, or left_out. `at` is when it happened or is due. `by` is the
    last day for what is waited for, by the customer's calendar. `tells` says more in words, such as
    how a step ended; both templates take `params`. `rule` is the rule behind the date: what it
    says, and where it comes from.
    """

    code: str
    template: str
    state: str
    at: datetime | None = None
    by: date | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    tells: str = ""
    rule: tuple[Sentence, ...] = ()
