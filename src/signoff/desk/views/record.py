"""What an auditor reads: the record of everything, and the books. Nothing is changed here."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from signoff.accounts.models import Role, User
from signoff.audit.events import Event
from signoff.audit.models import AuditRow
from signoff.audit.queries import last_checkpoint, rows_before, waiting_since
from signoff.closing.listing import cases_numbered, numbers_of
from signoff.closing.models import Case
from signoff.closing.state import stream_of
from signoff.desk import words
from signoff.desk.access import staff_page_for
from signoff.desk.case_page import record_rows
from signoff.journal.queries import newest_entries
from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import CaseNumber
from signoff.presentation.row_numbers import row_number

PER_PAGE = 50
_OF_A_CASE = "case:"


@require_safe
@staff_page_for(Role.AUDITOR)
def record(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """Backwards, a page at a time; of one case or one event if wished."""
    typed = request.GET.get("case", "").strip()
    case = _case(typed)
    event = request.GET.get("event", "")
    event = event if event in {one.value for one in Event} else ""
    rows = [] if typed and not case else _rows(request, case, event)
    shown = rows[:PER_PAGE]
    numbers = _numbers([row.stream for row in shown])
    context = {
        "section": "record",
        "case": case,
        "typed": typed,
        "event": event,
        "events": sorted(
            ((one.value, words.called("event", one.value)) for one in Event),
            key=lambda pair: pair[1],
        ),
        "rows": [(one, numbers.get(one.row.stream, "")) for one in record_rows(shown)],
        "next": shown[-1].pk if len(rows) > PER_PAGE else None,
        "checkpoint": last_checkpoint(),
        "waiting": waiting_since(),
    }
    return render(request, "desk/all_records.html", context)


def _rows(request: HttpRequest, case: Case | None, event: str) -> list[AuditRow]:
    return rows_before(
        limit=PER_PAGE + 1,
        before=row_number(request.GET.get("before", "")) or None,
        stream=stream_of(case) if case else "",
        event=event,
    )


@require_safe
@staff_page_for(Role.AUDITOR, Role.FINANCE)
def journal(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """The books, newest first; of one case if wished."""
    typed = request.GET.get("case", "").strip()
    case = _case(typed)
    found = newest_entries(case.pk if case else None)
    if typed and not case:
        found = found.none()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    entries = list(page.object_list)
    numbers = numbers_of(entry.case for entry in entries if entry.case)
    context = {
        "section": "journal",
        "case": case,
        "typed": typed,
        "page": page,
        "query": f"case={case.number}" if case else "",
        "entries": [(entry, numbers.get(entry.case) if entry.case else None) for entry in entries],
    }
    return render(request, "desk/journal.html", context)


def _case(number: str) -> Case | None:
    try:
        found = cases_numbered([CaseNumber.parse(number)])
    except InvalidValue:
        return None
    return found[0] if found else None


def _numbers(streams: list[str]) -> dict[str, str]:
    """Case numbers by the names of their chains."""
    ids = {UUID(s.removeprefix(_OF_A_CASE)) for s in streams if s.startswith(_OF_A_CASE)}
    return {f"{_OF_A_CASE}{case}": number for case, number in numbers_of(ids).items()}
