"""Refunds that wait for a person: large ones, those that came back, late ones, those without a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from signoff.accounts.models import User
from signoff.closing.listing import numbers_of
from signoff.desk.views.finance_page import acted, finance_page
from signoff.kernel.clock import now
from signoff.kernel.errors import Conflict
from signoff.notice.models import Notice
from signoff.notice.queries import newest_letters
from signoff.settlement.models import Refund, RefundApproval, RefundState
from signoff.settlement.queries import refund_of
from signoff.settlement.refunds import operations, queries
from signoff.settlement.refunds.alarms import in_trouble

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A refund with the number of its case, who let it go, and the letter about it, if any."""

    refund: Refund
    number: str
    approvals: list[RefundApproval]
    asked: Notice | None = None


@require_safe
@finance_page
def approvals(request: HttpRequest, user: User) -> HttpResponse:
    """Large refunds: two people let each go."""
    page = _page(request, queries.waiting_for_approval())
    rows = _rows(list(page))
    mine = {r.refund.pk for r in rows if any(a.approver_id == user.pk for a in r.approvals)}
    context = {"section": "money", "part": "approvals", "page": page, "rows": rows, "mine": mine}
    return render(request, "desk/money/approvals.html", context)


@require_POST
@finance_page
def approve(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """One of the two. The database refuses the same person twice."""
    _refund(number)

    def act() -> str:
        operations.approve(refund=number, approver=user, now=now())
        if operations.is_approved(refund_of(number)):
            return _("Approved by two: it goes out.")
        return _("Approved. One more person must approve it.")

    return acted(request, act, back=reverse("desk:approvals"))


@require_safe
@finance_page
def failed(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """Refunds that came back, why, and whether the customer was asked for another place."""
    page = _page(request, queries.failed_refunds())
    rows = _rows(list(page), letter="refund_failed")
    context = {"section": "money", "part": "failed", "page": page, "rows": rows}
    return render(request, "desk/money/failed.html", context)


@require_POST
@finance_page
def send_again(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """The same way, under a new key: the old try is dead."""
    _refund(number)
    seen = request.POST.get("attempt", "")

    def act() -> str:
        if str(_refund(number).attempt) != seen:
            raise Conflict(f"refund {number} is at another attempt by now")
        operations.send_again(refund=number, elsewhere=False, actor=f"user:{user.pk}", now=now())
        return _("It is sent once more.")

    def done() -> bool:
        return _refund(number).state != RefundState.FAILED

    return acted(request, act, done=done, back=reverse("desk:failed"))


@require_safe
@finance_page
def late(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - the same
    """Sent, and not there by the day that was promised; and what is tried again by itself."""
    page = _page(request, queries.late_refunds(timezone.localdate(now())))
    context = {
        "section": "money",
        "part": "late",
        "page": page,
        "rows": _rows(list(page)),
        "trouble": _rows(in_trouble()[:PER_PAGE]),
    }
    return render(request, "desk/money/late.html", context)


@require_safe
@finance_page
def nowhere(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - the same
    """The customer has not said where the money goes."""
    page = _page(request, queries.without_place())
    rows = _rows(list(page), letter="place_needed")
    context = {"section": "money", "part": "nowhere", "page": page, "rows": rows}
    return render(request, "desk/money/nowhere.html", context)


def _refund(number: int) -> Refund:
    try:
        return refund_of(number)
    except Refund.DoesNotExist:
        raise Http404 from None


def _page(request: HttpRequest, refunds: list[Refund]) -> Page[Refund]:
    return Paginator(refunds, PER_PAGE).get_page(request.GET.get("page"))


def _rows(shown: Sequence[Refund], letter: str = "") -> list[Row]:
    """Three queries at most, however many there are."""
    cases: set[UUID] = {refund.case for refund in shown}
    numbers = numbers_of(cases)
    approved = queries.approvers_of(shown)
    letters = newest_letters(cases, letter) if letter else {}
    return [
        Row(
            refund,
            numbers.get(refund.case, ""),
            approved.get(refund.pk, []),
            _since(letters.get(refund.case), refund),
        )
        for refund in shown
    ]


def _since(letter: Notice | None, refund: Refund) -> Notice | None:
    """Only a letter about this failure: of the same day, or later."""
    if letter is None or letter.created_at.date() < refund.changed_at.date():
        return None
    return letter
