"""A case as JSON: the same timeline as on its page."""

from datetime import date, datetime

from ninja import Schema

from signoff.closing.models import Case
from signoff.closing.queries import lines_of
from signoff.kernel.clock import now
from signoff.kernel.identifiers import Msisdn
from signoff.presentation import labels, wording
from signoff.termination.timeline import Entry, timeline


class EntryOut(Schema):
    """state: done, now, next, problem or left_out. `title` and `detail` in the reader's language.

    by: the last day for what is waited for. rules: the rule behind the date, a sentence each: what it
    says, and where it comes from.
    """

    code: str
    state: str
    title: str
    detail: str
    rules: list[str]
    at: datetime | None
    by: date | None


class TimelineOut(Schema):
    """`is_waiting`: one of our systems does not answer; it goes on by itself at `next_try_at`."""

    number: str
    state: str
    state_words: str
    is_over: bool
    decide_by: date | None
    can_undo: bool
    undo_until: datetime | None
    is_waiting: bool
    next_try_at: datetime | None
    entries: list[EntryOut]


class CaseOut(TimelineOut):
    """For the customer: with the lines, masked, and the words of a refusal."""

    lines: list[str]
    answer: str


def _entry(entry: Entry) -> EntryOut:
    return EntryOut(
        code=entry.code,
        state=entry.state,
        title=wording.said(entry),
        detail=wording.say(entry.tells, entry.params),
        rules=[wording.said(sentence) for sentence in entry.rule],
        at=entry.at,
        by=entry.by,
    )


def public(case: Case) -> TimelineOut:
    """Without number, amount, service or name."""
    return TimelineOut.model_validate(_fields(case, private=False))


def private(case: Case) -> CaseOut:
    """For the owner of the case."""
    lines = [Msisdn(line.msisdn).masked for line in lines_of(case)]
    fields = _fields(case, private=True)
    return CaseOut.model_validate({**fields, "lines": lines, "answer": case.answer})


def _fields(case: Case, *, private: bool) -> dict[str, object]:
    shown = timeline(case, now=now(), private=private)
    return {
        "number": case.number,
        "state": shown.state.value,
        "state_words": labels.words("case", shown.state),
        "is_over": shown.is_over,
        "decide_by": case.decide_by,
        "can_undo": shown.can_undo,
        "undo_until": shown.undo_until,
        "is_waiting": bool(shown.waiting_for),
        "next_try_at": shown.next_try_at,
        "entries": [_entry(entry) for entry in shown.entries],
    }
