"""One case on one page."""

import re
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from signoff.accounts.models import Role, User
from signoff.accounts.queries import service_names, user_names
from signoff.audit.models import AuditRow
from signoff.audit.queries import history
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.closing.state import stream_of
from signoff.config import policies
from signoff.desk import words
from signoff.desk.access import staff_page_for
from signoff.desk.case_money import money_of
from signoff.kernel.clock import now
from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import CaseNumber, Msisdn
from signoff.notice.queries import notices_of
from signoff.review.queries import CaseView, case_view
from signoff.termination import queries as termination
from signoff.termination.models import Receipt
from signoff.termination.rules import MESSAGES, StepKind
from signoff.termination.timeline import timeline

_PERSON = re.compile(r"(?:reviewer|user):(?P<person>\d{1,18})", re.ASCII)
"""How the record names somebody of the staff."""


def view_of(number: str) -> CaseView:
    """Raises Http404 for what is no case number, no case, or not sent yet."""
    try:
        return case_view(CaseNumber.parse(number), now=now())
    except (InvalidValue, Case.DoesNotExist):
        raise Http404 from None


@dataclass(frozen=True, slots=True)
class StepRow:
    """A receipt with what it is about: a masked number or a service."""

    receipt: Receipt
    subject: str


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A row of the record with its actor's name."""

    row: AuditRow
    actor: str


@require_safe
@staff_page_for(Role.REVIEWER, read_by=[Role.FINANCE])
def case(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """Everything that a decision or a repair needs; what can be done is on top."""
    view = view_of(number)
    receipts = termination.receipts(view.case)
    stuck = termination.stuck_step(view.case) if view.case.state == _STOPPED else None
    return render(
        request,
        "desk/case.html",
        {
            "section": "queue",
            "view": view,
            "case": view.case,
            "is_mine": view.claim is not None and view.claim.reviewer_id == user.pk,
            "cooling_off": policies().for_country(view.case.country).cooling_off.value,
            "timeline": timeline(view.case),
            "steps": _step_rows(view, receipts),
            "stuck": stuck,
            "may_leave_out": stuck is not None and StepKind(stuck.kind) in MESSAGES,
            "notices": notices_of(view.case.pk),
            "money": money_of(view.case),
            "record": _record_rows(view.case),
        },
    )


_STOPPED = CaseState.NEEDS_ATTENTION.value


def _step_rows(view: CaseView, receipts: list[Receipt]) -> list[StepRow]:
    lines = {str(line.pk): Msisdn(line.msisdn).masked for line in view.lines}
    ended = [r for r in receipts if r.kind == StepKind.SERVICE_ENDED.value]
    services = service_names([int(r.subject) for r in ended]) if ended else {}

    def subject(receipt: Receipt) -> str:
        if receipt.kind in {StepKind.ORDER_SERVICE_END.value, StepKind.SERVICE_ENDED.value}:
            return services.get(int(receipt.subject), "")
        return "" if receipt.kind == StepKind.REFUND.value else lines.get(receipt.subject, "")

    return [StepRow(receipt, subject(receipt)) for receipt in receipts]


def _record_rows(case: Case) -> list[RecordRow]:
    rows = history(stream_of(case))
    people = {row.actor: int(found["person"]) for row in rows if (found := _named(row))}
    names = user_names(set(people.values()))

    def actor(row: AuditRow) -> str:
        if row.actor in people:
            return names.get(people[row.actor], row.actor)
        return words.called("actor", row.actor)

    return [RecordRow(row, actor(row)) for row in rows]


def _named(row: AuditRow) -> re.Match[str] | None:
    return _PERSON.fullmatch(row.actor)
