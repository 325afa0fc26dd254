"""Are we calling you right now? Who it is, and what the customer says of it."""

from allauth.core.internal.ratelimit import consume
from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from signoff.accounts.models import Account, User
from signoff.accounts.queries import account_of
from signoff.hotline.calls import confirm_call, deny_call, deny_call_with_code
from signoff.hotline.queries import open_call_about, open_call_with
from signoff.hotline.rules import ACTION, LIMITS
from signoff.kernel.clock import now
from signoff.kernel.errors import Conflict
from signoff.portal.access import View, customer_page, visible_case
from signoff.portal.calls_shown import call_with

_ANSWERS = {"yes": confirm_call, "no": deny_call}


@require_safe
def calling(request: HttpRequest) -> HttpResponse:
    """To a stranger: how to find out. To a customer: yes, and who; or no, and what to do."""
    user = request.user
    if isinstance(user, User) and account_of(user) is not None:
        return _answered(request)
    return render(request, "portal/calling/stranger.html")


@customer_page
def _answered(request: HttpRequest, account: Account) -> HttpResponse:
    return render(request, "portal/calling/calling.html", _context(account))


@require_safe
@customer_page
def calling_now(request: HttpRequest, account: Account) -> HttpResponse:
    """The part that moves; 204 while nothing has changed, so that nothing flickers."""
    context = _context(account)
    if request.GET.get("seen") == context["mark"]:
        return HttpResponse(status=204)
    return render(request, "portal/calling/now.html", context)


def _context(account: Account) -> dict[str, object]:
    shown = call_with(account, now())
    return {"section": "", "call": shown, "mark": shown.mark if shown else "none"}


@require_POST
@customer_page
def call_answer(request: HttpRequest, account: Account) -> HttpResponse:
    """Yes or no, to the call that was on the page and to no later one. Somebody else's is over,
    as is one that never was."""
    answer, found = request.POST.get("answer"), open_call_with(account, now())
    if found is None or answer not in _ANSWERS or str(found.pk) != request.POST.get("call"):
        messages.info(request, _("That call is over already."))
        return redirect("portal:calling")
    try:
        _ANSWERS[answer](call=found, account=account, now=now())
    except Conflict:
        messages.info(request, _("That call is over already."))
    else:
        if answer == "no":
            messages.success(request, _("Thank you. We were told to say nothing and to hang up."))
    return redirect("portal:calling")


@require_POST
def case_call_denied(request: HttpRequest, number: str) -> HttpResponse:
    """No, from who sees the words of a call where a case is looked up. Owners who have signed in
    say yes or no on their own page. Raises Http404 for who does not know the case."""
    case, view = visible_case(request, number)
    if view is View.OWNER:
        return redirect("portal:calling")
    if not consume(request, app="signoff", action=ACTION, config=LIMITS, key=case.number):
        return respond_429(request)  # type: ignore[no-any-return]  # allauth has no types
    found = open_call_about(case, now())
    if found is None or str(found.pk) != request.POST.get("call"):
        messages.info(request, _("That call is over already."))
        return redirect("portal:case", number=case.number)
    try:
        deny_call_with_code(call=found, case=case, now=now())
    except Conflict:
        messages.info(request, _("That call is over already."))
    else:
        messages.success(request, _("Thank you. We were told to say nothing and to hang up."))
    return redirect("portal:case", number=case.number)
