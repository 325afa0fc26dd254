"""Answering a question of the reviewer, and asking another person to decide."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from signoff.accounts.models import Account
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.evidence.queries import allowed_kinds, takes_pictures
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.portal.access import customer_page, own_case
from signoff.portal.answer_forms import AnswerForm, AppealForm
from signoff.portal.forms import QuestionForm
from signoff.portal.papers_shown import asked_kinds, kinds_shown
from signoff.portal.review_shown import review_shown, rules_for, wanted
from signoff.review.appeals import appeal
from signoff.review.customers import for_customer
from signoff.review.models import Question
from signoff.review.questions import answer_more


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def answer(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """What exactly is asked, and by when; a text, photos, and one button."""
    case = own_case(account, number)
    question = for_customer(case, now()).question
    if question is None:
        return redirect("portal:case", number=case.number)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_more(
                case=case,
                text=form.cleaned_data["text"],
                now=now(),
                asked=request.POST.get("asked", ""),
            )
        except Refusal as error:
            form.refuse(error)
        else:
            return redirect("portal:case", number=case.number)
    return render(request, "portal/case/answer.html", _asked(case, question, form))


def _asked(case: Case, question: Question, form: QuestionForm) -> dict[str, object]:
    kinds = asked_kinds(case, question.what) if takes_pictures(case) else ()
    rules = ["more_info_days", "more_info_stops_clock"]
    if kinds and allowed_kinds(case):
        rules += ["identity", "evidence_days_after_decision", "evidence_through_appeal"]
    return {
        "section": "home",
        "case": case,
        "question": question,
        "wanted": wanted(question),
        "is_late": case.state != CaseState.MORE_INFO.value,
        "kinds": kinds_shown(case, kinds, since=question.asked_at) if kinds else (),
        "form": form,
        "why": rules_for(case, *rules),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def ask_again(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """The reason, the rule and the last day; then another person looks from the beginning."""
    case = own_case(account, number)
    shown = review_shown(case, now())
    if shown.appeal_until is None:
        return redirect("portal:case", number=case.number)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            appeal(case=case, text=form.cleaned_data["text"], now=now())
        except Refusal as error:
            form.refuse(error)
        else:
            return redirect("portal:case", number=case.number)
    context = {
        "section": "home",
        "case": case,
        "shown": shown,
        "form": form,
        "why": rules_for(case, "appeal_days", "review_working_days"),
    }
    return render(request, "portal/case/appeal.html", context)
