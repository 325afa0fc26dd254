"""Going on with the telephone: the code on the screen, and the page that it opens.

The page on the telephone asks for no password. It takes photos for one draft and shows nothing of
it: not its number, not its owner, not what is there already.
"""

from datetime import UTC, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from signoff.accounts.models import Account
from signoff.closing.models import Case
from signoff.config import config
from signoff.evidence.phone import LASTS, case_of_phone_link, phone_link, qr_code
from signoff.evidence.queries import takes_pictures
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.policies.values import Evidence
from signoff.portal.access import customer_page, own_case
from signoff.portal.papers_shown import TITLES
from signoff.portal.photos import added, kinds_asked, photo_form, shown_kind, too_often
from signoff.presentation.wording import said

_STOP_ASKING = 286
"""htmx asks no more after an answer with this status."""


@require_safe
@customer_page
def code(request: HttpRequest, account: Account, number: str, kind: str) -> HttpResponse:
    """The code for the telephone, good for a quarter of an hour. The page waits for the photo."""
    case = own_case(account, number)
    if not takes_pictures(case):
        return redirect("portal:case", number=case.number)
    shown = shown_kind(case, kind)
    made_at = now()
    session = request.session.session_key or ""
    token = phone_link(case=case, session_key=session, now=made_at)
    address = config().public_url.rstrip("/") + reverse("portal:phone", args=[token, kind])
    context = {
        "section": "settings",
        "case": case,
        "shown": shown,
        "qr": qr_code(address),
        "minutes": LASTS // timedelta(minutes=1),
        "since": int(made_at.timestamp()),
    }
    return render(request, "portal/photos/code.html", context)


@require_safe
@customer_page
def arrived(request: HttpRequest, account: Account, number: str, kind: str) -> HttpResponse:
    """Whether a photo has come since the code was shown: 204 not yet, or the way to it."""
    case = own_case(account, number)
    shown = shown_kind(case, kind)
    since = _moment(request.GET.get("since", ""))
    there = reverse("portal:photo", args=[case.number, kind])
    if shown.pages and shown.pages[0].added_at >= since:
        return HttpResponse(status=_STOP_ASKING, headers={"HX-Redirect": there})
    if now() >= since + LASTS:
        context = {"case": case, "shown": shown}
        return render(request, "portal/photos/code_over.html", context, status=_STOP_ASKING)
    return HttpResponse(status=204)


def _moment(seconds: str) -> datetime:
    """What the page says of itself; for anything strange, long ago: the page then starts anew."""
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= 11):
        return datetime.fromtimestamp(0, UTC)
    return datetime.fromtimestamp(int(seconds), UTC)


@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Takes a photo for the draft of this code, and says that it is there. Nothing can be read."""
    try:
        case = case_of_phone_link(token=token, now=now())
    except Refusal as error:
        return render(request, "portal/photos/phone_over.html", {"words": said(error)}, status=410)
    asked = kinds_asked(case)
    if kind not in asked:
        raise Http404
    return _sent_or_asked(request, case, token, kind, asked)


def _sent_or_asked(
    request: HttpRequest, case: Case, token: str, kind: str, asked: tuple[str, ...]
) -> HttpResponse:
    form = photo_form(request, kind)
    if request.method == "POST":
        if wait := too_often(request, case):
            return wait
        if added(case, kind, form):
            there = reverse("portal:phone", args=[token, kind])
            return redirect(f"{there}?done=1")
    context = {
        "token": token,
        "title": TITLES[Evidence(kind)],
        "others": [(other, TITLES[Evidence(other)]) for other in asked if other != kind],
        "form": form,
        "is_done": request.method != "POST" and "done" in request.GET,
    }
    return render(request, "portal/photos/phone.html", context)
