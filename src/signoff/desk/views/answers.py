"""What a reviewer writes to a customer: a refusal, or what else is needed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from signoff.accounts.models import Role, User
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.desk.access import staff_page_for
from signoff.desk.forms import MoreForm, RefuseForm
from signoff.desk.views.acting import act_on
from signoff.desk.views.actions import has_said
from signoff.desk.views.case import view_of
from signoff.evidence.queries import allowed_kinds
from signoff.kernel.clock import now
from signoff.kernel.errors import InvalidValue
from signoff.review import operations as review
from signoff.review.clock import answer_until, question_stops_clock
from signoff.review.models import Outcome
from signoff.review.queries import CaseView
from signoff.review.questions import ask_more
from signoff.review.rules import MoreKind, RefusalReason


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page_for(Role.REVIEWER)
def refuse(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """No, with a ground and words for the customer."""
    view = view_of(number)
    sent = request.POST if request.method == "POST" else None
    form = RefuseForm(sent, language=view.case.language)

    def act(case: Case) -> str:
        review.refuse(
            case=case,
            reviewer=user,
            reason_code=RefusalReason(form.cleaned_data["reason"]),
            text=form.cleaned_data["text"],
            now=now(),
        )
        return _(
            "Refused. The letter with the reason goes in a minute; until then you can take it back."
        )

    if form.is_valid():
        try:
            return act_on(
                request, number, act, done=lambda view: has_said(view, user, Outcome.REFUSED)
            )
        except InvalidValue as error:
            form.refuse(error)
    elif not _may_write(request, view):
        return redirect("desk:case", number=view.case.number)
    context = {"section": "queue", "view": view, "case": view.case, "form": form}
    return render(request, "desk/refuse.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page_for(Role.REVIEWER)
def more(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """What exactly is needed, and by when: the page says both before it is sent."""
    view = view_of(number)
    sent = request.POST if request.method == "POST" else None
    form = MoreForm(sent, language=view.case.language, allowed=allowed_kinds(view.case))

    def act(case: Case) -> str:
        what = [MoreKind(code) for code in form.cleaned_data["what"]]
        ask_more(case=case, reviewer=user, what=what, text=form.cleaned_data["text"], now=now())
        return _("Asked. The customer is told in a minute; until then you can take it back.")

    if form.is_valid():
        try:
            return act_on(request, number, act, done=lambda view: _has_asked(view, user))
        except InvalidValue as error:
            form.refuse(error)
    elif not _may_write(request, view):
        return redirect("desk:case", number=view.case.number)
    context = {
        "section": "queue",
        "case": view.case,
        "form": form,
        "answer_until": answer_until(view.case, now()),
        "stops_clock": question_stops_clock(view.case),
    }
    return render(request, "desk/more.html", context)


def _may_write(request: HttpRequest, view: CaseView) -> bool:
    return request.method == "POST" or view.case.state == CaseState.IN_REVIEW.value


def _has_asked(view: CaseView, user: User) -> bool:
    return view.question is not None and view.question.reviewer_id == user.pk
