"""Writing to the people who decide, and reading what they wrote."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from signoff.accounts.models import Account
from signoff.closing.models import Case
from signoff.closing.queries import cases_of
from signoff.closing.rules import CaseState
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.portal.access import customer_page, talk_page
from signoff.portal.answer_forms import MessageForm
from signoff.portal.messages_shown import mark_of, messages_shown
from signoff.talk.operations import mark_read, say

_SHOWN = 10


@require_safe
@customer_page
def talk(request: HttpRequest, account: Account) -> HttpResponse:
    """To the messages of the one case that there is; a choice; and other ways to reach us."""
    sent = [case for case in cases_of(account) if case.state != CaseState.DRAFT.value]
    if len(sent) == 1:
        return redirect("portal:case_messages", number=sent[0].number)
    context = {"section": "home", "cases": sent[:_SHOWN], "page": "portal:case_messages"}
    return render(request, "portal/talk/talk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@talk_page
def messages(request: HttpRequest, case: Case) -> HttpResponse:
    """All messages, and a field to write. Who opens the page has read what is on it."""
    if case.state == CaseState.DRAFT.value:
        return redirect("portal:check_answers", number=case.number)
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            say(case=case, author=case.account, text=form.cleaned_data["text"], now=now())
        except Refusal as error:
            form.refuse(error)
        else:
            return redirect("portal:case_messages", number=case.number)
    context = {**_context(case), "section": "home", "form": form}
    if request.method == "GET":
        mark_read(case=case, reader=case.account, now=now())
    return render(request, "portal/talk/messages.html", context)


def _context(case: Case) -> dict[str, object]:
    shown = messages_shown(case)
    return {
        "case": case,
        "messages_shown": shown,
        "is_new": any(message.is_new for message in shown),
        "mark": mark_of(shown),
    }


@require_safe
@talk_page
def new_messages(request: HttpRequest, case: Case) -> HttpResponse:
    """The part that moves; 204 while there is nothing new. What it brings is read once it is seen:
    a page that stands open behind another one has not been read."""
    context = _context(case)
    if request.GET.get("seen") == context["mark"]:
        return HttpResponse(status=204)
    return render(request, "portal/talk/list.html", {**context, "asks": True})


@require_POST
@talk_page
def read(_request: HttpRequest, case: Case) -> HttpResponse:
    """The reader has seen what is there."""
    mark_read(case=case, reader=case.account, now=now())
    return HttpResponse(status=204)
