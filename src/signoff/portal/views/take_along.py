"""Taking the number to another carrier: how, said outside of any closing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from signoff.accounts.models import Account
from signoff.config import policies
from signoff.portal.access import customer_page
from signoff.settlement.models import BillState
from signoff.settlement.queries import bills_of


@require_safe
@customer_page
def take_along(request: HttpRequest, account: Account) -> HttpResponse:
    """What to ask of whom, what is to be paid first, and until when it can be done."""
    context = {
        "section": "home",
        "is_owed": bills_of(account).filter(state=BillState.UNPAID).exists(),
        "port_days": policies().for_country(account.country).port_after_days.value,
    }
    return render(request, "portal/take_along.html", context)
