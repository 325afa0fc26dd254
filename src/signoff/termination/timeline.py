"""One timeline of a case, for every window: the customer's page, the public look-up, the desk."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from signoff.accounts.models import ProfileState
from signoff.accounts.queries import service_names
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import UNDOABLE_STATES, CaseState
from signoff.kernel.identifiers import Msisdn
from signoff.kernel.money import from_minor
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.models import Refund
from signoff.settlement.queries import refunds_of
from signoff.termination.before import before_closing
from signoff.termination.entries import Entry
from signoff.termination.models import Receipt, ReceiptState
from signoff.termination.queries import receipts
from signoff.termination.rules import StepKind
from signoff.termination.titles import (
    OUTCOMES,
    PUBLIC_TITLES,
    PUBLIC_TITLES_BY_OUTCOME,
    REMOVED_FROM_PHONE,
    STILL_ON_PHONE,
    TITLES,
    WAITING_FOR_PHONE,
)

__all__ = ["Entry", "Timeline", "timeline"]


@dataclass(frozen=True, slots=True)
class Timeline:
    """`undo_until` is the point of no return while it lies ahead; `waiting_for` names a system
    that is out of reach just now, and `next_try_at` when it is tried again."""

    state: CaseState
    entries: tuple[Entry, ...]
    can_undo: bool
    undo_until: datetime | None
    waiting_for: str
    next_try_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Nothing will happen any more."""
        return self.state in {CaseState.CLOSED, CaseState.WITHDRAWN, CaseState.REFUSED}


def timeline(case: Case, *, now: datetime, private: bool = True) -> Timeline:
    """The state of a case in words. Without `private` it names no number, amount or service."""
    state = case.told(now)
    entries = [*before_closing(case, state, now)]
    if case.started_at:
        entries += _steps(case) if private else _steps_in_public(case)
    elif state not in {CaseState.WITHDRAWN, CaseState.REFUSED}:
        entries.append(Entry("closing", _("The line is closed, step by step"), "next", case.due_at))
    entries += _end(case, state)
    return Timeline(
        state=state,
        entries=tuple(entries),
        can_undo=state in UNDOABLE_STATES,
        undo_until=case.due_at if state in UNDOABLE_STATES else None,
        waiting_for=case.waiting_for,
        next_try_at=case.next_try_at,
    )


def _end(case: Case, state: CaseState) -> Iterator[Entry]:
    if state is CaseState.CLOSED:
        yield Entry("closed", _("Closed"), "done", case.ended_at)
    elif state not in {CaseState.WITHDRAWN, CaseState.REFUSED}:
        yield Entry("closed", _("Closed"), "next")


def _steps(case: Case) -> Iterator[Entry]:
    rows = receipts(case)
    lines = {str(x.pk): Msisdn(x.msisdn).masked for x in cases.lines_of(case)}
    devices = {str(x.pk): x.profile.state for x in cases.lines_of(case)}
    refunds = {str(r.pk): r for r in refunds_of(case.pk)}
    services = service_names(
        [int(r.subject) for r in rows if r.kind == StepKind.SERVICE_ENDED.value]
    )
    standing = _standing(rows)
    for row in rows:
        kind = StepKind(row.kind)
        if kind not in TITLES:
            continue
        params: dict[str, object] = {}
        if kind is StepKind.REFUND:
            params = _refund_params(refunds[row.subject])
        elif kind is StepKind.SERVICE_ENDED:
            params = {"service": services.get(int(row.subject), "")}
        elif row.subject:
            params = {"line": lines[row.subject]}
        entry = _step_entry(row, TITLES[kind], params, _step_state(case, row, standing))
        yield _as_observed(entry, row, devices.get(row.subject, ""))


def _as_observed(entry: Entry, row: Receipt, profile_state: str) -> Entry:
    """An eSIM that was on a phone: what we have seen of it since, which no command can bring."""
    if row.outcome != WAITING_FOR_PHONE:
        return entry
    if profile_state == ProfileState.DELETED:
        return replace(entry, template=REMOVED_FROM_PHONE, tells="")
    return replace(entry, template=STILL_ON_PHONE)


def _refund_params(refund: Refund) -> dict[str, object]:
    method = refund.payment.method if refund.payment else _("Where you want it")
    return {"amount": from_minor(refund.amount_minor, refund.currency), "method": method}


def _steps_in_public(case: Case) -> Iterator[Entry]:
    rows = receipts(case)
    standing = _standing(rows)
    for row in rows:
        kind = StepKind(row.kind)
        if kind in PUBLIC_TITLES:
            title = PUBLIC_TITLES_BY_OUTCOME.get(row.outcome, PUBLIC_TITLES[kind])
            yield _step_entry(row, title, {}, _step_state(case, row, standing))


def _step_entry(row: Receipt, title: str, params: Mapping[str, object], state: str) -> Entry:
    return Entry(
        code=row.kind,
        template=title,
        state=state,
        at=row.finished_at,
        params=params,
        tells=OUTCOMES.get(row.outcome, ""),
    )


def _standing(rows: Sequence[Receipt]) -> Receipt | None:
    """The step at which the closing stands, or, if that one is not shown, the next that is."""
    if all(row.state != ReceiptState.INTENDED for row in rows):
        return None
    left = (row for row in rows if row.finished_at is None)
    return next((row for row in left if StepKind(row.kind) in TITLES), None)


def _step_state(case: Case, row: Receipt, standing: Receipt | None) -> str:
    if row.state == ReceiptState.DONE:
        return "done"
    if row.state == ReceiptState.SKIPPED:
        return "left_out"
    if row is not standing:
        return "next"
    return "problem" if case.state == CaseState.NEEDS_ATTENTION.value else "now"
