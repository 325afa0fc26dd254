"""Writing to the people who decide, or who know, and reading what they wrote."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
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
from signoff.presentation.row_numbers import row_number
from signoff.talk.conversations import About, owner_of
from signoff.talk.operations import mark_read, say
from signoff.talk.queries import unread_of

_SHOWN = 10


@require_safe
@customer_page
def talk(request: HttpRequest, account: Account) -> HttpResponse:
    """About which closing, or about something else; without a closing it is something else."""
    sent = [case for case in cases_of(account) if case.state != CaseState.DRAFT.value]
    if not sent:
        return redirect("portal:messages")
    unread = unread_of(account)
    context = {
        "section": "home",
        "cases": [(case, unread.get(case.pk, 0)) for case in sent[:_SHOWN]],
        "unread": unread.get(None, 0),
    }
    return render(request, "portal/talk/talk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def messages(request: HttpRequest, account: Account) -> HttpResponse:
    """All messages that are about no closing, and a field to write."""
    return _conversation(request, account)


@require_safe
@customer_page
def new_messages(request: HttpRequest, account: Account) -> HttpResponse:
    """The part of them that moves."""
    return _moving_part(request, account)


@require_POST
@customer_page
def read(request: HttpRequest, account: Account) -> HttpResponse:
    """The reader has seen what is there."""
    return _seen(request, account)


@require_http_methods(["GET", "HEAD", "POST"])
@talk_page
def case_messages(request: HttpRequest, case: Case) -> HttpResponse:
    """All messages about a closing, and a field to write."""
    if case.state == CaseState.DRAFT.value:
        return redirect("portal:check_answers", number=case.number)
    return _conversation(request, case)


@require_safe
@talk_page
def new_case_messages(request: HttpRequest, case: Case) -> HttpResponse:
    """The part of them that moves."""
    return _moving_part(request, case)


@require_POST
@talk_page
def read_case(request: HttpRequest, case: Case) -> HttpResponse:
    """The reader has seen what is there."""
    return _seen(request, case)


def _conversation(request: HttpRequest, about: About) -> HttpResponse:
    """Who opens the page has read what is on it."""
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            say(about=about, author=owner_of(about), text=form.cleaned_data["text"], now=now())
        except Refusal as error:
            form.refuse(error)
        else:
            return redirect(_places(about)["here"])
    context = {**_context(about), "section": "home", "form": form}
    if request.method == "GET":
        _mark_seen(about, up_to=context["last_shown"])
    return render(request, "portal/talk/messages.html", context)


def _moving_part(request: HttpRequest, about: About) -> HttpResponse:
    """204 while there is nothing new. What it brings is read once it is seen: a page that stands
    open behind another one has not been read."""
    context = _context(about)
    if request.GET.get("seen") == context["mark"]:
        return HttpResponse(status=204)
    return render(request, "portal/talk/list.html", {**context, "asks": True})


def _seen(request: HttpRequest, about: About) -> HttpResponse:
    _mark_seen(about, up_to=row_number(request.POST.get("seen", "")))
    return HttpResponse(status=204)


def _mark_seen(about: About, *, up_to: int) -> None:
    mark_read(about=about, reader=owner_of(about), up_to=up_to, now=now())


def _context(about: About) -> dict[str, Any]:
    shown = messages_shown(about)
    return {
        **_places(about),
        "case": None if isinstance(about, Account) else about,
        "messages_shown": shown,
        "is_new": any(message.is_new for message in shown),
        "last_shown": max((message.id for message in shown), default=0),
        "mark": mark_of(shown),
    }


def _places(about: About) -> dict[str, str]:
    """The addresses of the conversation, and of what it asks for by itself."""
    name, place = "messages", list[str]()
    if isinstance(about, Case):
        name, place = "case_messages", [about.number]
    return {
        "here": reverse(f"portal:{name}", args=place),
        "new_here": reverse(f"portal:{name}_new", args=place),
        "read_here": reverse(f"portal:{name}_read", args=place),
    }
