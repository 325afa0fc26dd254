"""Calls: saying that one begins, watching what the customer says of it, and hanging up.

The same three things from three pages: the hotline's, a case, and messages about no case.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from signoff.accounts.models import Role, User
from signoff.desk.access import staff_page_for
from signoff.desk.calls_shown import CallPlace, at_the_case, at_the_hotline, call_shown
from signoff.desk.views.case import view_of
from signoff.desk.views.hotline import hotline_page, sent_case
from signoff.desk.views.talk import writer_of
from signoff.hotline.calls import end_call, start_call
from signoff.hotline.models import Call
from signoff.hotline.rules import Direction, Standing
from signoff.kernel.clock import now
from signoff.kernel.errors import Conflict, Refusal
from signoff.presentation.wording import said
from signoff.talk.conversations import About

reviewing_page = staff_page_for(Role.REVIEWER)
_DIRECTIONS = {direction.value: direction for direction in Direction}


@require_POST
@hotline_page
def hotline_call(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """Before dialling, or once somebody who called is found: the customer's page says it."""
    case = sent_case(number)
    return _start(request, user, case, at_the_hotline(case))


@require_safe
@hotline_page
def hotline_call_now(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """The part that moves."""
    case = sent_case(number)
    return _now(request, user, case, at_the_hotline(case))


@require_POST
@hotline_page
def hotline_hang_up(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """The customer's page says again that nobody is calling."""
    case = sent_case(number)
    return _end(request, user, case, at_the_hotline(case))


@require_POST
@reviewing_page
def call(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """A reviewer calls about a case."""
    case = view_of(number).case
    return _start(request, user, case, at_the_case(case))


@require_safe
@reviewing_page
def call_now(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """The part that moves."""
    case = view_of(number).case
    return _now(request, user, case, at_the_case(case))


@require_POST
@reviewing_page
def hang_up(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """It is over."""
    case = view_of(number).case
    return _end(request, user, case, at_the_case(case))


@require_POST
@reviewing_page
def account_call(request: HttpRequest, user: User, account: int) -> HttpResponse:
    """A reviewer calls somebody who wrote about something else than a closing."""
    found = writer_of(account)
    return _start(request, user, found, at_the_case(found))


@require_safe
@reviewing_page
def account_call_now(request: HttpRequest, user: User, account: int) -> HttpResponse:
    """The part that moves."""
    found = writer_of(account)
    return _now(request, user, found, at_the_case(found))


@require_POST
@reviewing_page
def account_hang_up(request: HttpRequest, user: User, account: int) -> HttpResponse:
    """It is over."""
    found = writer_of(account)
    return _end(request, user, found, at_the_case(found))


def _start(request: HttpRequest, user: User, about: About, place: CallPlace) -> HttpResponse:
    direction = _DIRECTIONS.get(request.POST.get("direction", ""))
    if direction is not None:
        try:
            start_call(about=about, agent=user, direction=direction, now=now())
        except Refusal as refusal:
            messages.warning(request, said(refusal))
    return redirect(place.page)


def _now(request: HttpRequest, user: User, about: About, place: CallPlace) -> HttpResponse:
    """204 while nothing has changed. At its end the whole page goes anew: what it told is not for
    who is on the line any more. If the page has told nothing, what was typed there stays."""
    shown, seen = call_shown(about, user, now(), place), request.GET.get("seen", "")
    if seen == shown.mark:
        return HttpResponse(status=204)
    if shown.is_going_on:
        return render(request, "desk/call/now.html", {"shown_call": shown})
    if shown.call is None and seen.endswith(f"-{Standing.WAITING.value}"):
        return render(request, "desk/call/over.html", {"shown_call": shown})
    return HttpResponseClientRefresh()


def _end(request: HttpRequest, user: User, about: About, place: CallPlace) -> HttpResponse:
    own = call_shown(about, user, now(), place).call
    if own is not None and _has_ended(own, user):
        messages.success(request, _("The call is over. The customer’s page says so."))
    else:
        messages.info(request, _("The call was over already."))
    return redirect(place.page)


def _has_ended(own: Call, user: User) -> bool:
    """False: somebody was first, or its time was over."""
    try:
        end_call(call=own, agent=user, now=now())
    except Conflict:
        return False
    return True
