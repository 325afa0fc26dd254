"""What customers and the desk write to each other, and the hotline's tickets."""

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from signoff.accounts.models import Role, User
from signoff.closing.listing import numbers_of
from signoff.desk.access import staff_page_for
from signoff.desk.hotline_forms import TextForm
from signoff.desk.views.case import view_of
from signoff.kernel.clock import now
from signoff.kernel.errors import Conflict, Refusal
from signoff.presentation.wording import said
from signoff.talk.models import TicketState
from signoff.talk.operations import finish_ticket, mark_read, say
from signoff.talk.queries import tickets, unread_by_desk, unread_cases

PER_PAGE = 50


@require_safe
@staff_page_for(Role.REVIEWER, Role.HOTLINE)
def talk(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """Cases whose customers wrote something that nobody has read, and tickets."""
    unread = unread_by_desk([case for case in unread_cases() if case])
    numbers = numbers_of(unread)
    is_done = request.GET.get("show") == "done"
    rows = tickets(TicketState.DONE if is_done else TicketState.OPEN)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "talk",
        "unread": [(numbers[case], count) for case, count in unread.items()],
        "page": page,
        "tickets": list(page.object_list),
        "is_done": is_done,
        "query": "show=done" if is_done else "",
    }
    return render(request, "desk/talk.html", context)


@require_POST
@staff_page_for(Role.REVIEWER)
def write(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """To the customer, in their language; who answers has read what was written."""
    case = view_of(number).case
    form = TextForm(request.POST)
    if form.is_valid():
        try:
            say(case=case, author=user, text=form.cleaned_data["text"], now=now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            mark_read(case=case, reader=user, now=now())
            notes.success(request, _("Written. If they do not read it here, an e-mail tells them."))
            return redirect("desk:case", number=case.number)
    context = {"section": "queue", "case": case, "form": form}
    return render(request, "desk/write.html", context)


@require_POST
@staff_page_for(Role.REVIEWER)
def read(request: HttpRequest, user: User, number: str) -> HttpResponse:  # noqa: ARG001 - a page leads back
    """The customer sees from now on that it was read."""
    case = view_of(number).case
    mark_read(case=case, reader=user, now=now())
    return redirect("desk:case", number=case.number)


@require_POST
@staff_page_for(Role.REVIEWER, Role.HOTLINE)
def done(request: HttpRequest, user: User, ticket: int) -> HttpResponse:
    """Once; who presses second is told that it was done."""
    try:
        finish_ticket(ticket=ticket, by=user, now=now())
    except Conflict:
        notes.info(request, _("Somebody has done it already."))
    except Refusal as refusal:
        notes.warning(request, said(refusal))
    return redirect("desk:talk")
