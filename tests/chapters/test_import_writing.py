"""An export becomes rows, and again without a change; what was done here outlives it."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from signoff.accounts.importing.merging import Counts
from signoff.accounts.models import (
    Account,
    Device,
    Line,
    LineState,
    LinkedService,
    Profile,
    ProfileState,
    ServiceState,
    User,
)
from signoff.accounts.operations import close_account
from signoff.alternatives.models import Pause
from signoff.audit.models import AuditRow
from signoff.intake.operations import import_export, read_valid, try_import
from signoff.kernel.money import from_minor
from signoff.settlement.models import BalanceBucket, Bill, BillItem, Payment
from tests.exports import FILES, ExportFolder
from tests.importing import LATER, NOW, everything, row_count, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> ExportFolder:
    return ExportFolder(tmp_path / "export")


def test_every_file_becomes_rows(folder: ExportFolder) -> None:
    report = take_in(folder)
    assert {kind: count.created for kind, count in report.counts.items()} == {
        "sign_ins": 2,
        **{file: len(lines) - 1 for file, lines in FILES.items()},
    }
    line = Line.objects.select_related("account", "profile").get(reference="L2")
    assert (line.account.number, line.state, line.monthly_minor) == ("A1", "paused", 2900)
    assert line.profile.state == ProfileState.RELEASED
    assert line.as_of == datetime(2026, 10, 31, 16, tzinfo=UTC)
    bucket = BalanceBucket.objects.get(reference="B1")
    assert from_minor(bucket.amount_minor, "CNY").amount == Decimal("128.50")
    assert [p.reference for p in bucket.payments.order_by("reference")] == ["ch_1", "pi_2"]
    bill = Bill.objects.get(number="F2")
    assert bill.line is None
    assert [item.amount_minor for item in bill.items.all()] == [1499, -200]


def test_customers_can_reset_their_password_and_sign_in_but_have_none_yet(
    folder: ExportFolder,
) -> None:
    take_in(folder)
    user = User.objects.get(username="li.wei")
    assert not user.has_usable_password()
    assert not user.is_staff
    assert user.account.number == "A1"
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == (
        "li.wei@mail.example",
        True,
        True,
    )


def test_one_audit_row_says_how_many_and_nobodys_name(folder: ExportFolder) -> None:
    take_in(folder)
    row = AuditRow.objects.get()
    assert (row.event, row.stream, row.actor) == ("imported", "import", "cli")
    assert row.facts["lines_created"] == 3
    assert all(isinstance(value, int) for key, value in row.facts.items() if key != "as_of")


def test_a_second_import_changes_nothing_and_says_so(folder: ExportFolder) -> None:
    take_in(folder)
    before = everything()
    report = take_in(folder)
    assert not report.is_news
    assert all(count == Counts(unchanged=count.unchanged) for count in report.counts.values())
    assert everything() == before


def test_a_newer_export_with_the_same_facts_is_only_known_as_of_later(
    folder: ExportFolder,
) -> None:
    take_in(folder)
    folder.as_of(LATER)
    assert not take_in(folder).is_news
    moments = set(Line.objects.values_list("as_of", flat=True))
    assert moments == {datetime(2026, 11, 19, 16, tzinfo=UTC)}


CHANGES: list[tuple[str, int, str, str, Callable[[], object], object]] = [
    ("customers", 1, "name", "李维", lambda: Account.objects.get(number="A1").name, "李维"),
    ("customers", 1, "username", "lw", lambda: User.objects.get(account__number="A1").username, "lw"),
    ("lines", 1, "plan", "轻享", lambda: Line.objects.get(reference="L1").plan, "轻享"),
    ("lines", 1, "state", "paused", lambda: Line.objects.get(reference="L1").state, "paused"),
    ("profiles", 2, "state", "downloaded",
     lambda: Profile.objects.get(line__reference="L2").state, "downloaded"),
    ("devices", 1, "line", "", lambda: Device.objects.get().line, None),
    ("services", 1, "state", "ended",
     lambda: LinkedService.objects.get(reference="S1").state, "ended"),
    ("balances", 1, "amount", "0.00",
     lambda: BalanceBucket.objects.get(reference="B1").amount_minor, 0),
    ("payments", 1, "refunded", "30.00",
     lambda: Payment.objects.get(reference="ch_1").refunded_minor, 3000),
    ("bills", 2, "state", "paid", lambda: Bill.objects.get(number="F2").state, "paid"),
    ("bill_items", 2, "description", "国际漫游",
     lambda: BillItem.objects.get(bill__number="F1", position=2).description, "国际漫游"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "row", "column", "value", "now_is", "expected"), CHANGES)
def test_a_changed_cell_changes_one_row(
    folder: ExportFolder,
    file: str,
    row: int,
    column: str,
    value: str,
    now_is: Callable[[], object],
    expected: object,
) -> None:
    take_in(folder)
    folder.as_of(LATER)
    folder.set(file, row, column, value)
    report = take_in(folder)
    assert now_is() == expected
    assert sum(count.created for count in report.counts.values()) == 0
    kind = "sign_ins" if column == "username" else file
    assert {name for name, count in report.counts.items() if count.changed} == {kind}
    assert report.counts[kind].changed == 1


def test_an_item_that_left_its_bill_is_removed(folder: ExportFolder) -> None:
    take_in(folder)
    folder.as_of(LATER)
    folder.remove("bill_items", 2)
    folder.set("bills", 1, "total", "59.00")
    take_in(folder)
    assert [item.position for item in Bill.objects.get(number="F1").items.all()] == [1]


def test_rows_that_an_export_does_not_mention_stay(folder: ExportFolder) -> None:
    take_in(folder)
    folder.remove("services", 1)
    folder.remove("devices", 1)
    assert not take_in(folder).is_news
    assert LinkedService.objects.count() == 2
    assert Device.objects.count() == 1


@pytest.mark.parametrize("state", [LineState.CLOSING, LineState.CLOSED])
def test_what_signoff_closes_stays_so(folder: ExportFolder, state: LineState) -> None:
    take_in(folder)
    line = Line.objects.get(reference="L1")
    Line.objects.filter(pk=line.pk).update(state=state)
    Profile.objects.filter(line=line).update(state=ProfileState.DELETED)
    LinkedService.objects.filter(line=line).update(state=ServiceState.ENDED)
    folder.as_of(LATER)
    folder.set("lines", 1, "plan", "新套餐")
    take_in(folder)
    line.refresh_from_db()
    assert (line.state, line.plan) == (state, "新套餐")
    assert Profile.objects.get(line=line).state == ProfileState.DELETED
    assert not LinkedService.objects.filter(line=line, state=ServiceState.ACTIVE).exists()


def test_a_pause_that_a_customer_asked_for_outlives_an_import(folder: ExportFolder) -> None:
    take_in(folder)
    line = Line.objects.get(reference="L1")
    Line.objects.filter(pk=line.pk).update(state=LineState.PAUSED)
    Pause.objects.create(line=line, asked_at=NOW, until=NOW.date(), resume_at=NOW)
    folder.as_of(LATER)
    take_in(folder)
    line.refresh_from_db()
    assert line.state == LineState.PAUSED


def test_an_older_export_does_not_bring_back_old_facts(folder: ExportFolder) -> None:
    folder.as_of(LATER)
    folder.set("lines", 1, "plan", "新套餐")
    folder.set("bill_items", 1, "description", "新套餐")
    take_in(folder)
    old = ExportFolder(folder.directory)
    report = take_in(old)
    assert not report.is_news
    assert report.counts["lines"] == Counts(kept=3)
    assert Line.objects.get(reference="L1").plan == "新套餐"
    assert BillItem.objects.get(bill__number="F1", position=1).description == "新套餐"


def test_what_was_refunded_here_is_not_forgotten(folder: ExportFolder) -> None:
    take_in(folder)
    Payment.objects.filter(reference="ch_1").update(refunded_minor=9000)
    folder.as_of(LATER)
    take_in(folder)
    assert Payment.objects.get(reference="ch_1").refunded_minor == 9000


def test_a_closed_account_is_left_alone(folder: ExportFolder) -> None:
    take_in(folder)
    account = Account.objects.get(number="A1")
    close_account(account=account.pk, now=NOW)
    Account.objects.filter(pk=account.pk).update(name="")
    folder.as_of(LATER)
    folder.set("customers", 1, "email", "new@mail.example")
    report = take_in(folder)
    account.refresh_from_db()
    assert (account.name, account.email) == ("", "Li.Wei@mail.example")
    assert account.user is not None
    assert not account.user.is_active
    assert not EmailAddress.objects.filter(user=account.user).exists()
    assert report.counts["sign_ins"].kept == 1


def test_an_address_that_the_customer_changed_here_stays_until_the_carriers_changes(
    folder: ExportFolder,
) -> None:
    take_in(folder)
    user = User.objects.get(username="anna")
    User.objects.filter(pk=user.pk).update(email="private@mail.example")
    EmailAddress.objects.filter(user=user).update(email="private@mail.example")
    folder.as_of(LATER)
    take_in(folder)
    assert EmailAddress.objects.get(user=user).email == "private@mail.example"
    folder.set("customers", 2, "email", "anna.new@mail.example")
    take_in(folder)
    user.refresh_from_db()
    assert user.email == "anna.new@mail.example"
    assert EmailAddress.objects.get(user=user).email == "anna.new@mail.example"


def test_an_address_that_nobody_verified_stops_no_import(folder: ExportFolder) -> None:
    stranger = User.objects.create(username="stranger")
    EmailAddress.objects.create(user=stranger, email="li.wei@mail.example", verified=False)
    take_in(folder)
    assert EmailAddress.objects.get(email="li.wei@mail.example", verified=True).user != stranger


def test_two_lines_may_exchange_their_numbers(folder: ExportFolder) -> None:
    take_in(folder)
    folder.as_of(LATER)
    folder.set("lines", 1, "msisdn", "+8613800138003")
    folder.set("lines", 2, "msisdn", "+8613800138002")
    folder.set("profiles", 1, "iccid", "8986990000000158380")
    folder.set("profiles", 2, "iccid", "8986990000000079198")
    take_in(folder)
    assert Line.objects.get(reference="L1").msisdn == "+8613800138003"
    assert Line.objects.get(reference="L2").msisdn == "+8613800138002"
    assert Profile.objects.get(line__reference="L1").iccid == "8986990000000158380"


def test_a_try_counts_and_keeps_nothing(folder: ExportFolder) -> None:
    report = try_import(export=read_valid(folder.directory, now=NOW))
    assert report.counts["lines"].created == 3
    assert row_count() == 0


def test_every_row_is_counted_for_the_progress(folder: ExportFolder) -> None:
    export = read_valid(folder.directory, now=NOW)
    ticks: list[int] = []
    import_export(export=export, actor="cli", now=NOW, tick=ticks.append)
    first = sum(ticks)
    ticks.clear()
    import_export(export=export, actor="cli", now=NOW, tick=ticks.append)
    assert first == sum(ticks) == export.row_count


def grown(folder: ExportFolder, customers: int) -> None:
    """More customers, each with a line and a balance."""
    for number in range(customers):
        account, line = f"X{number}", f"XL{number}"
        name = f"x{number}"
        folder.add("customers", account, name, f"{name}@mail.example", "X", "DE", "en",
                   "Europe/Berlin", "EUR", "")  # fmt: skip
        folder.add("lines", line, account, f"+49171393{number:04d}", f"00102{number:010d}", "x",
                   "prepaid", "1.00", "EUR", "1", "2025-01-01", "active")  # fmt: skip
        folder.add("balances", f"XB{number}", account, line, "paid", "1.00", "EUR", "")


def test_the_number_of_queries_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    counted = []
    for place, size in enumerate((5, 60)):
        folder = ExportFolder(tmp_path / str(place))
        grown(folder, size)
        export = read_valid(folder.directory, now=NOW)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            try_import(export=export)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] < 60
