"""Who may see what: a customer their own account, and a browser the closings that it knows.

A closing ends the customer's sign-ins. The timeline must go on without them, so the browser that
sent a case keeps a signed cookie with its number. The public look-up gives one that shows less.
Who signs out takes both away.
"""

import enum
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRefresh

from signoff.accounts.models import Account, User
from signoff.accounts.queries import account_of
from signoff.closing import queries
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import CaseNumber

P = ParamSpec("P")
CustomerPage = Callable[Concatenate[HttpRequest, Account, P], HttpResponse]
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]

_SENT, _SEEN = "signoff_sent", "signoff_seen"
_KEPT_FOR = 400 * 24 * 3600
_KEPT_AT_MOST = 10


class View(enum.Enum):
    """How much of a case is shown. SEEN: by number and code; nothing personal."""

    OWNER = "owner"
    SENDER = "sender"
    SEEN = "seen"


def customer_page(page: CustomerPage[P]) -> Page[P]:
    """Signs the reader in first, gives the page their account, and tells time by its zone."""

    @wraps(page)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return _sign_in_first(request)
        account = account_of(user)
        if account is None:
            if user.is_staff:
                return redirect(settings.STAFF_HOME)
            return render(request, "portal/no_account.html", status=403)
        with timezone.override(ZoneInfo(account.time_zone)):
            return page(request, account, *args, **kwargs)

    return wrapped


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """A part that moves by itself on a page left open asks for the whole page anew: the form to
    sign in would else appear inside it."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRefresh()
    return redirect_to_login(_page_of(request))


def _page_of(request: HttpRequest) -> str:
    """Where to go on after signing in: the page that the form stands on, for the address that it
    is sent to may show nothing by itself."""
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    )
    if request.method == "POST" and is_ours:
        parts = urlsplit(came_from)
        return urlunsplit(("", "", "/" + parts.path.lstrip("/"), parts.query, ""))
    return request.get_full_path()


def password_first(page: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Asks for the password again before a POST, and then goes on with that very POST."""
    return cast("Callable[P, HttpResponse]", reauthentication_required(page))


def parsed_number(number: str) -> CaseNumber:
    """Raises Http404 for what is no case number."""
    try:
        return CaseNumber.parse(number)
    except InvalidValue:
        raise Http404 from None


def own_case(account: Account, number: str) -> Case:
    """Raises Http404 for anybody else's case, as for none at all."""
    try:
        return queries.case_of(account, parsed_number(number))
    except Case.DoesNotExist:
        raise Http404 from None


def visible_case(request: HttpRequest, number: str) -> tuple[Case, View]:
    """A case for its owner or for a browser that knows it. Raises Http404."""
    parsed = parsed_number(number)
    user = request.user
    account = account_of(user) if isinstance(user, User) else None
    try:
        case = queries.case_by_number(parsed)
    except Case.DoesNotExist:
        raise Http404 from None
    if account is not None and case.account_id == account.pk:
        return case, View.OWNER
    for cookie, view in ((_SENT, View.SENDER), (_SEEN, View.SEEN)):
        if parsed in _known(request, cookie):
            return case, view
    raise Http404


def nothing_moves(request: HttpRequest) -> HttpResponse:
    """For a part that moves by itself, of a case that this browser may not see (any more).

    Whose sign-in is over gets the whole page anew, and reads it there: else what was there last
    would stand for ever as if it were so. Raises Http404 for everybody else.
    """
    if getattr(request, "htmx", False) and not request.user.is_authenticated:
        return HttpResponseClientRefresh()
    raise Http404


def payee_page(page: Callable[[HttpRequest, Case], HttpResponse]) -> Page[[str]]:
    """A page that can change where the money of a case goes.

    For the owner, who is asked for the password first, unless the case is a draft: that one is
    confirmed with it anyway. And, once the account is closed and nobody can sign in any more, for
    the browser that sent the case. Number and code alone do not change where money goes.
    """

    @customer_page
    def for_owner(request: HttpRequest, account: Account, number: str) -> HttpResponse:
        case = own_case(account, number)
        asks = case.state != CaseState.DRAFT.value
        return (password_first(page) if asks else page)(request, case)

    return _or_sender(for_owner, page)


def talk_page(page: Callable[[HttpRequest, Case], HttpResponse]) -> Page[[str]]:
    """A page on which the customer and the desk write to each other about a case.

    For the owner, and once the account is closed for the browser that sent the case.
    """

    @customer_page
    def for_owner(request: HttpRequest, account: Account, number: str) -> HttpResponse:
        return page(request, own_case(account, number))

    return _or_sender(for_owner, page)


def _or_sender(
    for_owner: Page[[str]], page: Callable[[HttpRequest, Case], HttpResponse]
) -> Page[[str]]:
    """Once the account is closed nobody can sign in: then the browser that sent the case will do."""

    @wraps(page)
    def wrapped(request: HttpRequest, /, number: str) -> HttpResponse:
        if parsed_number(number) in _known(request, _SENT):
            case, view = visible_case(request, number)
            if view is View.SENDER and acts_as_owner(case, view):
                with timezone.override(ZoneInfo(case.account.time_zone)):
                    return page(request, case)
        return for_owner(request, number)

    return wrapped


def acts_as_owner(case: Case, view: View) -> bool:
    """The owner; or, once their account is closed, the browser that sent the case."""
    return view is View.OWNER or (view is View.SENDER and case.account.closed_at is not None)


def _known(request: HttpRequest, cookie: str) -> list[str]:
    value = request.get_signed_cookie(cookie, default="", max_age=_KEPT_FOR)
    return value.split(".") if value else []


def remember_sent(request: HttpRequest, response: HttpResponse, case: Case) -> HttpResponse:
    """This browser sent the case."""
    return _remember(request, response, case, _SENT)


def remember_seen(request: HttpRequest, response: HttpResponse, case: Case) -> HttpResponse:
    """This browser knew number and code of the case."""
    return _remember(request, response, case, _SEEN)


def forget_cases(response: HttpResponse) -> HttpResponse:
    """This browser knows no case any more."""
    for cookie in (_SENT, _SEEN):
        response.delete_cookie(cookie, samesite="Lax")
    return response


def _remember(
    request: HttpRequest, response: HttpResponse, case: Case, cookie: str
) -> HttpResponse:
    numbers = [number for number in _known(request, cookie) if number != case.number]
    response.set_signed_cookie(
        cookie,
        ".".join([case.number, *numbers][:_KEPT_AT_MOST]),
        max_age=_KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
