"""Ways to a page of a case for somebody who knows no number: from the search, and from the foot."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from signoff.accounts.models import Account
from signoff.closing.models import Case
from signoff.closing.queries import cases_of
from signoff.kernel.clock import now
from signoff.portal.access import customer_page
from signoff.portal.photos import kinds_asked
from signoff.portal.review_shown import review_shown


@require_safe
@customer_page
def photos_of_a_case(request: HttpRequest, account: Account) -> HttpResponse:
    """To the photos of the case that asks for some; a choice, if there are several."""
    fitting = [case for case in cases_of(account) if kinds_asked(case)]
    return _to_one(request, fitting, "portal:photos", "portal/photos/none.html")


@require_safe
@customer_page
def appeal_of_a_case(request: HttpRequest, account: Account) -> HttpResponse:
    """To the appeal of the case that was refused; a choice, if there are several."""
    at = now()
    fitting = [case for case in cases_of(account) if review_shown(case, at).appeal_until]
    return _to_one(request, fitting, "portal:case_appeal", "portal/case/no_appeal.html")


def _to_one(request: HttpRequest, cases: Sequence[Case], page: str, template: str) -> HttpResponse:
    if len(cases) == 1:
        return redirect(page, number=cases[0].number)
    context = {"section": "home", "cases": cases, "page": page}
    return render(request, template, context)
