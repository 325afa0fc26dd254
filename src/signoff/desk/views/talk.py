"""What customers and the desk write to each other, and the hotline's tickets."""

from datetime import timedelta
from typing import Any

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from signoff.accounts.models import Account, Role, User
from signoff.accounts.queries import account_by_id, lines_of
from signoff.closing.queries import cases_of
from signoff.closing.rules import CaseState
from signoff.desk.access import held_roles, staff_page_for
from signoff.desk.calls_shown import at_the_case, call_shown
from signoff.desk.conversation import conversation_context
from signoff.desk.hotline_forms import TextForm
from signoff.desk.views.case import view_of
from signoff.kernel.clock import now
from signoff.kernel.errors import Conflict, Refusal
from signoff.presentation.row_numbers import row_number
from signoff.presentation.wording import said
from signoff.talk.conversations import About
from signoff.talk.listing import Talks, recent_talks, unread_talks
from signoff.talk.models import Message, TicketState
from signoff.talk.operations import finish_ticket, mark_read, say
from signoff.talk.queries import messages_without_case, tickets

PER_PAGE = 50
RECENT = timedelta(days=30)
_RECENT, _TICKETS, _DONE = "recent", "tickets", "done"

talk_reader = staff_page_for(Role.REVIEWER, Role.HOTLINE)


@require_safe
@talk_reader
def talk(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """What nobody has read, who waits longest first; or all of late; or tickets."""
    show = request.GET.get("show", "")
    show = show if show in {_RECENT, _TICKETS, _DONE} else ""
    unread, still_open = unread_talks(), tickets(TicketState.OPEN)
    rows: dict[str, Talks | QuerySet[Message]] = {
        "": unread,
        _RECENT: recent_talks(now() - RECENT),
        _TICKETS: still_open,
        _DONE: tickets(TicketState.DONE),
    }
    paginator: Paginator[Any] = Paginator(rows[show], PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "section": "talk",
        "show": show,
        "opens_cases": _opens_cases(request),
        "unread": len(unread),
        "tickets": still_open.count(),
        "page": page,
        "rows": list(page.object_list),
        "query": f"show={show}" if show else "",
    }
    return render(request, "desk/talk.html", context)


def _opens_cases(request: HttpRequest) -> bool:
    """The hotline comes to a case by verifying its caller, and sees only the number here."""
    return bool(held_roles(request) & {Role.REVIEWER, Role.AUDITOR})


@require_safe
@talk_reader
def conversation(request: HttpRequest, user: User, account: int) -> HttpResponse:
    """With a customer, about no case."""
    found, written = _written(account)
    context = {
        "section": "talk",
        "account": found,
        "opens_cases": _opens_cases(request),
        "lines": lines_of(found),
        "cases": [case for case in cases_of(found) if case.state != CaseState.DRAFT.value],
        "shown_call": call_shown(found, user, now(), at_the_case(found)),
        **conversation_context(found, written),
    }
    return render(request, "desk/account_talk.html", context)


def _written(account: int) -> tuple[Account, list[Message]]:
    """Raises Http404 where nobody wrote anything: this is no way to look accounts up."""
    try:
        found = account_by_id(account)
    except Account.DoesNotExist:
        raise Http404 from None
    if written := messages_without_case(found):
        return found, written
    raise Http404


def writer_of(account: int) -> Account:
    """Who wrote to us about no case. Raises Http404 for anybody else."""
    return _written(account)[0]


@require_POST
@staff_page_for(Role.REVIEWER)
def write_account(request: HttpRequest, user: User, account: int) -> HttpResponse:
    """To the customer, in their language; who answers has read what was written."""
    return _write(request, user, writer_of(account))


@require_POST
@staff_page_for(Role.REVIEWER)
def read_account(request: HttpRequest, user: User, account: int) -> HttpResponse:
    """The customer sees from now on that it was read."""
    return _read(request, user, writer_of(account))


@require_POST
@staff_page_for(Role.REVIEWER)
def write(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """The same about a case."""
    return _write(request, user, view_of(number).case)


@require_POST
@staff_page_for(Role.REVIEWER)
def read(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """The same about a case."""
    return _read(request, user, view_of(number).case)


def _write(request: HttpRequest, user: User, about: About) -> HttpResponse:
    form = TextForm(request.POST)
    if form.is_valid():
        try:
            say(about=about, author=user, text=form.cleaned_data["text"], now=now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _mark_seen(request, user, about)
            notes.success(request, _("Written. If they do not read it here, an e-mail tells them."))
            return redirect(_page_of(about))
    seen = row_number(request.POST.get("seen", ""))
    context = {"back": _page_of(about), "form": form, "last_written": seen, **_named(about)}
    return render(request, "desk/write.html", context)


def _named(about: About) -> dict[str, str]:
    if isinstance(about, Account):
        return {"section": "talk", "number": about.number, "name": about.name}
    return {"section": "queue", "number": about.number, "name": about.contact_name}


def _read(request: HttpRequest, user: User, about: About) -> HttpResponse:
    _mark_seen(request, user, about)
    return redirect(_page_of(about))


def _mark_seen(request: HttpRequest, user: User, about: About) -> None:
    """What stood on the page; what the customer wrote while it was open still waits."""
    up_to = row_number(request.POST.get("seen", ""))
    mark_read(about=about, reader=user, up_to=up_to, now=now())


def _page_of(about: About) -> str:
    if isinstance(about, Account):
        return reverse("desk:conversation", args=[about.pk])
    return reverse("desk:case", args=[about.number]) + "#conversation"


@require_POST
@talk_reader
def done(request: HttpRequest, user: User, ticket: int) -> HttpResponse:
    """Once; who presses second is told that it was done."""
    try:
        finish_ticket(ticket=ticket, by=user, now=now())
    except Conflict:
        notes.info(request, _("Somebody has done it already."))
    except Refusal as refusal:
        notes.warning(request, said(refusal))
    return redirect(reverse("desk:talk") + f"?show={_TICKETS}")
