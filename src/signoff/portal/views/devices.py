"""Being told on a device: the customer's switch, and the script that stays in the browser."""

from functools import lru_cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from signoff.accounts.models import Account
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.feeds.browsers import can_be_told, is_offered, leave_browser, tell_browser
from signoff.feeds.browsers import key_for_browsers as key
from signoff.kernel.clock import now
from signoff.portal.access import customer_page, own_case
from signoff.push.queries import digests_elsewhere, digests_of
from signoff.push.rules import LASTS_AFTER_END

_WORKER = Path(__file__).parent.parent / "static" / "portal" / "push_worker.js"


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def device(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """Explains it, and switches it on or off. Raises Http404 where it is not offered."""
    case = own_case(account, number)
    if not is_offered():
        raise Http404
    if case.state == CaseState.DRAFT.value:
        return redirect("portal:check_answers", number=case.number)
    if request.method == "POST":
        _switch(request, case)
        return redirect("portal:case_device", number=case.number)
    context = {
        "section": "home",
        "case": case,
        "key": key(),
        "told": digests_of(case.pk),
        "elsewhere": digests_elsewhere(case.pk),
        "may_switch_on": can_be_told(case),
        "days": LASTS_AFTER_END.days,
    }
    return render(request, "portal/case/device.html", context)


def _switch(request: HttpRequest, case: Case) -> None:
    """Raises Refusal, which is shown in words."""
    sent = request.POST
    match sent.get("do"):
        case "on":
            tell_browser(
                case=case,
                endpoint=sent.get("endpoint", ""),
                public_key=sent.get("public_key", ""),
                secret=sent.get("secret", ""),
                now=now(),
            )
        case "off" if sent.get("digest"):
            leave_browser(case=case, digest=sent["digest"], now=now())
        case "none":
            leave_browser(case=case, digest="", now=now())


@lru_cache(maxsize=1)
def _worker_script() -> bytes:
    return _WORKER.read_bytes()


@require_safe
def push_worker(_request: HttpRequest) -> HttpResponse:
    """The service worker. From the root of the site, since from elsewhere it could not belong to
    every page; it may load nothing and call nobody. Raises Http404 where it is not offered."""
    if not is_offered():
        raise Http404
    return HttpResponse(
        _worker_script(),
        content_type="text/javascript; charset=utf-8",
        headers={
            "Content-Security-Policy": "default-src 'none'",
            "Cache-Control": "no-cache",
        },
    )
