"""What everybody may read: what is official, what is not, and how to remove an eSIM."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from signoff.portal.forms import CheckForm
from signoff.trust.queries import officials
from signoff.trust.rules import judge


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
    """Judges what was pasted. By POST, so that it is in no address, log or history."""
    form = CheckForm(request.POST or None)
    verdict = None
    if request.method == "POST" and form.is_valid():
        form.question = ""  # the verdict is what the page is about now
        verdict = judge(form.cleaned_data["text"], officials())
    return render(request, "portal/check.html", {"form": form, "verdict": verdict})
