"""The finance desk: what is due out, what waits for whom, and who may do what about it."""

import csv
import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from signoff.accounts.models import Role
from signoff.kernel.clock import now
from signoff.ports.payments import RefundState as Remote
from signoff.settlement.models import Refund
from signoff.settlement.refunds.operations import approve
from tests.desk import at_the_desk
from tests.finance import (
    CARD,
    HOLDER,
    Bank,
    asked_for,
    by_bank,
    came_back,
    closed,
    disputed,
    large,
    nowhere,
    written,
)
from tests.portal import errors, signed_in, text
from tests.world import LATER, NOON, customer, reviewer, staff

pytestmark = pytest.mark.django_db(transaction=True)


def finance() -> Client:
    """A browser of the finance team."""
    return at_the_desk(staff(Role.FINANCE))


def read(client: Client, path: str) -> str:
    answer = client.get(f"/desk/money/{path}")
    assert answer.status_code == 200, path
    return text(answer.content)


def addresses() -> dict[str, set[str]]:
    """Every address of the finance desk, by the method that it takes."""
    refund, batch, dispute = came_back(), None, disputed()
    by_bank()
    batch = written(asked_for())
    pages = {
        "", "approvals/", "failed/", "late/", "no-place/", "contradictions/", "files/",
        f"files/{batch.pk}/", "answers/", "disputes/", f"disputes/{dispute.pk}/",
        "refunds.csv?first=2026-11-01&last=2026-11-30",
    }  # fmt: skip
    acts = {
        f"approvals/{refund.pk}/", f"failed/{refund.pk}/", "files/make/",
        f"files/{batch.pk}/download/", f"files/{batch.pk}/sent/", f"files/{batch.pk}/drop/",
        f"files/{batch.pk}/aside/", f"contradictions/{refund.pk}/paid/",
        f"contradictions/{refund.pk}/not-paid/", "answers/", f"disputes/{dispute.pk}/",
    }  # fmt: skip
    return {"GET": pages, "POST": acts}


def state_of_everything() -> list[object]:
    tables = [name for name in connection.introspection.table_names() if name.startswith("settl")]
    with connection.cursor() as cursor:
        found: list[object] = []
        for table in sorted(tables):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608 - names of our own tables
            found.append(cursor.fetchall())
    return found


def test_who_sees_and_who_does_what() -> None:
    ways = addresses()
    who = {
        "stranger": (Client(), {302}, {302}),
        "customer": (signed_in(customer()), {404}, {404}),
        "reviewer": (at_the_desk(reviewer()), {403}, {403}),
        "hotline": (at_the_desk(staff(Role.HOTLINE)), {403}, {403}),
        "admin": (at_the_desk(staff(Role.ADMIN)), {403}, {403}),
        "auditor": (at_the_desk(staff(Role.AUDITOR)), {200}, {403}),
    }
    before = state_of_everything()
    for name, (client, reads, writes) in who.items():
        for path in sorted(ways["GET"]):
            assert client.get(f"/desk/money/{path}").status_code in reads, (name, path)
        for path in sorted(ways["POST"]):
            assert client.post(f"/desk/money/{path}").status_code in writes, (name, path)
    assert state_of_everything() == before
    client = finance()
    for path in sorted(ways["GET"]):
        assert client.get(f"/desk/money/{path}").status_code == 200, path
    only_post = ways["POST"] - ways["GET"]
    for path in sorted(only_post):
        assert client.get(f"/desk/money/{path}").status_code == 405, path
    assert state_of_everything() == before


def test_an_auditor_is_offered_no_button() -> None:
    ways = addresses()
    large()
    client = at_the_desk(staff(Role.AUDITOR))
    for path in sorted(ways["GET"]):
        page = BeautifulSoup(client.get(f"/desk/money/{path}").content, "html.parser")
        assert page.select("main form[method=post]") == [], path


def test_the_day_of_the_finance_team_begins_with_the_money() -> None:
    client = finance()
    assert client.get("/desk/")["Location"] == "/desk/money/"
    page = client.get("/desk/money/").content.decode()
    assert 'href="/desk/money/"' in page
    assert 'href="/desk/notices/"' not in page
    assert 'href="/desk/money/"' not in at_the_desk(reviewer()).get("/desk/").content.decode()


def test_an_empty_day_is_calm() -> None:
    page = read(finance(), "")
    assert "No bank transfer waits." in page
    assert "No refund has moved." in page
    assert "Large refunds to approve 0 refunds" in page


def test_the_front_page_says_what_is_due_out_and_what_waits() -> None:
    large()
    came_back()
    nowhere(1200)
    by_bank(8800)
    by_bank(100)
    late = closed(customer(paid=(700,)), Bank(Remote.SENT))
    Refund.objects.filter(pk=late.pk).update(expected_on=now().date() - timedelta(days=1))
    disputed()
    page = read(finance(), "")
    for words in (
        "Transfers to bank cards in China (CSV) 2 transfers wait for a file CN¥89.00",
        "Large refunds to approve 1 refund CN¥3,000.00",
        "Refunds that came back 1 refund CN¥50.00",
        "Refunds whose customer has not said where 1 refund CN¥12.00",
        "Refunds that should have arrived 1 refund CN¥7.00",
        "Disputes 1 open CN¥10.00",
    ):  # fmt: skip
        assert words in page, words


def test_the_sums_are_by_currency_and_way_and_the_table_says_what_the_bars_show() -> None:
    closed(customer(paid=(5000,)))
    came_back()
    by_bank(8800)
    Refund.objects.update(changed_at=now())
    answer = finance().get("/desk/money/?days=7")
    page = BeautifulSoup(answer.content, "html.parser")
    rows = [row.get_text(" ", strip=True) for row in page.select("section table tr")]
    assert rows[1:] == [
        "Back the way it came CN¥50.00 (1) CN¥50.00 (1) CN¥100.00 (2)",
        "Bank card in China CN¥88.00 (1) CN¥88.00 (1)",
        "Together CN¥88.00 (1) CN¥50.00 (1) CN¥50.00 (1) CN¥188.00 (3)",
    ]
    widths = [[int(str(r["width"])) for r in bar.select("rect")] for bar in page.select(".bar")]
    assert widths == [[500, 500], [880]]
    for rubbish in ("?days=0", "?days=x", "?days=-7", "?days=1e9"):
        assert "in the last 30 days" in read(finance(), rubbish)


def test_a_long_day_needs_no_more_queries_than_a_short_one() -> None:
    client = finance()
    came_back()
    nowhere(500)
    client.get("/desk/money/")

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/desk/money/{path}").status_code == 200
        return len(seen)

    paths = ("", "failed/", "no-place/", "approvals/", "files/", "late/")
    few = {path: count(path) for path in paths}
    for _time in range(2):
        came_back()
        nowhere(500)
    assert {path: count(path) for path in paths} == few
    assert max(few.values()) <= 22, few


def test_two_people_let_a_large_refund_go_and_not_one_twice() -> None:
    refund = large()
    one, two = staff(Role.FINANCE), staff(Role.FINANCE)
    first, second = at_the_desk(one), at_the_desk(two)
    page = read(first, "approvals/")
    assert "CN¥3,000.00 Visa 4242" in page
    assert "Nobody yet" in page
    address = f"/desk/money/approvals/{refund.pk}/"
    assert first.post(address)["Location"] == "/desk/money/approvals/"
    page = read(first, "approvals/")
    assert "Approved. One more person must approve it." in page
    assert "Somebody else must approve it, too" in page
    again = first.post(address)
    assert again.status_code == 409
    assert "You have approved this refund already." in text(again.content)
    assert one.username in read(second, "approvals/")
    second.post(address)
    assert "Approved by two: it goes out." in read(second, "approvals/")
    assert "No large refund waits." in read(second, "approvals/")
    late = at_the_desk(staff(Role.FINANCE)).post(f"/desk/money/approvals/{came_back().pk}/")
    assert late.status_code == 409
    assert "waits for nobody’s approval" in text(late.content)


def test_what_came_back_says_why_and_whether_the_customer_was_asked() -> None:
    refund = came_back()
    ours = came_back("insufficient_funds")
    Refund.objects.filter(pk=ours.pk).update(is_failure_ours=True)
    foreign = came_back("odd <b>thing</b>")
    Refund.objects.filter(pk=foreign.pk).update(failure="AC04 The account is closed.")
    page = read(finance(), "failed/")
    assert "The card has expired or was cancelled. expired_or_canceled_card" in page
    assert "Our balance at the payment service was too small" in page
    assert "For us to repair" in page
    assert "The account is closed. AC04" in page
    assert page.count("asked for another place") == 3
    assert refund.reference not in page


def test_send_again_is_done_once_and_only_for_the_try_that_was_seen() -> None:
    refund = came_back()
    client = finance()
    address = f"/desk/money/failed/{refund.pk}/"
    assert client.post(address, {"attempt": "1"})["Location"] == "/desk/money/failed/"
    assert client.post(address, {"attempt": "1"}).status_code == 302  # pressed twice
    refund.refresh_from_db()
    assert (refund.state, refund.attempt) == ("planned", 2)
    Refund.objects.filter(pk=refund.pk).update(state="failed")  # and it came back once more
    late = client.post(address, {"attempt": "1"})
    assert late.status_code == 409
    assert "Somebody was first" in text(late.content)
    refund.refresh_from_db()
    assert refund.attempt == 2


def test_a_contradiction_is_cleared_up_by_a_person() -> None:
    refund, other = came_back(), came_back()
    Refund.objects.update(alarm="payment:1")
    client = finance()
    assert "2 refunds are said to have been paid" in read(client, "")
    assert "Back the way it came try 1" in read(client, "contradictions/")
    client.post(f"/desk/money/contradictions/{refund.pk}/paid/")
    client.post(f"/desk/money/contradictions/{other.pk}/not-paid/")
    refund.refresh_from_db()
    other.refresh_from_db()
    assert (refund.state, refund.alarm) == ("paid", "")
    assert (other.state, other.alarm) == ("failed", "")
    again = client.post(f"/desk/money/contradictions/{refund.pk}/paid/")
    assert again.status_code == 409
    assert "Nothing contradicts itself." in read(client, "contradictions/")


def table(client: Client, first: str, last: str) -> list[dict[str, str]]:
    answer = client.get("/desk/money/refunds.csv", {"first": first, "last": last})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert f"refunds-{first}-{last}.csv" in answer["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_table_of_refunds_names_nobody() -> None:
    refund = by_bank()
    card = closed(customer(paid=(5000,)))
    day = LATER.date()
    rows = table(finance(), NOON.date().isoformat(), day.isoformat())
    assert {row["refund"]: row["amount"] for row in rows} == {
        str(refund.pk): "88.00", str(card.pk): "50.00",
    }  # fmt: skip
    mine = next(row for row in rows if row["refund"] == str(refund.pk))
    assert (mine["route"], mine["to"], mine["state"]) == ("cn_card", "… 0128", "planned")
    assert mine["case"].startswith("SO-")
    everything = str(rows)
    assert CARD not in everything
    assert HOLDER not in everything
    before = (NOON - timedelta(days=1)).date().isoformat()
    assert table(finance(), before, before) == []


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        ("", "", ["Choose a day.", "Choose a day."]),
        ("2026-02-30", "2026-03-01", ["That is not a day: write it like 2026-03-31."]),
        ("2026-03-02", "2026-03-01", ["The last day is before the first one."]),
        ("1900-01-01", "2026-03-01", ["Choose at most a year."]),
        ("99999-01-01", "x", ["That is not a day", "That is not a day"]),
        ("9999-12-01", "9999-12-31", ["That is not a day", "That is not a day"]),
        ("0001-01-01", "0001-02-01", ["That is not a day", "That is not a day"]),
    ],
)
def test_an_absurd_period_is_said_and_not_guessed(first: str, last: str, wrong: list[str]) -> None:
    answer = finance().get("/desk/money/refunds.csv", {"first": first, "last": last})
    assert answer.status_code == 200
    said = errors(answer.content)
    assert len(said) == len(wrong)
    assert all(point.startswith(begin) for point, begin in zip(said, wrong, strict=True)), said


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_what_is_not_there_is_not_there(number: str) -> None:
    client = finance()
    for path in (f"files/{number}/", f"answers/{number}/"):
        assert client.get(f"/desk/money/{path}").status_code == 404, path
    for path in (
        f"approvals/{number}/", f"failed/{number}/", f"files/{number}/download/",
        f"files/{number}/sent/", f"files/{number}/drop/", f"contradictions/{number}/paid/",
    ):  # fmt: skip
        assert client.post(f"/desk/money/{path}").status_code == 404, path
    unknown = "00000000-0000-4000-8000-000000000000"
    assert client.get(f"/desk/money/disputes/{unknown}/").status_code == 404


def test_a_case_shows_where_its_money_is_and_what_was_booked() -> None:
    refund = large()
    approve(refund=refund.pk, approver=staff(Role.FINANCE), now=LATER)
    client = finance()
    link = BeautifulSoup(client.get("/desk/money/approvals/").content, "html.parser")
    case = str(link.select_one("tbody th a")["href"])  # type: ignore[index]
    page = text(client.get(case).content)
    for words in (
        "Visa 4242 CN¥3,000.00 Planned", "1 Confirmed by the customer CN¥3,000.00",
        "Final bill Liabilities:Balances:Paid CN¥3,000.00", "Liabilities:Closing CN¥3,000.00",
        "Refund approved finance",
    ):  # fmt: skip
        assert words in page, words
    assert "Take it" not in page
