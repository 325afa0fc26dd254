"""What is due out, what stands still, and what it comes to."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from signoff.accounts.models import User
from signoff.closing.listing import numbers_of
from signoff.desk.charts import charts
from signoff.desk.money_forms import PeriodForm
from signoff.desk.templatetags.desk_money import way
from signoff.desk.views.finance_page import finance_page
from signoff.kernel.clock import now
from signoff.kernel.money import from_minor
from signoff.settlement.disputes.queries import open_disputes
from signoff.settlement.models import Refund
from signoff.settlement.payouts.files import format_for
from signoff.settlement.payouts.queries import bank_statuses, batches
from signoff.settlement.refunds import queries as refunds
from signoff.settlement.refunds.alarms import contradicted, in_trouble
from signoff.settlement.refunds.rules import CN_CARD, IBAN, LINE, PAYMENT, UNKNOWN
from signoff.takeout.rules import csv_file

ROUTES = (PAYMENT, IBAN, CN_CARD, LINE, UNKNOWN)
PERIODS = {"7": 7, "30": 30, "365": 365}
"""Days that the sums can be taken over."""
COLUMNS = (
    "refund", "case", "amount", "currency", "state", "route", "to", "attempt", "reference",
    "transfer", "batch", "expected_on", "changed_at", "failure",
)  # fmt: skip


@require_safe
@finance_page
def money(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """The front page of the finance desk."""
    at = now()
    days = PERIODS.get(request.GET.get("days", ""), 30)
    today = timezone.localdate(at)
    made = [batch for batch in batches() if batch.state in {"asked", "ready"}]
    context = {
        "section": "money",
        "part": "today",
        "today": today,
        "ready": [
            (group, format_for(group.kind, group.currency)) for group in refunds.ready_by_file()
        ],
        "made": made,
        "approvals": refunds.waiting_for_approval(),
        "failed": refunds.failed_refunds(),
        "nowhere": refunds.without_place(),
        "late": refunds.late_refunds(today),
        "disputes": open_disputes(),
        "contradicted": contradicted(),
        "in_trouble": in_trouble(),
        "bad_answers": [row for row in bank_statuses() if row.state == "refused"],
        "days": days,
        "periods": PERIODS.values(),
        "charts": charts(refunds.totals(since=at - timedelta(days=days)), ROUTES),
        "period": _period(today),
    }
    return render(request, "desk/money/today.html", context)


def _period(today: date) -> PeriodForm:
    """This month, until somebody chooses otherwise."""
    return PeriodForm(initial={"first": today.replace(day=1), "last": today})


@require_safe
@finance_page
def refunds_table(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - the same
    """Refunds that moved in a period, for a spreadsheet: no names, and accounts masked."""
    form = PeriodForm(request.GET)
    if not form.is_valid():
        context = {"section": "money", "part": "today", "form": form}
        return render(request, "desk/money/period.html", context)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    rows = refunds.changed_between(_begin(first), _begin(last + timedelta(days=1)))
    return HttpResponse(
        csv_file(COLUMNS, _cells(rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="refunds-{first}-{last}.csv"'},
    )


def _begin(day: date) -> datetime:
    """Midnight by the carrier's clock."""
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


def _cells(rows: Iterator[Refund]) -> Iterator[Sequence[object]]:
    while some := list(islice(rows, 2000)):
        numbers = numbers_of(row.case for row in some)
        for row in some:
            yield (
                row.pk, numbers.get(row.case, ""), from_minor(row.amount_minor, row.currency).amount,
                row.currency, row.state, route_of(row), way(row), row.attempt, row.reference,
                row.transfer, row.batch_id, row.expected_on,
                timezone.localtime(row.changed_at).isoformat(timespec="seconds"), row.failure,
            )  # fmt: skip


def route_of(refund: Refund) -> str:
    """By payment, or the kind of the place that it goes to."""
    if refund.payment_id:
        return PAYMENT
    return refund.place.kind if refund.place else UNKNOWN
