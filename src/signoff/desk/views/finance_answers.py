"""What the bank answers: a file is taken whole or not at all."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from signoff.accounts.models import User
from signoff.desk.money_forms import AnswerForm
from signoff.desk.views.finance_page import finance_page
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.settlement.models import BankStatus
from signoff.settlement.payouts.operations import take_status
from signoff.settlement.payouts.queries import bank_status, bank_statuses


@require_http_methods(["GET", "HEAD", "POST"])
@finance_page
def answers(request: HttpRequest, user: User) -> HttpResponse:
    """Takes a file for the worker, and lists the last ones."""
    form = AnswerForm(request.POST, request.FILES) if request.method == "POST" else AnswerForm()
    if form.is_valid():
        answer = form.cleaned_data
        try:
            row = take_status(
                format_name=answer["format"], content=answer["file"].read(), by=user, now=now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("desk:answer", number=row.pk)
    context = {"section": "money", "part": "answers", "form": form, "answers": bank_statuses()}
    return render(request, "desk/money/answers.html", context)


@require_safe
@finance_page
def answer(request: HttpRequest, user: User, number: int) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """What one file said; refreshes by itself until the worker has read it."""
    try:
        row = bank_status(number)
    except BankStatus.DoesNotExist:
        raise Http404 from None
    context = {"section": "money", "part": "answers", "answer": row}
    return render(request, "desk/money/answer.html", context)
