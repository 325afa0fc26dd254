"""Bills item by item, and the balance."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from moneyed import Money

from signoff.accounts.models import Account
from signoff.kernel.money import currency, from_minor
from signoff.portal.access import customer_page
from signoff.portal.views.home import balance_of
from signoff.settlement.models import BillState
from signoff.settlement.queries import bills_of, buckets_of

_A_PAGE = 12


@require_safe
@customer_page
def bills(request: HttpRequest, account: Account) -> HttpResponse:
    """What is open first and largest, then every bill, newest first."""
    every = bills_of(account)
    code = account.currency
    open_units = (b.total_minor for b in every if b.state == BillState.UNPAID)
    due = sum((from_minor(units, code) for units in open_units), Money(0, currency(code)))
    return render(
        request,
        "portal/bills.html",
        {
            "section": "bills",
            "account": account,
            "page": Paginator(every, _A_PAGE).get_page(request.GET.get("page")),
            "due": due,
            "balance": balance_of(account),
            "buckets": buckets_of(account),
        },
    )


@require_safe
@customer_page
def bill(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """One bill, item by item. Raises Http404 for anybody else's."""
    found = bills_of(account).filter(number=number).first()
    if found is None:
        raise Http404
    return render(
        request, "portal/bill.html", {"section": "bills", "account": account, "bill": found}
    )
