"""From "I want to close" to the preview. Nothing is written before the customer starts."""

from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from signoff.accounts.models import Account, Line, LineState
from signoff.accounts.queries import lines_of
from signoff.closing import queries
from signoff.closing.operations import start_draft
from signoff.closing.rules import CaseState, Scope
from signoff.config import policies
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.policies.explain import kept
from signoff.portal import way_back
from signoff.portal.access import customer_page
from signoff.portal.forms import WHOLE_ACCOUNT, WhatForm
from signoff.portal.law_words import start_words
from signoff.portal.money_rules import columns
from signoff.portal.views.home import cases_by_line
from signoff.presentation.wording import said


def chosen(account: Account, what: str) -> tuple[list[Line], Scope]:
    """The lines that `what` names: a line's reference, or the whole account.

    Raises Http404 for a line that is not the customer's.
    """
    lines = [line for line in lines_of(account) if line.state != LineState.CLOSED]
    if what == WHOLE_ACCOUNT:
        found, scope = lines, Scope.ACCOUNT
    else:
        found, scope = [line for line in lines if line.reference == what], Scope.LINE
    if not found:
        raise Http404
    return found, scope


@require_safe
@customer_page
def choose(request: HttpRequest, account: Account) -> HttpResponse:
    """A line, or the whole account. A line that is being closed leads to its case."""
    lines = [line for line in lines_of(account) if line.state != LineState.CLOSED]
    taken = {
        pk: case
        for pk, case in cases_by_line(queries.open_cases(account)).items()
        if case.state != CaseState.DRAFT.value
    }
    free = [line for line in lines if line.pk not in taken]
    form = WhatForm(
        request.GET if "what" in request.GET or "go" in request.GET else None,
        lines=free,
        whole_account=not taken,
    )
    if form.is_bound and form.is_valid():
        return redirect("portal:close_instead", what=form.cleaned_data["what"])
    in_cases = [(line, taken[line.pk]) for line in lines if line.pk in taken]
    return render(
        request,
        "portal/close/choose.html",
        {"section": "settings", "form": form, "free": free, "in_cases": in_cases},
    )


@require_safe
@customer_page
def instead(request: HttpRequest, account: Account, what: str) -> HttpResponse:
    """Other ways out, offered once and quietly; going on is the main button."""
    lines, scope = chosen(account, what)
    return render(
        request,
        "portal/close/instead.html",
        {
            "section": "settings",
            "what": what,
            "lines": lines,
            "is_line": scope is Scope.LINE,
            "port_days": policies().for_country(account.country).port_after_days.value,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def preview(request: HttpRequest, account: Account, what: str) -> HttpResponse:
    """What it comes to, what stands in the way, what happens when; and the button to begin."""
    lines, scope = chosen(account, what)
    refusal, in_case = "", ""
    if request.method == "POST":
        try:
            case = start_draft(
                account=account, lines=lines, scope=scope, language=_language(), now=now()
            )
        except Refusal as error:
            refusal, in_case = said(error), str(error.params.get("case", ""))
        else:
            return redirect("portal:ask_reason", number=case.number)
    return _shown(request, account, what, lines, scope, {"refusal": refusal, "in_case": in_case})


def _language() -> str:
    return get_language() or "en"


def _shown(
    request: HttpRequest,
    account: Account,
    what: str,
    lines: Sequence[Line],
    scope: Scope,
    refused: Mapping[str, str],
) -> HttpResponse:
    looked_at = now()
    seen = queries.preview(account, lines, scope=scope, now=looked_at)
    context = {
        "section": "settings",
        "what": what,
        "lines": lines,
        "is_line": scope is Scope.LINE,
        "preview": seen,
        "columns": columns(seen.settlement, None),
        "way": way_back.marked("preview", what),
        **refused,
        "start_words": start_words(account, looked_at),
        "kept": [kept(rule) for rule in seen.policy.keep.values()],
    }
    return render(request, "portal/close/preview.html", context)
