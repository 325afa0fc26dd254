"""Transfers that no bank file carries: a person makes them, and says how they went."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from signoff.accounts.models import User
from signoff.closing.listing import numbers_of
from signoff.closing.money_notices import tell_of_return
from signoff.desk.views.finance_page import acted, finance_page, not_done
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.presentation.row_numbers import row_number
from signoff.presentation.wording import said
from signoff.settlement.models import Refund
from signoff.settlement.payouts import by_hand


@require_safe
@finance_page
def transfers(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """What waits, and what was made and has not ended."""
    return _shown(request, {})


@require_POST
@finance_page
def show_account(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """Holder and account, in full, for this one answer; that they were seen is on record."""
    try:
        place = by_hand.account_of(refund=number, by=user, now=now())
    except Refusal as error:
        return not_done(request, reverse("desk:by_hand"), said(error))
    shown = _shown(request, {"shown": number, "place": place})
    shown["Cache-Control"] = "no-store"
    return shown


@require_POST
@finance_page
def transferred(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """The person has made the transfer at the bank."""

    def act() -> str:
        place = row_number(request.POST.get("place", ""))
        by_hand.transferred(refund=number, place=place, by=user, now=now())
        return _("Noted: it is on its way.")

    return acted(request, act, back=reverse("desk:by_hand"))


@require_POST
@finance_page
def ended(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """It has arrived, or came back."""
    arrived = request.POST.get("how") == "arrived"

    def act() -> str:
        if arrived:
            by_hand.ended(refund=number, arrived=True, by=user, now=now())
            return _("Noted: it has arrived.")
        tell_of_return(refund=number, by=user, now=now())
        return _("Noted: it came back, and the customer is asked for another place.")

    return acted(request, act, back=reverse("desk:by_hand"))


def _shown(request: HttpRequest, more: dict[str, object]) -> HttpResponse:
    waiting, under_way = by_hand.waiting(), by_hand.under_way()
    numbers = numbers_of(row.case for row in (*waiting, *under_way))

    def rows(found: list[Refund]) -> list[tuple[str, Refund]]:
        return [(numbers.get(row.case, ""), row) for row in found]

    context = {
        "section": "money",
        "part": "files",
        "waiting": rows(waiting),
        "under_way": rows(under_way),
        **more,
    }
    return render(request, "desk/money/by_hand.html", context)
