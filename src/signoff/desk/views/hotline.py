"""Somebody calls: find the case, verify the caller without secrets, tell the state, file a ticket."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from signoff.accounts.models import Role, User
from signoff.closing.listing import as_told
from signoff.closing.models import Case
from signoff.closing.queries import case_by_number, lines_of
from signoff.closing.rules import CaseState
from signoff.desk.access import private_page_for, staff_page_for
from signoff.desk.calls_shown import at_the_hotline, call_shown
from signoff.desk.hotline_forms import NumberForm, QuestionsForm, TextForm, ToldForm
from signoff.desk.views.case import parsed
from signoff.hotline.operations import verify_caller
from signoff.hotline.queries import known_of, tries_left, verified_until
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.presentation.wording import said
from signoff.review.disclosing import Hidden, disclose
from signoff.talk.operations import file_ticket
from signoff.talk.queries import tickets_of
from signoff.termination.timeline import timeline

hotline_page = staff_page_for(Role.HOTLINE)
SHOWN = frozenset({Hidden.EMAIL, Hidden.PHONE, Hidden.NUMBERS})
"""What a verified caller may be asked to confirm; SIM numbers are never told."""


@require_http_methods(["GET", "HEAD", "POST"])
@hotline_page
def hotline(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """By number, or by what the caller knows: neither stands in an address."""
    by_number = "number" in request.POST
    number = NumberForm(request.POST if by_number else None)
    told = ToldForm(request.POST if request.method == "POST" and not by_number else None)
    found: list[Case] | None = None
    if number.is_bound and number.is_valid():
        found = _numbered(number.cleaned_data["number"])
    elif told.is_bound and told.is_valid():
        found = as_told(**told.cleaned_data)
    if found and len(found) == 1:
        return redirect("desk:hotline_case", number=found[0].number)
    context = {"section": "hotline", "number": number, "told": told, "found": found}
    return render(request, "desk/hotline/find.html", context)


def _numbered(number: str) -> list[Case]:
    try:
        return [sent_case(number)]
    except Http404:
        return []


def sent_case(number: str) -> Case:
    """Raises Http404 for what is no case, or not sent yet."""
    try:
        case = case_by_number(parsed(number))
    except Case.DoesNotExist:
        raise Http404 from None
    if case.state == CaseState.DRAFT.value:
        raise Http404
    return case


@require_safe
@hotline_page
def hotline_case(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """The questions; once enough were answered, the state in the caller's language."""
    return _page(request, user, sent_case(number))


def _page(
    request: HttpRequest,
    user: User,
    case: Case,
    *,
    questions: QuestionsForm | None = None,
    ticket: TextForm | None = None,
    shown: frozenset[Hidden] = frozenset(),
) -> HttpResponse:
    at = now()
    until = verified_until(case, user, at)
    context = {
        "section": "hotline",
        "case": case,
        "until": until,
        "tries": tries_left(case.account, at),
        "questions": questions or QuestionsForm(None, case=case, known=known_of(case)),
        "timeline": timeline(case, now=at) if until else None,
        "lines": lines_of(case) if until else (),
        "shown": {kind.value for kind in shown},
        "ticket": ticket or TextForm(),
        "tickets": tickets_of(case.account),
        "shown_call": call_shown(case, user, at, at_the_hotline(case)),
    }
    return render(request, "desk/hotline/case.html", context)


@require_POST
@hotline_page
def verify(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """Passed or not; which answer was wrong is not said, so that nobody learns by guessing."""
    case = sent_case(number)
    form = QuestionsForm(request.POST, case=case, known=known_of(case))
    if not form.is_valid():
        return _page(request, user, case, questions=form)
    try:
        row = verify_caller(case=case, agent=user, said=form.said, now=now())
    except Refusal as refusal:
        messages.warning(request, said(refusal))
    else:
        if row.passed:
            messages.success(request, _("Verified. For half an hour you may tell this caller."))
        else:
            messages.warning(
                request,
                _("Not verified: too few answers were right. Do not say which; tell nothing."),
            )
    return redirect("desk:hotline_case", number=case.number)


@require_POST
@private_page_for(Role.HOTLINE)
def hotline_unmask(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """For a verified caller only; that it was asked for is on record."""
    case = sent_case(number)
    what = frozenset(kind for kind in SHOWN if kind.value in request.POST.getlist("what"))
    if not what or verified_until(case, user, now()) is None:
        return redirect("desk:hotline_case", number=case.number)
    disclose(case=case, viewer=user, what=what, now=now())
    return _page(request, user, case, shown=what)


@require_POST
@hotline_page
def ticket(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """What the caller wants, for somebody of the desk to do."""
    case = sent_case(number)
    form = TextForm(request.POST)
    if not form.is_valid():
        return _page(request, user, case, ticket=form)
    try:
        file_ticket(
            account=case.account, case=case, by=user, text=form.cleaned_data["text"], now=now()
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, user, case, ticket=form)
    messages.success(request, _("Filed. A reviewer finds it among the tickets."))
    return redirect("desk:hotline_case", number=case.number)
