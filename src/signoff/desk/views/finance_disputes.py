"""Items of bills that customers say are wrong."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from signoff.accounts.models import User
from signoff.closing.disputes import owed_minor, resolve_dispute
from signoff.desk.money_forms import ResolveForm
from signoff.desk.views.finance_page import acted, finance_page
from signoff.kernel.clock import now
from signoff.kernel.errors import InvalidValue
from signoff.settlement.disputes import queries
from signoff.settlement.models import Dispute, DisputeState


@require_safe
@finance_page
def disputes(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """The open ones, oldest first; then the last that were decided."""
    context = {
        "section": "money",
        "part": "disputes",
        "open": queries.open_disputes(),
        "resolved": queries.resolved_disputes(),
    }
    return render(request, "desk/money/disputes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@finance_page
def dispute(request: HttpRequest, user: User, key: UUID) -> HttpResponse:
    """One of them, with the history of its item; and the decision."""
    row = _dispute(key)
    sent = request.POST if request.method == "POST" else None
    form = ResolveForm(sent, language=row.item.bill.account.language)
    if form.is_valid():
        try:
            return _decide(request, user, row, form)
        except InvalidValue as error:
            form.refuse(error)
    context = {
        "section": "money",
        "part": "disputes",
        "row": row,
        "owed_minor": owed_minor(row),
        "is_open": row.state == DisputeState.OPEN,
        "history": queries.history_of(row.item),
        "form": form,
    }
    return render(request, "desk/money/dispute.html", context)


def _decide(request: HttpRequest, user: User, row: Dispute, form: ResolveForm) -> HttpResponse:
    answer = form.cleaned_data

    def act() -> str:
        resolve_dispute(
            dispute=row.pk,
            upheld=answer["outcome"] == "upheld",
            answer=answer["answer"],
            agent=user,
            now=now(),
        )
        return _("Decided. The customer has been told.")

    def done() -> bool:
        by_now = _dispute(row.pk)
        return by_now.resolved_by_id == user.pk and by_now.state == answer["outcome"]

    return acted(request, act, done=done, back=reverse("desk:dispute", args=[row.pk]))


def _dispute(key: UUID) -> Dispute:
    try:
        return queries.dispute(key)
    except Dispute.DoesNotExist:
        raise Http404 from None
