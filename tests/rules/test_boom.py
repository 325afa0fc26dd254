"""The sample carrier's export is what its script makes, and is as an operator's would be."""

import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import phonenumbers
import pytest
from stdnum import luhn

from signoff.accounts.demo_rows import StaffRow
from signoff.accounts.models import Role
from signoff.carrier_box.seed import fill
from signoff.carrier_box.store import BoxStore, Kind
from signoff.intake.export import MODELS, Export, read_export
from signoff.intake.rules import problems_of
from signoff.settlement.rules.unusual import ItemFacts, StayFacts, unusual_items
from signoff.sheets.table import Row, read_table

EXAMPLES = Path(__file__).parents[2] / "examples"
BOOM = EXAMPLES / "boom"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def export() -> Export:
    return read_export(BOOM)


def test_the_committed_files_are_what_the_script_makes(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, str(EXAMPLES / "make_boom.py"), str(tmp_path)], check=True, timeout=60
    )
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(made) == {*MODELS, "staff.csv", "export.toml"}
    for name, content in made.items():
        assert (BOOM / name).read_bytes() == content, f"{name}: run examples/make_boom.py"


def test_it_has_no_problems(export: Export) -> None:
    assert problems_of(export, now=NOW) == []
    staff = read_table((BOOM / "staff.csv").read_bytes(), file="staff.csv", model=StaffRow)
    assert staff.problems == ()
    assert {row.username: row.held for row in staff} == {
        "reviewer": (Role.REVIEWER,), "reviewer2": (Role.REVIEWER,),
        "finance": (Role.FINANCE,), "finance2": (Role.FINANCE,),
        "auditor": (Role.AUDITOR,), "hotline": (Role.HOTLINE,), "admin": (Role.ADMIN,),
    }  # fmt: skip
    assert len({row.totp_secret for row in staff}) == len(list(staff))


def test_customers_in_china_and_europe_and_japan_with_names_in_both_scripts(export: Export) -> None:
    customers = list(export.customers)
    assert len(customers) == 57
    by_country = Counter(row.country for row in customers)
    assert by_country["CN"] >= 20
    assert set(by_country) >= {"CN", "DE", "FR", "IT", "ES", "NL", "JP"}
    assert all((row.currency == "CNY") == (row.country == "CN") for row in customers)
    assert sum(1 for row in customers if "\u4e00" <= row.name[0] <= "\u9fff") >= 20
    assert sum(1 for row in customers if any("À" <= sign <= "ſ" for sign in row.name)) >= 15


def test_every_number_is_possible_and_valid_unless_kept_for_films(export: Export) -> None:
    numbers = [row.msisdn for row in export.lines]
    numbers += [row.contact_phone for row in export.customers if row.contact_phone]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        parsed = phonenumbers.parse(number)
        assert phonenumbers.is_possible_number(parsed)
        # ARCEP keeps +33 6 39 98 for fiction; the library's tables rightly call it unassigned.
        assert phonenumbers.is_valid_number(parsed) or number.startswith("+3363998")


def test_every_iccid_has_nineteen_digits_with_a_check_digit(export: Export) -> None:
    assert all(len(row.iccid) == 19 and luhn.is_valid(row.iccid) for row in export.profiles)


def test_it_has_the_variety_that_a_carrier_has(export: Export) -> None:
    assert {row.state for row in export.lines} == {"active", "paused", "closed"}
    assert {row.billing for row in export.lines} == {"prepaid", "advance", "arrears"}
    assert {row.state for row in export.profiles} >= {
        "released", "downloaded", "installed", "enabled", "disabled", "deleted",
    }  # fmt: skip
    assert {row.kind for row in export.balances} == {"paid", "promotional", "deposit"}
    assert any(row.amount == 0 for row in export.balances)
    assert {row.state for row in export.bills} == {"paid", "unpaid"}
    assert any(row.refunded for row in export.payments)
    assert max(Counter(row.bucket for row in export.payments).values()) == 2
    assert max(Counter(row.account for row in export.lines).values()) == 3
    assert {row.payment[:3] for row in export.payments} == {"ch_", "pi_"}


def test_money_that_was_paid_is_covered_by_its_payments(export: Export) -> None:
    left: defaultdict[str, Decimal] = defaultdict(Decimal)
    for payment in export.payments:
        left[payment.bucket] += payment.amount - payment.refunded
    for bucket in export.balances:
        if bucket.kind == "paid":
            assert bucket.amount <= left[bucket.bucket]


def test_the_first_customers_have_what_the_demo_shows(export: Export) -> None:
    account = {row.username: row.account for row in export.customers}
    lines = defaultdict(list)
    for line in export.lines:
        lines[line.account].append(line)
    profile = {row.line: row.state for row in export.profiles}
    first, second = lines[account["li.wei"]]
    assert (profile[first.line], profile[second.line]) == ("enabled", "released")
    assert sum(1 for row in export.services if row.line == first.line) == 3
    assert [(b.kind, b.amount) for b in export.balances if b.line == first.line] == [
        ("paid", Decimal("128.50")),
        ("promotional", Decimal("20.00")),
    ]
    assert {row.state for row in export.bills if row.account == account["li.wei"]} == {"paid"}
    anna = account["anna.schmidt"]
    due = sum(row.total for row in export.bills if row.account == anna and row.state == "unpaid")
    assert due > sum(row.amount for row in export.balances if row.account == anna)


def test_some_bills_have_what_looks_unusual_and_all_others_do_not(export: Export) -> None:
    account_of = {row.username: row.account for row in export.customers}
    bills = {row.bill: row for row in export.bills}
    items = [
        ItemFacts(
            key,
            row.bill,
            bills[row.bill].issued_on,
            bills[row.bill].line or "",
            row.kind,
            row.description,
            row.amount_minor(bills[row.bill].currency),
            row.position,
            row.country,
            row.first_day,
            row.last_day,
        )
        for key, row in enumerate(export.bill_items)
    ]
    stays = [StayFacts(s.line, s.country, s.first_day, s.last_day) for s in export.stays]
    marked: defaultdict[str, list[str]] = defaultdict(list)
    for key, marks in unusual_items(items, stays, currency="EUR").items():
        marked[bills[items[key].bill].account] += [mark.code for mark in marks]
    assert {account: sorted(codes) for account, codes in marked.items()} == {
        account_of["emma.brandt"]: ["amount", "premium", "twice"],
        account_of["pedro.almeida"]: ["roaming"],
        account_of["anna.schmidt"]: ["twice"],
    }


def test_the_last_customers_have_the_money_that_the_readme_promises(export: Export) -> None:
    account = {row.username: row.account for row in export.customers}
    lines = {row.line: row.account for row in export.lines}
    customers = {row.username: row for row in export.customers}
    plans = {row.account: row.billing for row in export.lines}
    leon, yuki = customers["leon.hartmann"], customers["yuki.tanaka"]
    assert (leon.tax_rate, leon.prices_include_tax) == (190_000, False)
    assert plans[leon.account] == "advance"
    assert yuki.currency == "JPY"
    emma = [row for row in export.bills if row.account == account["emma.brandt"]]
    assert [row.state for row in emma] == ["paid"] * 11 + ["unpaid"]
    paid_into = {row.bucket for row in export.payments}
    (deposit,) = [b for b in export.balances if b.kind == "deposit" and b.bucket not in paid_into]
    assert deposit.account == account["deng.li"]
    fees = [row.amount for row in export.fees if lines[row.line] == account["chloe.bernard"]]
    assert fees == sorted(fees, reverse=True)
    assert len(fees) == 3
    assert {(row.account, row.kind) for row in export.credits} == {
        (account["chloe.bernard"], kind) for kind in ("coupon", "credit_note")
    }
    assert {lines[row.line] for row in export.usage} == {
        account["tian.hao"], account["yuki.tanaka"],
    }  # fmt: skip
    tian = [b for b in export.balances if b.account == account["tian.hao"]]
    assert {(b.kind, b.currency) for b in tian} == {
        ("paid", "CNY"), ("promotional", "CNY"), ("paid", "JPY"),
    }  # fmt: skip


def test_the_carrier_box_is_filled_from_the_same_files(export: Export) -> None:
    store = BoxStore(None)
    fill(store, BOOM)
    assert set(store.all(Kind.PROFILES)) == {row.iccid for row in export.profiles}
    assert set(store.all(Kind.PAYMENTS)) == {row.payment for row in export.payments}
    assert set(store.all(Kind.SERVICES)) == {row.service for row in export.services}
    assert set(store.all(Kind.SUBSCRIBERS)) == {
        row.imsi for row in export.lines if row.state != "closed"
    }


def test_the_readme_names_every_file_and_column() -> None:
    readme = (BOOM / "README.md").read_text(encoding="utf-8")
    models: dict[str, type[Row]] = {**MODELS, "staff.csv": StaffRow}
    for file, model in models.items():
        section = readme.partition(f"\n## {file}\n")[2].partition("\n## ")[0]
        named = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
        assert named == list(model.model_fields), file
