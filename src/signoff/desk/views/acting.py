"""How an act on a case ends: done, done before by the same person, or somebody was first."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from signoff.accounts.models import User
from signoff.closing.models import Case
from signoff.closing.rules import NoSuchTransition
from signoff.desk.case_page import last_by
from signoff.desk.views.case import view_of
from signoff.kernel.errors import Conflict, InvalidValue, Refusal
from signoff.presentation.wording import said
from signoff.review.claims import Taken
from signoff.review.queries import CaseView

Act = Callable[[Case], str]
Done = Callable[[CaseView], bool]


def act_on(request: HttpRequest, number: str, act: Act, *, done: Done) -> HttpResponse:
    """Acts, and leads back to the case with the words that `act` returns.

    `done`: the reader has done just this before. InvalidValue is for the form that asked.
    """
    case = view_of(number).case
    try:
        tells = act(case)
    except InvalidValue:
        raise
    except Taken as taken:
        return _first(request, view_of(number), taken)
    except (Conflict, NoSuchTransition):
        view = view_of(number)
        if not done(view):
            return _first(request, view)
    except Refusal as refusal:
        if not done(view_of(number)):
            context = {"section": "queue", "case": case, "words": said(refusal)}
            return render(request, "desk/refused.html", context, status=409)
    else:
        if tells:
            messages.success(request, tells)
    return redirect("desk:case", number=case.number)


def _first(request: HttpRequest, view: CaseView, taken: Taken | None = None) -> HttpResponse:
    """Somebody was first: who, until when they have it, and how things stand now."""
    context = {
        "section": "queue",
        "case": view.case,
        "first": taken.reviewer if taken else _who(view),
        "until": taken.until if taken else None,
    }
    return render(request, "desk/too_late.html", context, status=409)


def _who(view: CaseView) -> User | None:
    return last_by(view) or (view.claim.reviewer if view.claim else None)
