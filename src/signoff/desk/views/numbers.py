"""How the reviews go: how long, where they wait, why people leave, what was refused, what was kept."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from signoff.accounts.models import Role, User
from signoff.config import policies
from signoff.desk import words
from signoff.desk.access import staff_page_for
from signoff.desk.review_charts import Chart, Row, chart
from signoff.kernel.clock import now
from signoff.kernel.countries import Country
from signoff.presentation import labels, wording
from signoff.review import statistics
from signoff.review.statistics import Period, Share, Stage

DAYS = (30, 90, 365)
STAGES = {
    Stage.REVIEW: gettext_lazy("Review, without waiting for the customer"),
    Stage.COOLING_OFF: gettext_lazy("Cooling-off"),
    Stage.CLOSING: gettext_lazy("Closing"),
    Stage.WHOLE: gettext_lazy("The whole way"),
}


@require_safe
@staff_page_for(Role.REVIEWER, Role.ADMIN)
def numbers(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """For a period and a country; each chart with its table."""
    at = now()
    days = next((d for d in DAYS if str(d) == request.GET.get("days")), DAYS[1])
    countries = policies().countries
    country = request.GET.get("country", "")
    country = country if country in countries else ""
    period = Period(at - timedelta(days=days), at, country)
    context = {
        "section": "numbers",
        "days": days,
        "periods": DAYS,
        "country": country,
        "countries": [(code, wording.shown(Country(code))) for code in countries],
        "charts": [
            *_durations(period),
            _waiting(period),
            _shares("reasons", _("Why people leave"), statistics.reasons(period), "reason"),
            _shares("refusals", _("Why closings were refused"), statistics.refusals(period), ""),
            _kept(period),
        ],
    }
    return render(request, "desk/numbers.html", context)


def _durations(period: Period) -> list[Chart]:
    found = statistics.durations(period)
    heads = (_("Half of the cases within"), _("Nine of ten within"), _("Cases"))
    whole = [
        Row(
            str(STAGES[one.stage]),
            one.half.total_seconds(),
            (wording.duration(one.half), wording.duration(one.most), str(one.cases)),
        )
        for one in found
        if not one.month
    ]
    months = [
        Row(
            wording.month(date.fromisoformat(f"{one.month}-01")),
            one.half.total_seconds(),
            (wording.duration(one.half), wording.duration(one.most), str(one.cases)),
        )
        for one in found
        if one.month and one.stage is Stage.WHOLE
    ]
    return [
        chart("durations", _("How long closings take"), (_("Part"), *heads), whole),
        chart("months", _("How long the whole way takes, by month"), (_("Month"), *heads), months),
    ]


def _waiting(period: Period) -> Chart:
    rows = [
        Row(
            words.called("case", one.state.value),
            one.cases,
            (str(one.cases), wording.moment(one.oldest) if one.oldest else ""),
        )
        for one in statistics.waiting_now(period.country)
    ]
    heads = (_("State"), _("Cases"), _("The oldest was sent"))
    return chart("waiting", _("Where open cases are now"), heads, rows)


def _shares(code: str, title: str, found: Sequence[Share], kind: str) -> Chart:
    def called(share: Share) -> str:
        return labels.words(kind, share.code) if kind else words.called("refusal", share.code)

    rows = [
        Row(called(s), s.number, (str(s.number), wording.percent(s.percent)), shown=1)
        for s in found
    ]
    return chart(code, title, (_("Reason"), _("Cases"), _("Share")), rows)


def _kept(period: Period) -> Chart:
    rows = [
        Row(
            wording.shown(Country(share.code)),
            share.percent,
            (str(share.number), str(share.all), wording.percent(share.percent)),
            shown=2,
        )
        for share in statistics.deadlines_kept(period)
    ]
    heads = (_("Country"), _("In time"), _("Decisions"), _("Share"))
    return chart("kept", _("Decisions in time"), heads, rows, most=100)
