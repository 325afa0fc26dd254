"""Paying what a closing comes to, where no bill holds it yet: the running month, or late use."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from signoff.accounts.models import Account, Line
from signoff.closing import queries
from signoff.closing.rules import CaseState, Scope
from signoff.kernel.clock import now
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.kernel.money import from_minor
from signoff.portal import way_back
from signoff.portal.access import customer_page, own_case
from signoff.portal.views.closing import chosen
from signoff.portal.way_back import WayBack
from signoff.presentation.wording import said
from signoff.settlement.payments.operations import start_due
from signoff.settlement.payments.queries import due_under_way
from signoff.settlement.queries import settlement_of
from signoff.settlement.rules import SettlementResult, carried_by_card


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def pay(request: HttpRequest, account: Account, what: str) -> HttpResponse:
    """From the preview, before the form."""
    lines, scope = chosen(account, what)
    result = queries.preview(account, lines, scope=scope, now=now()).settlement
    line = lines[0] if scope is Scope.LINE else None
    return _page(request, account, line, result, way_back.marked("preview", what))


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def pay_case(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """For a draft, and for a case whose amount has changed since it was confirmed."""
    case = own_case(account, number)
    lines, scope = queries.lines_of(case), Scope(case.scope)
    line = lines[0] if scope is Scope.LINE else None
    agreed = settlement_of(case.pk)
    if case.state == CaseState.DRAFT.value:
        shown = queries.preview(account, lines, scope=scope, now=now(), case=case)
        way = way_back.marked("check", case.number)
        return _page(request, account, line, shown.settlement, way)
    if case.state != CaseState.TO_CONFIRM.value or agreed is None:
        return redirect("portal:case", number=case.number)
    result = queries.settled_now(case, agreed)
    return _page(request, account, line, result, way_back.marked("confirm", case.number))


def _page(
    request: HttpRequest,
    account: Account,
    line: Line | None,
    result: SettlementResult,
    way: WayBack,
) -> HttpResponse:
    if not result.due_minor:
        return redirect(way.address)
    refusal = ""
    if request.method == "POST":
        try:
            payment = start_due(
                account=account,
                line=line,
                amount_minor=result.due_minor,
                language=get_language() or "en",
                now=now(),
            )
        except (InvalidValue, Refusal) as error:
            refusal = said(error)
        else:
            way_back.remember(request, str(payment.pk), way)
            return redirect("portal:bill_payment", payment=payment.pk)
    amount = from_minor(carried_by_card(result.due_minor, result.currency), result.currency)
    context = {
        "section": "settings",
        "amount": amount,
        "more": amount - result.due,
        "result": result,
        "credits": [part for part in result.credits if part.currency == result.currency],
        "way": way,
        "refusal": refusal,
        "paying": due_under_way(account),
    }
    return render(request, "portal/pay/due.html", context)
