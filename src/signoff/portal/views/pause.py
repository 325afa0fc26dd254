"""Letting a line rest, and waking it up again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from signoff.accounts.models import Account, LineState
from signoff.alternatives import operations
from signoff.alternatives.queries import pause_of
from signoff.alternatives.rules import resume_moment
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.portal.access import customer_page
from signoff.portal.forms import PauseForm
from signoff.portal.views.home import own_line


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def pause(request: HttpRequest, account: Account, reference: str) -> HttpResponse:
    """Until when; then once more with day and price; then it rests."""
    line = own_line(account, reference)
    if line.state != LineState.ACTIVE:
        return redirect("portal:line", reference=reference)
    form = PauseForm(request.POST or None)
    context = {"section": "home", "account": account, "line": line, "form": form}
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        asked_at = now()
        today = timezone.localtime(asked_at).date()
        try:
            if "sure" in request.POST:
                operations.pause(line=line, until=until, now=asked_at)
                return redirect("portal:line", reference=reference)
            resume_moment(until=until, today=today, time_zone=account.time_zone)
        except Refusal as error:
            form.refuse(error)
        else:
            return render(request, "portal/pause/check.html", {**context, "until": until})
    return render(request, "portal/pause/ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def resume(request: HttpRequest, account: Account, reference: str) -> HttpResponse:
    """Asks once, and wakes the line."""
    line = own_line(account, reference)
    resting = pause_of(line)
    if resting is None:
        return redirect("portal:line", reference=reference)
    if request.method == "POST":
        operations.resume(line=line, now=now())
        return redirect("portal:line", reference=reference)
    context = {"section": "home", "line": line, "pause": resting}
    return render(request, "portal/pause/resume.html", context)
