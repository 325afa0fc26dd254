"""Numbers, the record, the books and the staff at the desk: what is read and not changed."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from signoff.accounts.models import Role
from signoff.audit.models import AuditRow
from signoff.closing.models import Case
from signoff.desk.views import record as record_view
from signoff.kernel.clock import now
from signoff.review import operations as review
from signoff.review.models import Decision
from signoff.review.rules import RefusalReason
from tests.desk import at_the_desk
from tests.finance import closed
from tests.portal import text
from tests.world import approved, customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db


def refused() -> Case:
    by = reviewer()
    case = review.take(case=submitted(customer(), now=now()), reviewer=by, now=now())
    return review.refuse(
        case=case,
        reviewer=by,
        reason_code=RefusalReason.COURT_ORDER,
        text="A court has ordered that it stays open.",
        now=now(),
    )


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def tables(content: bytes) -> dict[str, list[str]]:
    """Each chart's rows, as a table says them."""
    page = BeautifulSoup(content, "html.parser")
    return {
        str(head["id"]).removeprefix("chart-"): [
            re.sub(r"\s+", " ", row.get_text(" ")).strip() for row in section.select("tbody tr")
        ]
        for section in page.select("main section.chart")
        for head in section.select("h2")
    }


def test_each_chart_has_a_table_that_says_the_same() -> None:
    done = approved(customer(), now=now() - timedelta(days=3))
    Case.objects.filter(pk=done.pk).update(
        state="closed", started_at=now() - timedelta(days=2), ended_at=now()
    )
    submitted(customer(), now=now())
    refused()
    content = at_the_desk().get("/desk/numbers/").content
    found = tables(content)
    assert found["reasons"] == ["It costs too much 3 100%"]
    assert found["refusals"] == ["A court or an authority forbids it 1 100%"]
    assert found["waiting"][0].startswith("Waiting for review 1 ")
    assert found["kept"] == ["China 2 2 100%"]
    assert found["durations"][-1].startswith("The whole way 3 days 3 days 1")
    assert len(found["months"]) == 1
    page = BeautifulSoup(content, "html.parser")
    assert len(page.select("svg.bar")) == sum(len(rows) for rows in found.values())
    assert page.select("[style]") == []


def test_period_and_country_narrow_the_numbers_down() -> None:
    refused()
    Decision.objects.update(decided_at=now() - timedelta(days=60))
    client = at_the_desk(staff(Role.ADMIN))
    assert tables(client.get("/desk/numbers/?days=30").content)["refusals"] == []
    assert len(tables(client.get("/desk/numbers/?days=90&country=CN").content)["refusals"]) == 1
    assert tables(client.get("/desk/numbers/?days=90&country=DE").content)["refusals"] == []
    for rubbish in ("?days=x", "?days=99999", "?country=XX", "?country=%3Cscript%3E"):
        assert client.get(f"/desk/numbers/{rubbish}").status_code == 200, rubbish
    assert "There are none in this period." in text(client.get("/desk/numbers/?country=DE").content)


def test_the_numbers_need_the_same_few_queries_however_much_there_is() -> None:
    client = at_the_desk()
    client.get("/desk/numbers/")
    few = queries(client, "/desk/numbers/")
    for _ in range(3):
        refused()
    assert queries(client, "/desk/numbers/") == few <= 16


def test_an_auditor_reads_the_whole_record_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    case = refused()
    submitted(customer(), now=now())
    monkeypatch.setattr(record_view, "PER_PAGE", 2)
    client = at_the_desk(staff(Role.AUDITOR))
    seen: list[str] = []
    address = "/desk/record/"
    while address:
        page = BeautifulSoup(client.get(address).content, "html.parser")
        seen += [str(row.select("td")[-1].get_text()) for row in page.select("tbody tr")]
        following = page.select_one("a[rel=next]")
        address = f"/desk/record/{following['href']}" if following else ""
    digests = AuditRow.objects.order_by("-pk").values_list("digest", flat=True)
    assert seen == [f"{digest[:12]}" for digest in digests]
    of_case = text(client.get(f"/desk/record/?case={case.number}&event=case_refused").content)
    assert f"Record of {case.number}" in of_case
    assert f"signoff audit export FILE --case {case.number}" in of_case
    assert case.answer not in of_case


@pytest.mark.parametrize("page", ["record", "journal"])
def test_a_mistyped_case_is_not_answered_with_everything(page: str) -> None:
    submitted(customer())
    client = at_the_desk(staff(Role.AUDITOR))
    answer = client.get(f"/desk/{page}/?case=SO-7K4M-92QD-Y").content
    assert "There is no case with this number." in text(answer)
    assert BeautifulSoup(answer, "html.parser").select("tbody tr") == []
    assert "SO-7K4M-92QD-Y" in answer.decode()


@pytest.mark.parametrize("query", ["?before=x", "?before=" + "9" * 40, "?event=x", "?case=%00x"])
def test_rubbish_in_the_address_of_the_record_breaks_nothing(query: str) -> None:
    submitted(customer())
    assert at_the_desk(staff(Role.AUDITOR)).get(f"/desk/record/{query}").status_code == 200


def test_a_page_of_the_record_needs_the_same_few_queries() -> None:
    client = at_the_desk(staff(Role.AUDITOR))
    client.get("/desk/record/")
    refused()
    few = queries(client, "/desk/record/")
    for _ in range(3):
        refused()
    assert queries(client, "/desk/record/") == few <= 12


@pytest.mark.django_db(transaction=True)
def test_the_books_are_read_and_add_up() -> None:
    refund = closed(customer(paid=(5000,)))
    for role in (Role.AUDITOR, Role.FINANCE):
        client = at_the_desk(staff(role))
        number = Case.objects.get(pk=refund.case).number
        page = text(client.get(f"/desk/journal/?case={number}").content)
        assert f"Journal of {number}" in page
        assert "CN¥50.00" in page
        assert number in text(client.get("/desk/journal/").content)
        assert client.post("/desk/journal/").status_code == 405
    other = text(client.get(f"/desk/journal/?case={submitted(customer()).number}").content)
    assert "Nothing is booked." in other


def test_an_administrator_sees_who_works_here_and_as_what() -> None:
    admin = staff(Role.ADMIN)
    client = at_the_desk(admin)
    both = staff(Role.HOTLINE, Role.FINANCE)
    nobody = staff()
    submitted(customer())
    page = text(client.get("/desk/staff/").content)
    assert f"{both.username} {both.username} Hotline and Finance Not yet" in page
    assert f"{admin.username} {admin.username} Administration Yes" in page
    assert f"{nobody.username} {nobody.username} None: sees only the system page" in page
    assert "customer" not in page
    few = queries(client, "/desk/staff/")
    staff(Role.REVIEWER)
    assert queries(client, "/desk/staff/") == few


@pytest.mark.parametrize(
    ("address", "roles"),
    [
        ("numbers", {"reviewer", "admin", "auditor"}), ("record", {"auditor"}),
        ("journal", {"auditor", "finance"}), ("staff", {"admin", "auditor"}),
    ],
)  # fmt: skip
def test_others_are_told_whom_to_ask(address: str, roles: set[str]) -> None:
    for role in Role:
        expected = 200 if role.value in roles else 403
        assert at_the_desk(staff(role)).get(f"/desk/{address}/").status_code == expected, role
