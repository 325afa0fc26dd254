"""The letter that tells one of the staff what waits: whether they want it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from signoff.accounts.models import User
from signoff.briefing.operations import want_letter
from signoff.briefing.queries import is_wanted_by
from signoff.briefing.rules import topics_for
from signoff.desk import words
from signoff.desk.access import held_roles, staff_page


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def letter(request: HttpRequest, user: User) -> HttpResponse:
    """What it tells of, when, and where it goes; the button switches it off, or on again."""
    if request.method == "POST":
        language = get_language() or settings.LANGUAGE_CODE
        want_letter(user=user, is_wanted="on" in request.POST, language=language)
        return redirect("desk:letter")
    hour = settings.SIGNOFF.staff_letter_hour
    topics = topics_for(frozenset(role.value for role in held_roles(request)))
    context = {
        "section": "letter",
        "hour": "" if hour is None else f"{hour}:00",
        "topics": [words.called("topic", topic.value) for topic in topics],
        "is_wanted": is_wanted_by(user),
        "address": user.email,
    }
    return render(request, "desk/letter.html", context)
