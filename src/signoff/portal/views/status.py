"""Looking a case up with its number and code, without signing in."""

import hmac

from allauth.core.internal.ratelimit import consume
from allauth.core.ratelimit import respond_429
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from signoff.closing import queries
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import CaseNumber
from signoff.portal.access import remember_seen
from signoff.portal.forms import LookUpForm

LIMITS = {"look_up": "20/5m/ip,10/h/key"}
"""For each address 20 tries in five minutes; for each case ten an hour, from anywhere: guessing a
code of six digits would take five years on average."""

_WRONG = _(
    "Number and code do not fit together. Check both; the code is in the message that has the"
    " case number."
)


@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Leads to the timeline; for a wrong number, a wrong code and a draft it says the same."""
    form = LookUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number, code = form.cleaned_data["number"], form.cleaned_data["code"]
        if not consume(request, app="signoff", action="look_up", config=LIMITS, key=_key(number)):
            return respond_429(request)  # type: ignore[no-any-return]  # allauth has no types
        if case := _find(number, code):
            return remember_seen(request, redirect("portal:case", number=case.number), case)
        form.add_error(None, str(_WRONG))
    return render(request, "portal/status.html", {"form": form})


def _key(number: str) -> str:
    """One and the same for every way to write a case number."""
    try:
        return CaseNumber.parse(number)
    except InvalidValue:
        return number.casefold()


def _find(number: str, code: str) -> Case | None:
    try:
        case = queries.case_by_number(CaseNumber.parse(number))
    except (InvalidValue, Case.DoesNotExist):
        return None
    digits = "".join(sign for sign in code if sign.isdecimal())
    fits = hmac.compare_digest(digits.encode(), queries.access_code(case).encode())
    return case if fits and case.state != CaseState.DRAFT.value else None
