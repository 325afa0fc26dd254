"""Paying a bill: how much, and then how the payment stands. The paying itself is elsewhere."""

from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from signoff.accounts.models import Account
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.kernel.money import from_minor
from signoff.portal import way_back
from signoff.portal.access import customer_page
from signoff.portal.amount_rules import typed
from signoff.portal.money_forms import AmountForm
from signoff.portal.views.bills import own_bill
from signoff.settlement.models import BillPayment, BillPaymentState
from signoff.settlement.payments.operations import give_up, look_now, start
from signoff.settlement.payments.queries import payable_minor, payment_of, under_way
from signoff.settlement.rules import card_step

_WENT = "signoff_went_to_pay"


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def pay(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """Another amount than the whole; and where both buttons lead that pay."""
    bill, way = own_bill(account, number), way_back.asked(request)
    payable = payable_minor(bill)
    form = AmountForm(request.POST or None, currency=account.currency, most=payable)
    if request.method == "POST" and form.is_valid():
        try:
            payment = start(
                bill=bill,
                amount_minor=form.cleaned_data["amount"],
                language=get_language() or "en",
                now=now(),
            )
        except Refusal as error:
            form.refuse(error)
        else:
            way_back.remember(request, str(payment.pk), way)
            return redirect("portal:bill_payment", payment=payment.pk)
    elif not payable:
        return redirect("portal:bill", number=bill.number)
    context = {"section": "bills", "bill": bill, "form": form, "way": way}
    return render(request, "portal/pay/amount.html", {**context, "paying": under_way(bill)})


def own_payment(account: Account, identifier: UUID) -> BillPayment:
    """Raises Http404 for anybody else's, as for none at all."""
    try:
        return payment_of(account, identifier)
    except BillPayment.DoesNotExist:
        raise Http404 from None


@require_safe
@customer_page
def bill_payment(request: HttpRequest, account: Account, payment: UUID) -> HttpResponse:
    """How the payment stands. Who comes back from the payment service has us ask it, once."""
    row = own_payment(account, payment)
    is_back = _came_back(request, row)
    if is_back:
        look_now(payment=row)
    return render(request, "portal/pay/payment.html", _context(request, row, is_back=is_back))


@require_safe
@customer_page
def payment_progress(request: HttpRequest, account: Account, payment: UUID) -> HttpResponse:
    """The moving part of that page; 204 while nothing has changed."""
    row = own_payment(account, payment)
    if request.GET.get("seen") == _mark(row):
        return HttpResponse(status=204)
    return render(request, "portal/pay/standing.html", _context(request, row, is_back=False))


@require_safe
@customer_page
def go_to_payment(request: HttpRequest, account: Account, payment: UUID) -> HttpResponse:
    """On to the page of the payment service; remembers that the customer went there."""
    row = own_payment(account, payment)
    if row.state != BillPaymentState.OPEN or row.is_given_up or not row.address:
        return redirect("portal:bill_payment", payment=row.pk)
    request.session[_WENT] = str(row.pk)
    return redirect(row.address)


def _came_back(request: HttpRequest, row: BillPayment) -> bool:
    if request.session.get(_WENT) != str(row.pk):
        return False
    del request.session[_WENT]
    return row.is_under_way


@require_POST
@customer_page
def do_not_pay(_request: HttpRequest, account: Account, payment: UUID) -> HttpResponse:
    """Closes the payment service's page. What was paid meanwhile stays paid."""
    row = own_payment(account, payment)
    give_up(payment=row, now=now())
    return redirect("portal:bill_payment", payment=row.pk)


def _mark(row: BillPayment) -> str:
    """Names what the page shows."""
    return f"{row.state}{'-given-up' if row.is_given_up else ''}"


def _more(row: BillPayment) -> int:
    """What is asked for beyond the bill, because a card can carry no less."""
    if row.bill is None or card_step(row.currency) == 1:
        return 0
    return max(row.amount_minor - payable_minor(row.bill), 0)


def _context(request: HttpRequest, row: BillPayment, *, is_back: bool) -> dict[str, object]:
    bill = row.bill
    is_over = not row.is_under_way
    return {
        "section": "bills",
        "payment": row,
        "bill": bill,
        "amount": from_minor(row.amount_minor, row.currency),
        "typed": typed(row.amount_minor, row.currency),
        "more": from_minor(_more(row), row.currency),
        "left": from_minor(bill.left_minor if bill else 0, row.currency),
        "host": urlsplit(row.address).hostname or "",
        "is_back": is_back,
        "is_over": is_over,
        "moves": not is_over and (is_back or row.is_given_up or row.state == "asked"),
        "mark": _mark(row),
        "way": way_back.remembered(request, str(row.pk)),
    }
