"""Which keys the desk listens to, and turning them off."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from signoff.accounts.models import User
from signoff.desk.access import staff_page

OFF = "desk_keys_off"
KEYS = (
    ("j", _("The next case of the queue")),
    ("k", _("The case before")),
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
    """The list; pressing the button turns them off for this sign-in, or on again."""
    if request.method == "POST":
        request.session[OFF] = not request.session.get(OFF, False)
        return redirect("desk:keys")
    context = {"section": "keys", "keys": KEYS, "are_off": request.session.get(OFF, False)}
    return render(request, "desk/keys.html", context)
