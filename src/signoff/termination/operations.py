"""Receipts: the plan and the checkpoints of a closing.

Every write holds the case by its fencing number: a run that another has overtaken can write
nothing more, however slow it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from signoff.accounts import queries as accounts
from signoff.accounts.models import LineState, User
from signoff.accounts.operations import move_lines
from signoff.alternatives.operations import end_with_line
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.recheck import still_agreed
from signoff.closing.rules import CaseEvent, CaseState
from signoff.closing.runs import ask_for_run
from signoff.closing.state import advance, hold
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.ports.errors import RemoteError, Temporary
from signoff.settlement import queries as settlement
from signoff.settlement.refunds import operations as refunds
from signoff.termination.models import Certificate, Receipt, ReceiptState
from signoff.termination.rules import (
    CAN_BE_LEFT,
    MAX_TRIES,
    PATIENCE,
    PlanFacts,
    StepKind,
    delay_after,
    plan,
)

ENGINE = "engine"
FINAL = (ReceiptState.DONE, ReceiptState.SKIPPED)


class LostHold(Conflict):
    """Another run has taken the case over: this one must stop without writing anything more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended. `facts` hold no personal data; they go on the certificate."""

    outcome: str
    reference: str = ""
    facts: Mapping[str, str | int | bool] = field(default_factory=dict)
    skipped: bool = False


def take_hold(*, case_id: UUID, now: datetime) -> Case | None:
    """A run begins: the case is closing, and held by this run alone. None: nothing to do."""
    with transaction.atomic():
        case = cases.case_by_id(case_id)
        if case.state == CaseState.COOLING_OFF.value:
            case = cases.locked_case(case_id)  # two runs must not both settle it anew
        if case.state == CaseState.COOLING_OFF.value:
            if case.due_at is None or case.due_at > now or not still_agreed(case, now=now):
                return None
            return _begin(case, now)
        if case.state != CaseState.CLOSING.value:
            return None
        _hold(case, fence=case.fence + 1, next_try_at=None)
        return case


def _begin(case: Case, now: datetime) -> Case:
    """The point after which nothing is undone: the whole plan is written down."""
    lines = [line.pk for line in cases.lines_of(case)]
    case = advance(
        case, CaseEvent.START, now=now, actor=ENGINE, started_at=now, fence=case.fence + 1
    )
    move_lines(lines=lines, frm=[LineState.ACTIVE, LineState.PAUSED], to=LineState.CLOSING, now=now)
    end_with_line(lines=lines, now=now)
    steps = plan(
        PlanFacts(
            lines=lines,
            refunds=[refund.pk for refund in settlement.refunds_of(case.pk)],
            services=[service.pk for service in accounts.active_services(lines)],
            has_contact_phone=bool(case.contact_phone),
        )
    )
    Receipt.objects.bulk_create(
        Receipt(
            case=case,
            step=step.name,
            kind=step.kind.value,
            subject=step.subject,
            position=step.position,
            key=f"{case.pk}:{step.name}",
        )
        for step in steps
    )
    return case


def _hold(case: Case, *, fence: int, **changes: object) -> None:
    if not hold(case, fence=fence, **changes):
        raise LostHold(f"case {case.number} is run by another")


def intend(*, case: Case, receipt: Receipt, now: datetime, is_held: bool = False) -> None:
    """Writes down that the step is about to be done, before the remote hears of it.

    is_held: this very transaction has written to the case already, so that nobody else can.
    """
    if not is_held:
        _hold(case, fence=case.fence)
    receipt.tries += 1
    receipt.state = ReceiptState.INTENDED
    receipt.intended_at = receipt.intended_at or now
    receipt.save(update_fields=["tries", "state", "intended_at"])


def note_reference(*, case: Case, receipt: Receipt, reference: str) -> None:
    """The remote has taken the order and named it: who repeats the step asks by this name."""
    with transaction.atomic():
        _hold(case, fence=case.fence)
        receipt.reference = reference[:200]
        receipt.save(update_fields=["reference"])


def finish_step(*, case: Case, receipt: Receipt, outcome: Outcome, now: datetime) -> None:
    """The step is over for good. Call it in the transaction of the domain's own change."""
    _hold(case, fence=case.fence, waiting_for="")
    receipt.state = ReceiptState.SKIPPED if outcome.skipped else ReceiptState.DONE
    receipt.outcome = outcome.outcome
    receipt.reference = outcome.reference[:200] or receipt.reference
    receipt.facts = dict(outcome.facts)
    receipt.trouble = ""
    receipt.finished_at = now
    receipt.save(update_fields=["state", "outcome", "reference", "facts", "trouble", "finished_at"])


def out_of_patience(receipt: Receipt) -> bool:
    """A message that nobody receives must not keep the line alive for ever."""
    return receipt.tries >= PATIENCE.get(StepKind(receipt.kind), MAX_TRIES + 1)


def put_off(*, case: Case, receipt: Receipt, error: Temporary, now: datetime) -> None:
    """Not now: what was tried is written down and the next run asked for, in one transaction."""
    if receipt.tries % MAX_TRIES == 0:
        stop_for_person(case=case, receipt=receipt, error=error, now=now)
        return
    delay = timedelta(seconds=delay_after(receipt.tries))
    attempt = case.attempt + 1
    with transaction.atomic():
        _hold(
            case,
            fence=case.fence,
            attempt=attempt,
            next_try_at=now + delay,
            waiting_for=error.system,
        )
        _note_trouble(receipt, error)
        ask_for_run(case, attempt, delay=delay)


def stop_for_person(*, case: Case, receipt: Receipt, error: RemoteError, now: datetime) -> None:
    """A person must look: nothing is lost, and nothing goes on by itself."""
    with transaction.atomic():
        _note_trouble(receipt, error)
        advance(
            case,
            CaseEvent.STOP_FOR_PERSON,
            now=now,
            actor=ENGINE,
            next_try_at=None,
            waiting_for=error.system,
            facts={"step": receipt.step, "system": error.system},
        )


def _note_trouble(receipt: Receipt, error: RemoteError) -> None:
    receipt.trouble = str(error)[:400]
    receipt.raw = error.raw[:4000]
    receipt.save(update_fields=["trouble", "raw"])


def retry(*, case: Case, reviewer: User, now: datetime) -> Case:
    """Goes on from the step that failed, after a person has looked. Raises Conflict."""
    return _go_on(case, reviewer, now)


def go_on_without(*, case: Case, reviewer: User, now: datetime) -> Case:
    """Leaves out the step that failed, if it is only a message; a refund goes to the finance desk.

    Raises Refusal for any other step.
    """
    with transaction.atomic():
        receipt = case.receipts.exclude(state__in=FINAL).order_by("position").first()
        if receipt is None or StepKind(receipt.kind) not in CAN_BE_LEFT:
            raise Refusal(
                "step_is_needed",
                _(
                    "Only a message or a refund can be left for later. Repair what is in its way and try again."
                ),
            )
        outcome = "left_out"
        if StepKind(receipt.kind) is StepKind.REFUND:
            outcome = "left_to_finance"
            refunds.hand_over(refund=int(receipt.subject), case=case.pk, now=now)
        receipt.state, receipt.outcome, receipt.finished_at = ReceiptState.SKIPPED, outcome, now
        receipt.save(update_fields=["state", "outcome", "finished_at"])
        return _go_on(case, reviewer, now)


def _go_on(case: Case, reviewer: User, now: datetime) -> Case:
    attempt = case.attempt + 1
    with transaction.atomic():
        case = advance(
            case,
            CaseEvent.RETRY,
            now=now,
            actor=f"reviewer:{reviewer.pk}",
            attempt=attempt,
            next_try_at=now,
            waiting_for="",
        )
        ask_for_run(case, attempt)
    return case


def keep_certificate(*, case: Case, document: str, now: datetime) -> None:
    """Keeps the signed certificate. Call it in the transaction that finishes its step."""
    Certificate.objects.create(case=case, document=document, issued_at=now)


def finish(*, case: Case, now: datetime) -> None:
    """The world has followed: the case and its lines are closed."""
    lines = [line.pk for line in cases.lines_of(case)]
    move_lines(lines=lines, frm=[LineState.CLOSING], to=LineState.CLOSED, now=now)
    advance(case, CaseEvent.FINISH, now=now, actor=ENGINE, ended_at=now, waiting_for="")
