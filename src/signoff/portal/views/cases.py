"""A case that was sent: its number, its timeline, undo, and the certificate."""

import hashlib
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from moneyed import Money

from signoff.accounts.models import Account
from signoff.closing import queries
from signoff.closing.models import Case
from signoff.closing.operations import CUSTOMER
from signoff.closing.rules import UNDOABLE_STATES, CaseState, Scope
from signoff.evidence.submission import withdraw
from signoff.feeds.browsers import can_be_told, is_offered
from signoff.kernel.clock import now
from signoff.portal.access import (
    View,
    acts_as_owner,
    customer_page,
    nothing_moves,
    own_case,
    visible_case,
)
from signoff.portal.calls_shown import CallShown, call_about
from signoff.portal.refund_rules import RefundShown, asks_of
from signoff.portal.refunds_shown import refunds_shown
from signoff.portal.review_shown import ReviewShown, review_shown
from signoff.settlement.models import Settlement
from signoff.settlement.queries import settlement_of
from signoff.settlement.rules import thawed
from signoff.talk.queries import unread_by_customer
from signoff.termination import queries as termination
from signoff.termination.timeline import Timeline
from signoff.termination.timeline import timeline as timeline_of

_MONEY_GOES = {CaseState.CLOSING, CaseState.NEEDS_ATTENTION, CaseState.CLOSED}
"""From here on the money goes out, and what waits for the customer waits in earnest."""


@require_safe
def timeline(request: HttpRequest, number: str) -> HttpResponse:
    """Where the case is. With htmx it moves by itself; without, by a link."""
    case, view = visible_case(request, number)
    if case.state == CaseState.DRAFT.value:
        return redirect("portal:check_answers", number=case.number)
    with timezone.override(ZoneInfo(case.account.time_zone)):
        return render(request, "portal/case/timeline.html", _context(case, view))


@require_safe
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """The moving part of the timeline; 204 while nothing has changed, so that nothing flickers."""
    try:
        case, view = visible_case(request, number)
    except Http404:
        return nothing_moves(request)
    context = _context(case, view)
    if request.GET.get("seen") == context["mark"]:
        return HttpResponse(status=204)
    with timezone.override(ZoneInfo(case.account.time_zone)):
        return render(request, "portal/case/progress.html", context)


def _context(case: Case, view: View) -> dict[str, object]:
    private = view is not View.SEEN
    settled = settlement_of(case.pk) if private else None
    refunds = refunds_shown(case, settled) if private else []
    at = now()
    shown = timeline_of(case, now=at, private=private)
    review, call = review_shown(case, at), call_about(case, at)
    acts = acts_as_owner(case, view)
    unread = unread_by_customer(case) if acts else 0
    return {
        "section": "home" if view is View.OWNER else "",
        "case": case,
        "lines": queries.lines_of(case),
        "is_line": case.scope == Scope.LINE.value,
        "timeline": shown,
        "private": private,
        "is_owner": view is View.OWNER,
        "refunds": refunds,
        "asks": asks_of(refunds) if CaseState(case.state) in _MONEY_GOES else None,
        "may_choose": acts,
        "may_talk": acts,
        "unread": unread,
        "may_tell_device": is_offered() and can_be_told(case),
        "refund_totals": _refund_totals(settled),
        "call": call,
        "is_moving": not shown.is_over
        or call is not None
        or (CaseState(case.state) in _MONEY_GOES and any(r.is_moving for r in refunds)),
        "certificate": termination.certificate(case) if private else None,
        "review": review,
        "mark": _mark(shown, refunds, review, unread, call),
    }


def _refund_totals(settled: Settlement | None) -> list[Money]:
    """What goes back, the account's own currency first; nothing of what is nothing."""
    if settled is None:
        return []
    result = thawed(settled.content)
    return [total for total in (result.refund_total, *result.other_totals) if total.amount]


def _mark(
    shown: Timeline,
    refunds: list[RefundShown],
    review: ReviewShown,
    unread: int,
    call: CallShown | None,
) -> str:
    """Names what the page shows: changes when, and only when, there is something new to show."""
    parts = [
        repr(shown),
        repr(review),
        str(unread),
        repr(call),
        *(repr(refund) for refund in refunds),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@require_safe
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """Case number and status code, to be kept. Raises Http404 for who only looked it up."""
    case, view = visible_case(request, number)
    if view is View.SEEN or case.state == CaseState.DRAFT.value:
        raise Http404
    with timezone.override(ZoneInfo(case.account.time_zone)):
        context = {"case": case, "code": queries.access_code(case)}
        return render(request, "portal/case/sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def undo(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """Asks once, then undoes. Of a draft: throws it away."""
    case = own_case(account, number)
    was_draft = case.state == CaseState.DRAFT.value
    if CaseState(case.state) not in UNDOABLE_STATES:
        return redirect("portal:case", number=case.number)
    if request.method == "POST":
        withdraw(case=case, actor=CUSTOMER, now=now())
        return redirect("portal:home") if was_draft else redirect("portal:case", number=case.number)
    context = {"section": "home", "case": case, "was_draft": was_draft, "until": case.due_at}
    return render(request, "portal/case/undo.html", context)


@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The signed certificate, byte for byte. Raises Http404 until there is one."""
    case, view = visible_case(request, number)
    found = termination.certificate(case)
    if found is None or view is View.SEEN:
        raise Http404
    return HttpResponse(
        found.document,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{case.number}-certificate.json"'},
    )
