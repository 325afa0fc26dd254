"""Who works at the desk: staff, signed in with a second factor in this very session.

What a page is for is said by roles. Whoever has none of them gets a calm page that names whom to
ask; a customer never learns that there is a desk.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django_htmx.http import HttpResponseClientRedirect

from signoff.accounts.models import Role, User
from signoff.accounts.queries import people_with, roles_of
from signoff.briefing.operations import note_language

P = ParamSpec("P")
StaffPage = Callable[Concatenate[HttpRequest, User, P], HttpResponse]
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]

HOMES = {
    Role.REVIEWER: "desk:queue",
    Role.HOTLINE: "desk:hotline",
    Role.FINANCE: "desk:money",
    Role.AUDITOR: "desk:queue",
    Role.ADMIN: "desk:queue",
}
"""Where the day of a role begins; everybody may see the page of the system."""

_ROLES = "desk_roles"
_LANGUAGE = "desk_language"
_READS = frozenset({"GET", "HEAD"})


def staff_page(page: StaffPage[P]) -> Page[P]:
    """Gives the page its reader, and tells time by the carrier's clock. For all of the staff.

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
        setattr(request, _ROLES, roles_of(user))
        _note_language(request, user)
        with timezone.override(ZoneInfo(settings.SIGNOFF.time_zone)):
            return page(request, user, *args, **kwargs)

    return wrapped


def _note_language(request: HttpRequest, user: User) -> None:
    """Letters to the staff speak as the desk does: kept when it changes, not with every page."""
    language = get_language() or settings.LANGUAGE_CODE
    if request.session.get(_LANGUAGE) != language:
        note_language(user=user, language=language)
        request.session[_LANGUAGE] = language


def staff_page_for(*roles: Role, read_by: Iterable[Role] = ()) -> Callable[[StaffPage[P]], Page[P]]:
    """A page for these roles. Auditors, and the roles in `read_by`, may look but change nothing.

    The roles of the reader are in `request.desk_roles`, for templates that leave buttons out.
    """
    return _page_for(roles, reads=frozenset({*roles, Role.AUDITOR, *read_by}))


def private_page_for(*roles: Role) -> Callable[[StaffPage[P]], Page[P]]:
    """A page for these roles, which not even auditors see: it shows personal data."""
    return _page_for(roles, reads=frozenset(roles))


def proof_first(page: Page[P]) -> Page[P]:
    """Asks for password or code once more before a POST, and then goes on with that very POST."""
    wanted = reauthentication_required(enabled=lambda request: request.method == "POST")
    return cast("Page[P]", wanted(page))


def _page_for(
    roles: Sequence[Role], *, reads: frozenset[Role]
) -> Callable[[StaffPage[P]], Page[P]]:
    acts = frozenset(roles)

    def for_roles(page: StaffPage[P]) -> Page[P]:
        @wraps(page)
        def wrapped(
            request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            held = held_roles(request)
            if held & (reads if request.method in _READS else acts):
                return page(request, user, *args, **kwargs)
            return _elsewhere(request, held, roles)

        return staff_page(wrapped)

    return for_roles


def held_roles(request: HttpRequest) -> frozenset[Role]:
    """The roles of the reader of a page of the desk."""
    return getattr(request, _ROLES, frozenset())


def _elsewhere(request: HttpRequest, held: frozenset[Role], roles: Sequence[Role]) -> HttpResponse:
    """The front page leads to the reader's own; any other says for whom it is, and whom to ask."""
    home = next((HOMES[role] for role in Role if role in held and role in HOMES), "desk:system")
    if request.path == reverse("desk:queue") and request.method in _READS:
        return redirect(home)
    context = {"section": "", "for_roles": roles, "home": reverse(home), "ask": _whom_to_ask()}
    return render(request, "desk/other_role.html", context, status=403)


def _whom_to_ask() -> list[str]:
    return [user.get_full_name() or user.username for user in people_with(Role.ADMIN)]


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
