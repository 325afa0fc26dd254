"""Looking a case up with its number and code, without signing in."""

from allauth.core.internal.ratelimit import consume
from allauth.core.ratelimit import respond_429
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from signoff.closing import look_up as look_up_rules
from signoff.portal.access import remember_seen
from signoff.portal.forms import LookUpForm

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
        key = look_up_rules.limit_key(number)
        if not consume(
            request,
            app="signoff",
            action=look_up_rules.ACTION,
            config=look_up_rules.LIMITS,
            key=key,
        ):
            return respond_429(request)  # type: ignore[no-any-return]  # allauth has no types
        if case := look_up_rules.find(number, code):
            return remember_seen(request, redirect("portal:case", number=case.number), case)
        form.add_error(None, str(_WRONG))
    return render(request, "portal/status.html", {"form": form})
