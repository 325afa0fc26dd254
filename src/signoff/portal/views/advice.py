"""What everybody may read: what is official, what is not, and how to remove an eSIM."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from signoff.accounts.models import Account, User
from signoff.accounts.queries import account_of
from signoff.portal.forms import CheckForm
from signoff.portal.sent_shown import sent_like
from signoff.trust.queries import officials
from signoff.trust.rules import judge
from signoff.trust.verdict import Kind


@require_safe
def official(request: HttpRequest) -> HttpResponse:
    """Every address, number and sender that is really the carrier's."""
    known = officials()
    context = {
        "hosts": sorted(known.hosts),
        "numbers": sorted(known.numbers),
        "addresses": sorted(known.addresses),
        "senders": sorted(known.senders),
        "public_url": settings.SIGNOFF.public_url,
    }
    return render(request, "portal/official.html", context)


@require_safe
def remove_esim(request: HttpRequest) -> HttpResponse:
    """How a closed eSIM is removed from a phone: nobody but its owner can do that."""
    return render(request, "portal/remove_esim.html")


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Judges what was pasted. By POST, so that it is in no address, log or history.

    To who is signed in it says, too, whether we have sent them this very text.
    """
    form = CheckForm(request.POST or None)
    verdict, ours, account = None, None, _account(request)
    if request.method == "POST" and form.is_valid():
        form.question = ""  # the verdict is what the page is about now
        text = form.cleaned_data["text"]
        verdict = judge(text, officials())
        ours = sent_like(account, text) if account else None
    context = {
        "form": form,
        "verdict": verdict,
        "ours": ours,
        "is_not_sent": account and verdict and verdict.kind is Kind.MESSAGE and not ours,
    }
    zone = ZoneInfo(account.time_zone) if account else timezone.get_default_timezone()
    with timezone.override(zone):
        return render(request, "portal/check.html", context)


def _account(request: HttpRequest) -> Account | None:
    return account_of(request.user) if isinstance(request.user, User) else None
