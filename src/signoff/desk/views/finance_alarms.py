"""Refunds that are said to have been paid after they were given up: a person clears that up."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from signoff.accounts.models import User
from signoff.closing.listing import numbers_of
from signoff.desk.views.finance_page import acted, finance_page
from signoff.kernel.clock import now
from signoff.settlement.models import Refund
from signoff.settlement.queries import refund_of
from signoff.settlement.refunds import alarms


@dataclass(frozen=True, slots=True)
class Alarm:
    """A refund, its case, and the try that is said to be paid (0: a transfer that was given up)."""

    refund: Refund
    number: str
    route: str
    attempt: int


@require_safe
@finance_page
def contradictions(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """Nothing more is sent for them until somebody has asked the bank or the payment service."""
    found = alarms.contradicted()
    numbers = numbers_of(refund.case for refund in found)
    rows = [_alarm(refund, numbers.get(refund.case, "")) for refund in found]
    context = {"section": "money", "part": "contradictions", "rows": rows}
    return render(request, "desk/money/contradictions.html", context)


def _alarm(refund: Refund, number: str) -> Alarm:
    route, _colon, attempt = refund.alarm.partition(":")
    return Alarm(refund, number, route, int(attempt) if attempt.isdecimal() else 0)


@require_POST
@finance_page
def was_paid(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """The money is with the customer."""
    return _clear_up(
        request,
        number,
        lambda: alarms.it_was_paid(refund=number, actor=f"user:{user.pk}", now=now()),
        _("Noted: it was paid. Nothing more is sent."),
    )


@require_POST
@finance_page
def was_not_paid(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """The old try is dead, or came back."""
    return _clear_up(
        request,
        number,
        lambda: alarms.it_was_not_paid(refund=number, actor=f"user:{user.pk}", now=now()),
        _("Noted: it was not paid. What was held back goes on."),
    )


def _clear_up(
    request: HttpRequest, number: int, decide: Callable[[], None], tells: str
) -> HttpResponse:
    try:
        refund_of(number)
    except Refund.DoesNotExist:
        raise Http404 from None

    def act() -> str:
        decide()
        return tells

    return acted(request, act, back=reverse("desk:contradictions"))
