"""Calls: saying that one begins, watching what the customer says of it, and hanging up."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from signoff.accounts.models import Role, User
from signoff.closing.models import Case
from signoff.desk.access import held_roles, staff_page_for
from signoff.desk.calls_shown import call_shown
from signoff.desk.views.hotline import sent_case
from signoff.hotline.calls import end_call, start_call
from signoff.hotline.rules import Direction
from signoff.kernel.clock import now
from signoff.kernel.errors import Conflict, Refusal
from signoff.presentation.wording import said

calling_page = staff_page_for(Role.HOTLINE, Role.REVIEWER)
_DIRECTIONS = {direction.value: direction for direction in Direction}


@require_POST
@calling_page
def call(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """Before dialling, or once somebody who called is found: the customer's page says it."""
    case = sent_case(number)
    direction = _DIRECTIONS.get(request.POST.get("direction", ""))
    if direction is not None:
        try:
            start_call(case=case, agent=user, direction=direction, now=now())
        except Refusal as refusal:
            messages.warning(request, said(refusal))
    return _back(request, case)


@require_safe
@calling_page
def call_now(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """The part that moves; 204 while nothing has changed. At its end the whole page goes anew:
    what it told of the case is not for who is on the line any more."""
    case = sent_case(number)
    shown = call_shown(case, user, now())
    if request.GET.get("seen") == shown.mark:
        return HttpResponse(status=204)
    if not shown.is_going_on:
        return HttpResponseClientRefresh()
    context = {"case": case, "shown_call": shown, "from_case": "case" in request.GET}
    return render(request, "desk/call/now.html", context)


@require_POST
@calling_page
def hang_up(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """The customer's page says again that nobody is calling."""
    case = sent_case(number)
    shown = call_shown(case, user, now())
    try:
        if shown.call is not None:
            end_call(call=shown.call, agent=user, now=now())
            messages.success(request, _("The call is over. The customer’s page says so."))
    except Conflict:
        messages.info(request, _("The call was over already."))
    return _back(request, case)


def _back(request: HttpRequest, case: Case) -> HttpResponse:
    """To the page from which they call: the case for reviewers, the hotline's for its agents."""
    held = held_roles(request)
    from_case = "case" in request.POST or Role.HOTLINE not in held
    place = "desk:case" if from_case and Role.REVIEWER in held else "desk:hotline_case"
    return redirect(place, number=case.number)
