"""The customer's own data, as a file to keep."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from signoff.accounts.models import Account
from signoff.closing.queries import cases_of
from signoff.kernel.clock import now
from signoff.portal.access import customer_page, password_first
from signoff.portal.takeout_sources import later_rows
from signoff.takeout.operations import make_takeout


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def download(request: HttpRequest, account: Account) -> HttpResponse:
    """Says what is in it; then the file. By POST, because making one is recorded."""
    if request.method == "POST":
        return _file(request, account)
    return render(request, "portal/data.html", {"section": "settings"})


@password_first
def _file(_request: HttpRequest, account: Account) -> HttpResponse:
    cases, at = cases_of(account), now()
    made = make_takeout(
        account=account,
        cases={case.pk: case.number for case in cases},
        later=later_rows(account, cases, now=at),
        now=at,
    )
    return HttpResponse(
        made.content,
        content_type=made.media_type,
        headers={"Content-Disposition": f'attachment; filename="{made.filename}"'},
    )
