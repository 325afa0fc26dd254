"""Following a case in a feed reader: the customer's switch, and the feeds themselves."""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe

from signoff.accounts.models import Account
from signoff.closing.rules import CaseState
from signoff.config import config
from signoff.feeds import operations
from signoff.feeds.queries import case_of_token, token_for
from signoff.feeds.rules import LASTS_AFTER_END
from signoff.kernel.clock import now
from signoff.portal.access import customer_page, own_case
from signoff.portal.feed_documents import ATOM, JSON, Following, atom, following, json_feed

_ACTIONS = {
    "on": operations.switch_on,
    "new": operations.renew,
    "off": operations.switch_off,
}


def _address(name: str, *args: str) -> str:
    return config().public_url.rstrip("/") + reverse(name, args=args)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def switch(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """Makes the addresses, changes them, or ends them."""
    case = own_case(account, number)
    if case.state == CaseState.DRAFT.value:
        return redirect("portal:check_answers", number=case.number)
    if request.method == "POST":
        action = _ACTIONS.get(request.POST.get("do", ""))
        if action is not None:
            action(case=case, now=now())
        return redirect("portal:case_feed", number=case.number)
    token = token_for(case)
    names = ("portal:feed_atom", "portal:feed_json") if token else ()
    context = {
        "section": "home",
        "case": case,
        "addresses": [_address(name, token) for name in names],
        "days": LASTS_AFTER_END.days,
    }
    return render(request, "portal/case/feed.html", context)


@require_safe
def atom_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """For feed readers. Raises Http404 for an address that is not (any more) one of ours."""
    return _feed(request, token, "portal:feed_atom", atom, ATOM)


@require_safe
def json_feed_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """As atom_feed, in JSON."""
    return _feed(request, token, "portal:feed_json", json_feed, JSON)


def _feed(
    request: HttpRequest,
    token: str,
    name: str,
    written: Callable[..., bytes],
    media_type: str,
) -> HttpResponseBase:
    case = case_of_token(token, now=now())
    if case is None:
        raise Http404
    feed: Following = following(
        case, carrier=settings.SIGNOFF.brand_name, about=_address("portal:status"), now=now()
    )
    content = written(feed, address=_address(name, token))
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(
        content,
        content_type=media_type,
        headers={"ETag": etag, "Cache-Control": "private, no-cache"},
    )
    return get_conditional_response(request, etag=etag, response=response) or response
