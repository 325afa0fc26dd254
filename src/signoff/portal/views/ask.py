"""The form: one question a page, each answer kept at once, and a look at all of them at the end."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from signoff.accounts.models import Account
from signoff.closing import queries
from signoff.closing.models import Case
from signoff.closing.operations import save_contact, save_reason
from signoff.closing.promises import rules_of
from signoff.closing.rules import CaseState, Reason, Scope
from signoff.evidence.queries import allowed_kinds
from signoff.evidence.submission import missing_of, submit
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.portal import way_back
from signoff.portal.access import customer_page, own_case, password_first, remember_sent
from signoff.portal.forms import ContactForm, QuestionForm, ReasonForm
from signoff.portal.law_words import confirm_words
from signoff.portal.money_rules import columns
from signoff.portal.papers_shown import papers_shown
from signoff.portal.places_shown import rest_of
from signoff.portal.refunds_shown import destination_of
from signoff.presentation.wording import said, telephone
from signoff.settlement.queries import place_of


def _leave_draft(case: Case) -> HttpResponse | None:
    """Where to go when the case is no draft any more: an old tab, or a second press.

    Who pressed twice has not read the number and the code yet: they stand on the page of what was
    sent, until somebody begins to look at the case.
    """
    if case.state == CaseState.DRAFT.value:
        return None
    just_sent = case.state == CaseState.SUBMITTED.value
    return redirect("portal:case_sent" if just_sent else "portal:case", number=case.number)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def reason(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """Why. Any answer will do."""
    case = own_case(account, number)
    if away := _leave_draft(case):
        return away
    kept = {"reason": case.reason or None, "text": case.reason_text}
    form = ReasonForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        save_reason(
            case=case, reason=Reason(form.cleaned_data["reason"]), text=form.cleaned_data["text"]
        )
        return _onward(request, case, "portal:ask_contact")
    return _asked(request, case, form, "portal/close/reason.html")


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def contact(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """Where we reach the customer when the line is gone."""
    case = own_case(account, number)
    if away := _leave_draft(case):
        return away
    kept = {
        "name": case.contact_name,
        "email": case.contact_email,
        "phone": telephone(case.contact_phone),
    }
    form = ContactForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            save_contact(case=case, **form.cleaned_data)
        except Refusal as error:
            form.refuse(error)
        else:
            return _onward(request, case, _after_contact(case))
    return _asked(request, case, form, "portal/close/contact.html")


def _after_contact(case: Case) -> str:
    """Photos are asked for only where the rule pack does, and until they are there."""
    return "portal:photos" if missing_of(case) else after_photos(case)


def after_photos(case: Case) -> str:
    """Where the rest should go is asked only if there is a rest, and only once."""
    if place_of(case.pk) is None and rest_of(case).amounts:
        return "portal:case_place"
    return "portal:check_answers"


def _onward(request: HttpRequest, case: Case, following: str) -> HttpResponse:
    """To the next question; or back to all answers, if one of them was to be changed."""
    changing = request.GET.get("from") == "check"
    return redirect("portal:check_answers" if changing else following, number=case.number)


def _asked(request: HttpRequest, case: Case, form: QuestionForm, template: str) -> HttpResponse:
    changing = request.GET.get("from") == "check"
    context = {
        "section": "settings",
        "case": case,
        "form": form,
        "changing": changing,
        "what": _what(case),
    }
    return render(request, template, context)


def _what(case: Case) -> str:
    """How the addresses before the form name what is closed."""
    if case.scope == Scope.ACCOUNT.value:
        return "account"
    return queries.lines_of(case)[0].reference


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def check_answers(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """All answers and the amount once more; then, by the rule pack, the password; and it is sent."""
    case = own_case(account, number)
    if away := _leave_draft(case):
        return remember_sent(request, away, case)
    if not case.reason:
        return redirect("portal:ask_reason", number=case.number)
    if request.method == "POST":
        asks = rules_of(case).password_again.value
        return (_send_after_password if asks else _send)(request, case)
    return _answers(request, case, "")


def _send(request: HttpRequest, case: Case) -> HttpResponse:
    try:
        case = submit(
            case=case,
            settlement_digest=request.POST.get("settlement", "")[:64],
            session_key=request.session.session_key or "",
            now=now(),
            language=get_language() or "",
        )
    except Refusal as error:
        return _answers(request, case, said(error))
    return remember_sent(request, redirect("portal:case_sent", number=case.number), case)


@password_first
def _send_after_password(request: HttpRequest, case: Case) -> HttpResponse:
    """allauth asks for the password first, and then goes on with this very POST."""
    return _send(request, case)


def _answers(request: HttpRequest, case: Case, refusal: str) -> HttpResponse:
    looked_at = now()
    lines = queries.lines_of(case)
    seen = queries.preview(case.account, lines, scope=Scope(case.scope), now=looked_at, case=case)
    destination = destination_of(place_of(case.pk)) if seen.settlement.needs_place else None
    context = {
        "section": "settings",
        "case": case,
        "columns": columns(seen.settlement, destination),
        "destination": destination,
        "way": way_back.marked("check", case.number),
        "lines": lines,
        "is_line": case.scope == Scope.LINE.value,
        "preview": seen,
        "papers": papers_shown(case) if allowed_kinds(case) else None,
        "refusal": refusal,
        "asks_password": seen.policy.password_again.value,
        "confirm_words": confirm_words(case.account, looked_at),
    }
    return render(request, "portal/close/check.html", context)
