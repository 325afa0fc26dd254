"""What we have sent to a customer, so that a message can be held against it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from signoff.accounts.models import Account
from signoff.portal.access import customer_page
from signoff.portal.sent_shown import sent_to, shown

_A_PAGE = 20


@require_safe
@customer_page
def sent(request: HttpRequest, account: Account) -> HttpResponse:
    """Letters and SMS, newest first."""
    page = Paginator(sent_to(account), _A_PAGE).get_page(request.GET.get("page"))
    context = {"section": "", "page": page, "sent": [shown(row) for row in page.object_list]}
    return render(request, "portal/sent.html", context)
