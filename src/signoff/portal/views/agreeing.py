"""The amount has changed against the customer since they confirmed: they look, and say again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from signoff.accounts.models import Account
from signoff.closing.models import Case
from signoff.closing.operations import confirm_again
from signoff.closing.queries import settled_now
from signoff.closing.rules import CaseState
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.portal import way_back
from signoff.portal.access import customer_page, own_case, password_first
from signoff.portal.money_rules import changes, columns
from signoff.portal.refunds_shown import destination_of
from signoff.presentation.wording import said
from signoff.settlement.queries import place_of, settlement_of
from signoff.settlement.rules import thawed


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def confirm(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """What was agreed, what it is now, and what makes the difference."""
    case = own_case(account, number)
    if case.state != CaseState.TO_CONFIRM.value:
        return redirect("portal:case", number=case.number)
    if request.method == "POST":
        return _agree(request, case)
    return _shown(request, case, "")


@password_first
def _agree(request: HttpRequest, case: Case) -> HttpResponse:
    try:
        confirm_again(
            case=case,
            settlement_digest=request.POST.get("settlement", "")[:64],
            session_key=request.session.session_key or "",
            now=now(),
        )
    except Refusal as error:
        return _shown(request, case, said(error))
    return redirect("portal:case", number=case.number)


def _shown(request: HttpRequest, case: Case, refusal: str) -> HttpResponse:
    agreed = settlement_of(case.pk)
    if agreed is None:
        return redirect("portal:case", number=case.number)
    before, after = thawed(agreed.content), settled_now(case, agreed)
    unpaid = next((p.params["number"] for p in after.charges if p.code == "unpaid_bill"), "")
    context = {
        "section": "home",
        "case": case,
        "before": before,
        "after": after,
        "changes": changes(before, after),
        "columns": columns(after, destination_of(place_of(case.pk))),
        "unpaid": unpaid if after.due_minor else "",
        "way": way_back.marked("confirm", case.number),
        "refusal": refusal,
    }
    return render(request, "portal/case/confirm.html", context)
