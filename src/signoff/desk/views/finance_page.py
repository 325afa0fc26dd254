"""What the pages of the finance desk share: who may see them, and how an act ends."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from signoff.accounts.models import Role
from signoff.desk.access import staff_page_for
from signoff.kernel.errors import Conflict, InvalidValue, Refusal
from signoff.presentation.wording import said

finance_page = staff_page_for(Role.FINANCE)
"""Finance acts; auditors look."""


def acted(
    request: HttpRequest,
    act: Callable[[], str],
    *,
    back: str,
    done: Callable[[], bool] = lambda: False,
) -> HttpResponse:
    """Does it, and leads `back` with the words that `act` returns.

    `done`: what was asked for has happened already, so pressing twice is pressing once.
    Somebody else was first, or it cannot be: said in words, with the way back. InvalidValue is
    for the form that asked.
    """
    try:
        tells = act()
    except InvalidValue:
        raise
    except (Conflict, Refusal) as error:
        if not done():
            return not_done(request, back, said(error) if isinstance(error, Refusal) else "")
    else:
        messages.success(request, tells)
    return redirect(back)


def not_done(request: HttpRequest, back: str, words: str) -> HttpResponse:
    """Why it was not done; without words: somebody was first."""
    context = {"section": "money", "back": back, "words": words}
    return render(request, "desk/money/not_done.html", context, status=409)
