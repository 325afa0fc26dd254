"""The customer's lines, what is open, and the way to everything else."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from moneyed import Money

from signoff.accounts.models import Account, Line, LineState
from signoff.accounts.queries import lines_of, sign_ins
from signoff.closing.models import Case
from signoff.closing.queries import cases_of
from signoff.closing.rules import OPEN_STATES
from signoff.kernel.clock import now
from signoff.kernel.money import currency, from_minor
from signoff.portal.access import customer_page
from signoff.portal.law_words import start_words
from signoff.settlement.models import BucketKind
from signoff.settlement.queries import buckets_of
from signoff.talk.queries import unread_by_customer

_OPEN = {state.value for state in OPEN_STATES}


def balance_of(account: Account) -> Money:
    """Money that the customer paid in, deposits included; gifts are not money.

    In the account's own currency: what is held in another one is not added to it.
    """
    code = account.currency
    own = (
        b
        for b in buckets_of(account)
        if b.kind != BucketKind.PROMOTIONAL and b.currency in ("", code)
    )
    return sum((from_minor(b.amount_minor, code) for b in own), Money(0, currency(code)))


def own_line(account: Account, reference: str) -> Line:
    """Raises Http404 for anybody else's line, as for none at all."""
    for line in lines_of(account):
        if line.reference == reference:
            return line
    raise Http404


def cases_by_line(cases: list[Case]) -> dict[int, Case]:
    """The open case that each line is in, by the line's id."""
    return {row.line_id: case for case in cases for row in case.case_lines.all() if row.is_open}


@require_safe
@customer_page
def home(request: HttpRequest, account: Account) -> HttpResponse:
    """Open cases first, then the lines, then the balance."""
    cases = cases_of(account)
    open_cases = [case for case in cases if case.state in _OPEN]
    by_line = cases_by_line(open_cases)
    lines = lines_of(account)
    return render(
        request,
        "portal/home.html",
        {
            "section": "home",
            "account": account,
            "open_cases": open_cases,
            "past_cases": [c for c in cases if c.state not in _OPEN and c.submitted_at],
            "lines": [(x, by_line.get(x.pk)) for x in lines if x.state != LineState.CLOSED],
            "closed_lines": [x for x in lines if x.state == LineState.CLOSED],
            "balance": balance_of(account),
            "unread": unread_by_customer(account),
        },
    )


@require_safe
@customer_page
def line_page(request: HttpRequest, account: Account, reference: str) -> HttpResponse:
    """One line: what it is, what hangs on it, and what can be done."""
    line = own_line(account, reference)
    case = cases_by_line([c for c in cases_of(account) if c.state in _OPEN]).get(line.pk)
    return render(
        request,
        "portal/line.html",
        {
            "section": "home",
            "account": account,
            "line": line,
            "case": case,
            "start_words": start_words(account, now()),
        },
    )


@require_safe
@customer_page
def settings_page(request: HttpRequest, account: Account) -> HttpResponse:
    """Everything that can be set, in a list."""
    return render(request, "portal/settings.html", {"section": "settings", "account": account})


@require_safe
@customer_page
def account_page(request: HttpRequest, account: Account) -> HttpResponse:
    """Details, sign-in, data, and the way out: as easy to find as anything else."""
    assert account.user is not None  # noqa: S101 - customer_page found the account by its user
    return render(
        request,
        "portal/account.html",
        {
            "section": "settings",
            "account": account,
            "sign_ins": len(sign_ins(account.user)),
            "start_words": start_words(account, now()),
        },
    )
