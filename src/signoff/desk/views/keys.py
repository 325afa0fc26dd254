"""Which keys the desk listens to, and turning them off."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from signoff.accounts.models import User
from signoff.desk.access import staff_page

COOKIE, OFF = "desk_keys", "off"
_A_YEAR = 365 * 24 * 3600
KEYS = (
    ("j", _("The next case of the queue")),
    ("k", _("The case before")),
    ("/", _("To the search field")),
    ("x", _("Choose the case of the queue that has the focus, for giving it to somebody")),
    ("t", _("Take the case")),
    ("a", _("To the button that approves; Enter presses it")),
    ("r", _("Refuse: opens the form")),
    ("m", _("Ask for more: opens the form")),
    ("u", _("To the button that takes back what you decided; Enter presses it")),
    ("?", _("This page")),
)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def keys(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """The list; pressing the button turns them off in this browser, or on again.

    Whoever has a screen reader or speaks to the machine wants no single keys (WCAG 2.2, 2.1.4),
    today and tomorrow: it is remembered for a year.
    """
    are_off = request.COOKIES.get(COOKIE) == OFF
    if request.method == "POST":
        answer = redirect("desk:keys")
        if are_off:
            answer.delete_cookie(COOKIE, samesite="Lax")
        else:
            answer.set_cookie(
                COOKIE,
                OFF,
                max_age=_A_YEAR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return answer
    context = {"section": "keys", "keys": KEYS, "are_off": are_off}
    return render(request, "desk/keys.html", context)
