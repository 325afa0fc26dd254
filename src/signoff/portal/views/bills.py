"""Bills item by item, and the balance."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from signoff.accounts.models import Account
from signoff.portal import way_back
from signoff.portal.access import customer_page
from signoff.portal.bills_shown import bills_shown, total_payable
from signoff.portal.views.home import balance_of
from signoff.settlement.models import Bill
from signoff.settlement.payments.queries import under_way
from signoff.settlement.queries import bills_of, buckets_of

_A_PAGE = 12


def own_bill(account: Account, number: str) -> Bill:
    """With its items. Raises Http404 for anybody else's, as for none at all."""
    found = bills_of(account).filter(number=number).first()
    if found is None:
        raise Http404
    return found


@require_safe
@customer_page
def bills(request: HttpRequest, account: Account) -> HttpResponse:
    """What is open first and largest, then every bill, newest first."""
    every = bills_shown(account, list(bills_of(account)))
    payable = [shown for shown in every if shown.payable.amount]
    return render(
        request,
        "portal/bills.html",
        {
            "section": "bills",
            "account": account,
            "page": Paginator(every, _A_PAGE).get_page(request.GET.get("page")),
            "due": total_payable(payable, account.currency),
            "payable": payable,
            "oldest": payable[-1].bill if payable else None,
            "balance": balance_of(account),
            "buckets": buckets_of(account),
        },
    )


@require_safe
@customer_page
def bill(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """One bill, item by item, and what can be done with it. Raises Http404 for anybody else's."""
    shown = bills_shown(account, [own_bill(account, number)])[0]
    return render(
        request,
        "portal/bill.html",
        {
            "section": "bills",
            "account": account,
            "bill": shown.bill,
            "shown": shown,
            "paying": under_way(shown.bill),
            "typed": str(shown.payable.amount),
            "way": way_back.asked(request),
        },
    )
