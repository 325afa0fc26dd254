"""Who works at the desk: staff, signed in with a second factor in this very session."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from signoff.accounts.models import User

P = ParamSpec("P")
StaffPage = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]


def staff_page(page: StaffPage[P]) -> Page[P]:
    """Gives the page its reader, and tells time by the carrier's clock.

    Strangers sign in first. A customer learns nothing: 404, as for an address that does not exist.
    Staff without a second factor set one up; staff who have not used theirs in this session do.
    """

    @wraps(page)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return _send(request, "account_login")
        if not user.is_staff:
            raise Http404
        if not used_second_factor(request, user):
            known = is_mfa_enabled(user)
            return _send(request, "mfa_reauthenticate" if known else "mfa_activate_totp")
        with timezone.override(ZoneInfo(settings.SIGNOFF.time_zone)):
            return page(request, user, *args, **kwargs)

    return wrapped


def used_second_factor(request: HttpRequest, user: User) -> bool:
    """allauth notes in the session by what the reader has signed in: `mfa` is a code or a key."""
    if not is_mfa_enabled(user):
        return False
    return any(entry.get("method") == "mfa" for entry in get_authentication_records(request, user))


def _send(request: HttpRequest, where: str) -> HttpResponse:
    """Leads there and back. Not back to a form that was sent: it would have to be sent again."""
    back = request.get_full_path() if request.method == "GET" else reverse("desk:queue")
    address = f"{reverse(where)}?{urlencode({'next': back})}"
    if getattr(request, "htmx", False):
        # A redirect would be followed inside the page, and a form would appear in the table.
        return HttpResponseClientRedirect(address)
    return redirect(address)
