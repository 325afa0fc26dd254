"""One timeline of a case, for every window: the customer's page, the public look-up, the desk."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from signoff.accounts.queries import service_names
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import UNDOABLE_STATES, CaseState
from signoff.kernel.identifiers import Msisdn
from signoff.kernel.money import from_minor
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.models import Refund
from signoff.settlement.queries import refunds_of
from signoff.termination.models import Receipt, ReceiptState
from signoff.termination.queries import receipts
from signoff.termination.rules import StepKind


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, happens now, or comes next.

    state: done, now, next, problem, or left_out. `at` is when it happened or is due. `tells` says
    more in words, such as how a step ended; both templates take `params`.
    """

    code: str
    template: str
    state: str
    at: datetime | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    tells: str = ""


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


def timeline(case: Case, *, private: bool = True) -> Timeline:
    """The state of a case in words. Without `private` it names no number, amount or service."""
    state = CaseState(case.state)
    entries = [*_before(case, state)]
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


def _before(case: Case, state: CaseState) -> Iterator[Entry]:
    yield Entry("submitted", _("You asked us to close"), "done", case.submitted_at)
    if state is CaseState.SUBMITTED:
        yield Entry(
            "review", _("A person will look at it"), "now", tells=_("We answer by the date above.")
        )
    elif state is CaseState.IN_REVIEW:
        yield Entry("review", _("A person is looking at it"), "now")
    elif state is CaseState.MORE_INFO:
        yield Entry("more_info", _("We have a question for you"), "now")
    elif state is CaseState.REFUSED:
        yield Entry("refused", _("We could not approve it"), "problem", case.ended_at)
    elif case.due_at or case.started_at:
        yield Entry("approved", _("Approved"), "done", case.decided_at)
    if state is CaseState.COOLING_OFF:
        yield Entry(
            "cooling_off",
            _("Time to think again"),
            "now",
            case.due_at,
            tells=_("Everything works until then. You can still undo it."),
        )
    if state is CaseState.WITHDRAWN:
        yield Entry("withdrawn", _("Undone: nothing has changed"), "done", case.ended_at)


def _end(case: Case, state: CaseState) -> Iterator[Entry]:
    if state is CaseState.CLOSED:
        yield Entry("closed", _("Closed"), "done", case.ended_at)
    elif state not in {CaseState.WITHDRAWN, CaseState.REFUSED}:
        yield Entry("closed", _("Closed"), "next")


_TITLES = {
    StepKind.LAST_TEXT: _("Last message sent to %(line)s"),
    StepKind.STOP_SERVICE: _("Service of %(line)s switched off"),
    StepKind.FINAL_BILL: _("Final bill made"),
    StepKind.REFUND: _("%(amount)s sent back to you by %(method)s"),
    StepKind.WITHDRAW_PROFILE: _("eSIM of %(line)s withdrawn"),
    StepKind.REMOVE_SUBSCRIBER: _("%(line)s removed from the network, and checked"),
    StepKind.SERVICE_ENDED: _("%(service)s ended"),
    StepKind.END_SIGN_INS: _("Old sign-ins ended"),
    StepKind.CERTIFICATE: _("Certificate of closing issued"),
    StepKind.LETTER_DONE: _("E-mail sent to say that it is done"),
    StepKind.TEXT_DONE: _("SMS sent to say that it is done"),
}

_PUBLIC_TITLES = {
    StepKind.LAST_TEXT: _("Last message sent to the line"),
    StepKind.STOP_SERVICE: _("Service switched off"),
    StepKind.FINAL_BILL: _("Final bill made"),
    StepKind.REFUND: _("Refund sent"),
    StepKind.WITHDRAW_PROFILE: _("eSIM withdrawn"),
    StepKind.REMOVE_SUBSCRIBER: _("Removed from the network, and checked"),
    StepKind.SERVICE_ENDED: _("Linked service ended"),
    StepKind.END_SIGN_INS: _("Old sign-ins ended"),
    StepKind.CERTIFICATE: _("Certificate of closing issued"),
    StepKind.LETTER_DONE: _("E-mail sent to say that it is done"),
    StepKind.TEXT_DONE: _("SMS sent to say that it is done"),
}

_TITLES_BY_OUTCOME = {"waiting_for_phone": _("eSIM of %(line)s is still on a phone")}
_PUBLIC_TITLES_BY_OUTCOME = {"waiting_for_phone": _("eSIM is still on a phone")}

_OUTCOMES = {
    "line_is_off": _("Not sent: the line was already off."),
    "not_delivered": _("It could not be delivered; the closing went on."),
    "left_out": _("Left out by a person of ours."),
    "unknown_to_network": _("The network did not know it any more."),
    "waiting_for_phone": _(
        "It is on a phone and no longer works there. Remove it in the phone's settings; we will see it."
    ),
    "already_removed_from_device": _("It had been removed from the phone already."),
    "by_hand": _("Our finance team sends it by bank transfer."),
    "sent": _("On its way; your bank may need some days."),
}


def _steps(case: Case) -> Iterator[Entry]:
    rows = receipts(case)
    lines = {str(x.pk): Msisdn(x.msisdn).masked for x in cases.lines_of(case)}
    refunds = {str(r.pk): r for r in refunds_of(case.pk)}
    services = service_names(
        [int(r.subject) for r in rows if r.kind == StepKind.SERVICE_ENDED.value]
    )
    standing = _standing(rows)
    for row in rows:
        kind = StepKind(row.kind)
        if kind not in _TITLES:
            continue
        params: dict[str, object] = {}
        if kind is StepKind.REFUND:
            params = _refund_params(refunds[row.subject])
        elif kind is StepKind.SERVICE_ENDED:
            params = {"service": services.get(int(row.subject), "")}
        elif row.subject:
            params = {"line": lines[row.subject]}
        title = _TITLES_BY_OUTCOME.get(row.outcome, _TITLES[kind])
        yield _step_entry(row, title, params, _step_state(case, row, standing))


def _refund_params(refund: Refund) -> dict[str, object]:
    method = refund.payment.method if refund.payment else _("Bank transfer")
    return {"amount": from_minor(refund.amount_minor, refund.currency), "method": method}


def _steps_in_public(case: Case) -> Iterator[Entry]:
    rows = receipts(case)
    standing = _standing(rows)
    for row in rows:
        kind = StepKind(row.kind)
        if kind in _PUBLIC_TITLES:
            title = _PUBLIC_TITLES_BY_OUTCOME.get(row.outcome, _PUBLIC_TITLES[kind])
            yield _step_entry(row, title, {}, _step_state(case, row, standing))


def _step_entry(row: Receipt, title: str, params: Mapping[str, object], state: str) -> Entry:
    return Entry(
        code=row.kind,
        template=title,
        state=state,
        at=row.finished_at,
        params=params,
        tells=_OUTCOMES.get(row.outcome, ""),
    )


def _standing(rows: Sequence[Receipt]) -> Receipt | None:
    """The step at which the closing stands, or, if that one is not shown, the next that is."""
    if all(row.state != ReceiptState.INTENDED for row in rows):
        return None
    left = (row for row in rows if row.finished_at is None)
    return next((row for row in left if StepKind(row.kind) in _TITLES), None)


def _step_state(case: Case, row: Receipt, standing: Receipt | None) -> str:
    if row.state == ReceiptState.DONE:
        return "done"
    if row.state == ReceiptState.SKIPPED:
        return "left_out"
    if row is not standing:
        return "next"
    return "problem" if case.state == CaseState.NEEDS_ATTENTION.value else "now"
