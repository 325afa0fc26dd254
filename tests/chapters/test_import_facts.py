"""What an export may leave out is taken in, kept current, and never undoes what was done here."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from signoff.accounts.importing.merging import Counts
from signoff.accounts.models import Account
from signoff.config import policies
from signoff.intake.operations import BadExport, Report, import_export, read_valid, try_import
from signoff.settlement.models import (
    BalanceBucket,
    Bill,
    BillItem,
    BillPayment,
    Credit,
    Dispute,
    EarlyTerminationFee,
    Payment,
    Stay,
    Usage,
)
from signoff.settlement.operations import book_final_bill
from signoff.settlement.queries import facts_for
from signoff.settlement.rules import SettlementResult, settle
from signoff.settlement.unusual import marks_for
from tests.exports import FACTS, ExportFolder
from tests.importing import LATER, NOW, take_in
from tests.world import customer, submitted

pytestmark = pytest.mark.django_db

BOOM = Path(__file__).parents[2] / "examples" / "boom"


@pytest.fixture
def folder(tmp_path: Path) -> ExportFolder:
    made = ExportFolder(tmp_path / "export")
    made.tell_more()
    return made


def taken_in_later(folder: ExportFolder) -> Report:
    folder.as_of(LATER)
    return take_in(folder)


def refused(folder: ExportFolder) -> list[tuple[str, int, str, str]]:
    with pytest.raises(BadExport) as bad:
        taken_in_later(folder)
    return [(p.place.file, p.place.line, p.place.column, p.code) for p in bad.value.problems]


def test_all_of_it_becomes_rows_and_a_second_time_changes_nothing(folder: ExportFolder) -> None:
    report = take_in(folder)
    assert {kind: report.counts[kind].created for kind in FACTS} == {
        kind: len(lines) - 1 for kind, lines in FACTS.items()
    }
    anna = Account.objects.get(number="A2")
    assert (anna.tax_ppm, anna.prices_include_tax) == (190_000, False)
    use = Usage.objects.select_related("line").get(reference="U1")
    assert (use.line.reference, use.amount_minor, use.billed_by_case) == ("L1", 828, None)
    assert use.used_at == datetime(2026, 10, 30, 13, 5, tzinfo=UTC)
    credit = Credit.objects.get(reference="C2")
    assert (credit.kind, credit.amount_minor, credit.expires_on) == (
        "coupon",
        500,
        date(2026, 12, 31),
    )
    fees = EarlyTerminationFee.objects.order_by("first_day").values_list("amount_minor", "is_taxed")
    assert list(fees) == [(12_000, False), (6_000, False)]
    assert Stay.objects.values_list("country", "last_day").get() == ("JP", date(2026, 9, 10))
    item = BillItem.objects.get(bill__number="F1", position=2)
    assert (item.kind, item.country, item.first_day) == ("roaming", "JP", date(2026, 9, 4))
    again = taken_in_later(folder)
    assert not again.is_news
    assert all(count == Counts(unchanged=count.unchanged) for count in again.counts.values())


def test_what_a_later_export_leaves_out_altogether_stays_as_it_is(folder: ExportFolder) -> None:
    take_in(folder)
    plain = ExportFolder(folder.directory)
    for file in FACTS:
        plain.path(file).unlink()
    report = taken_in_later(plain)
    assert not report.is_news
    assert not set(FACTS) & set(report.counts)
    assert Account.objects.get(number="A2").tax_ppm == 190_000
    assert BillItem.objects.get(bill__number="F1", position=2).kind == "roaming"
    assert Usage.objects.count() == Credit.objects.count() == 2


def test_use_that_was_billed_and_credits_that_were_used_at_the_carrier_are_removed(
    folder: ExportFolder,
) -> None:
    take_in(folder)
    folder.remove("usage", 1)
    folder.remove("credits", 1)
    folder.remove("termination_fees", 1)
    folder.remove("stays", 1)
    report = taken_in_later(folder)
    assert report.is_news
    assert {kind: report.counts[kind].removed for kind in FACTS} == {
        "usage": 1,
        "credits": 1,
        "termination_fees": 1,
        "stays": 0,
    }
    assert [use.reference for use in Usage.objects.all()] == ["U2"]
    assert [credit.reference for credit in Credit.objects.all()] == ["C2"]
    assert Stay.objects.exists()


def test_an_older_export_does_not_bring_back_use_that_was_billed_since(
    folder: ExportFolder,
) -> None:
    folder.remove("usage", 1)
    folder.remove("credits", 1)
    taken_in_later(folder)
    old = ExportFolder(folder.directory)
    old.tell_more()
    report = take_in(old)
    assert not report.is_news
    assert report.counts["usage"] == Counts(kept=2)
    assert Usage.objects.count() == Credit.objects.count() == 1


def test_what_a_closing_has_used_stays_used_and_as_it_was(folder: ExportFolder) -> None:
    take_in(folder)
    case = uuid4()
    Usage.objects.filter(reference="U1").update(billed_by_case=case)
    Credit.objects.filter(reference="C1").update(used_by_case=case)
    folder.set("usage", 1, "amount", "9.99")
    folder.set("credits", 1, "amount", "99.00")
    assert not taken_in_later(folder).is_news
    folder.remove("usage", 1)
    folder.remove("credits", 1)
    assert not take_in(folder).is_news
    use, credit = Usage.objects.get(reference="U1"), Credit.objects.get(reference="C1")
    assert (use.amount_minor, use.billed_by_case) == (828, case)
    assert (credit.amount_minor, credit.used_by_case) == (1500, case)


def test_a_balance_that_a_closing_took_does_not_come_back(folder: ExportFolder) -> None:
    take_in(folder)
    taken = BalanceBucket.objects.filter(reference="B1")
    taken.update(amount_minor=1000, spent_by_case=uuid4())
    assert not taken_in_later(folder).is_news  # the carrier still says 128.50
    assert taken.get().amount_minor == 1000
    folder.set("balances", 1, "amount", "4.00")
    take_in(folder)
    assert taken.get().amount_minor == 400


def test_a_balance_keeps_its_own_currency(folder: ExportFolder) -> None:
    folder.set("balances", 2, "currency", "JPY")
    folder.set("balances", 2, "amount", "2000")
    take_in(folder)
    bucket = BalanceBucket.objects.get(reference="B2")
    assert (bucket.amount_minor, bucket.currency) == (2000, "JPY")
    assert BalanceBucket.objects.get(reference="B1").currency == ""
    folder.set("balances", 2, "currency", "CNY")
    assert refused(folder) == [("balances.csv", 3, "currency", "fixed")]


def test_a_bill_that_was_paid_here_stays_paid_until_it_is_for_more(folder: ExportFolder) -> None:
    take_in(folder)
    bill = Bill.objects.filter(number="F2")
    bill.update(paid_minor=1000, credited_minor=299, state="paid")
    assert not taken_in_later(folder).is_news
    assert bill.get().state == "paid"
    folder.add("bill_items", "F2", "3", "Calls", "5.00", "usage", "", "", "")
    folder.set("bills", 2, "total", "17.99")
    take_in(folder)
    assert (bill.get().state, bill.get().left_minor) == ("unpaid", 500)
    folder.set("bills", 2, "state", "paid")
    take_in(folder)
    assert (bill.get().state, bill.get().paid_minor) == ("paid", 1000)


def test_a_bill_that_was_paid_in_part_here_still_follows_the_carrier(folder: ExportFolder) -> None:
    take_in(folder)
    Bill.objects.filter(number="F2").update(paid_minor=1000)
    taken_in_later(folder)
    assert Bill.objects.get(number="F2").left_minor == 299
    folder.set("bills", 2, "state", "paid")
    take_in(folder)
    assert Bill.objects.get(number="F2").left_minor == 0


def test_a_bill_with_a_disputed_item_keeps_its_items_and_its_total(folder: ExportFolder) -> None:
    take_in(folder)
    item = BillItem.objects.get(bill__number="F2", position=1)
    Dispute.objects.create(
        item=item,
        amount_minor=500,
        currency="EUR",
        reason="other",
        unpaid_minor=500,
        opened_at=NOW,
    )
    folder.remove("bill_items", 3)
    folder.set("bill_items", 3, "amount", "9.99")
    folder.set("bills", 2, "total", "9.99")
    folder.set("bills", 2, "due_on", "2026-10-31")
    report = taken_in_later(folder)
    bill = Bill.objects.get(number="F2")
    assert (bill.total_minor, bill.due_on) == (1299, date(2026, 10, 31))
    assert [one.amount_minor for one in bill.items.all()] == [1499, -200]
    assert report.counts["bill_items"] == Counts(unchanged=2, kept=1)


def test_a_payment_on_our_page_is_no_payment_into_a_balance_of_the_carriers(
    folder: ExportFolder,
) -> None:
    take_in(folder)
    BillPayment.objects.create(
        bill=Bill.objects.get(number="F2"),
        amount_minor=1299,
        currency="EUR",
        language="en",
        state="paid",
        paid_by="pi_bill",
        asked_at=NOW,
        changed_at=NOW,
    )
    Payment.objects.create(
        reference="pi_bill", bucket=None, amount_minor=1299, method="Visa", paid_at=NOW
    )
    folder.add("payments", "pi_bill", "B3", "12.99", "0", "EUR", "Visa", "2026-10-15T10:00:00Z")
    assert refused(folder) == [("payments.csv", 5, "payment", "paid_here")]
    assert Payment.objects.get(reference="pi_bill").bucket is None


def test_use_cannot_move_to_another_line(folder: ExportFolder) -> None:
    take_in(folder)
    folder.set("usage", 1, "line", "L2")
    assert refused(folder) == [("usage.csv", 2, "line", "fixed")]
    assert Usage.objects.get(reference="U1").line.reference == "L1"


def test_a_changed_fee_table_takes_the_place_of_the_old_one(folder: ExportFolder) -> None:
    take_in(folder)
    folder.write(
        "termination_fees",
        FACTS["termination_fees"][0] + "\nL3,2026-06-15,2026-12-31,100.00,EUR,yes\n",
    )
    report = taken_in_later(folder)
    assert report.counts["termination_fees"] == Counts(changed=1, removed=1)
    fee = EarlyTerminationFee.objects.get()
    assert (fee.last_day, fee.amount_minor, fee.is_taxed) == (date(2026, 12, 31), 10_000, True)


def test_the_sample_carrier_shows_what_a_last_bill_is_made_of() -> None:
    export = read_valid(BOOM, now=NOW)
    import_export(export=export, actor="cli", now=NOW)

    def settled(username: str) -> SettlementResult:
        account = Account.objects.get(user__username=username)
        lines = list(account.lines.all())
        policy = policies().for_country(account.country)
        last_day = date(2026, 11, 22)
        return settle(
            facts_for(account, lines, whole_account=True, last_day=last_day, policy=policy)
        )

    leon = settled("leon.hartmann")
    (unused,) = [part for part in leon.credits if part.code == "plan_unused_days"]
    assert unused.tax_minor
    assert leon.refund_minor == 3000 + unused.minor
    deng = settled("deng.li")
    assert [part.minor for part in deng.refunds if part.payment is None] == [20_000]
    yuki = settled("yuki.tanaka")
    assert yuki.currency == "JPY"
    assert {part.code for part in yuki.charges} == {"plan_by_days", "usage"}
    chloe = settled("chloe.bernard")
    assert {part.code for part in chloe.charges} >= {"early_termination_fee", "plan_by_days"}
    assert {part.code for part in chloe.credits} >= {"coupon_used"}
    assert (chloe.due_minor, chloe.refund_minor) == (0, 18_000 + 1_750 - 16_000 - 899)
    tian = settled("tian.hao")
    assert dict(tian.other_refunds) == {"JPY": 3000}
    assert {part.code for part in tian.charges} == {"unpaid_bill", "plan_by_days", "usage"}
    assert tian.due_minor > 0
    marks = marks_for(Account.objects.get(user__username="emma.brandt"))
    codes = sorted(mark.code for found in marks.values() for mark in found)
    assert codes == ["amount", "premium", "twice"]


def test_a_closing_that_takes_a_balance_is_noted_on_it() -> None:
    who = customer()
    case = submitted(who)
    book_final_bill(case=case.pk, account=who.account, step="final_bill", now=NOW)
    bucket = BalanceBucket.objects.get(account=who.account)
    assert (bucket.amount_minor, bucket.spent_by_case) == (0, case.pk)


def test_the_number_of_queries_does_not_grow_with_the_rows(folder: ExportFolder) -> None:
    counted = []
    for more in (3, 40):
        for n in range(more):
            folder.add("usage", f"X{more}-{n}", "L1", "短信", "0.10", "CNY", "2026-10-30T21:05:00Z")
            folder.add("credits", f"Y{more}-{n}", "A1", "", "coupon", "x", "1.00", "CNY", "")
        export = read_valid(folder.directory, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            try_import(export=export)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_every_row_is_counted_for_the_progress(folder: ExportFolder) -> None:
    export = read_valid(folder.directory, now=NOW)
    for _time in range(2):
        ticks: list[int] = []
        import_export(export=export, actor="cli", now=NOW, tick=ticks.append)
        assert sum(ticks) == export.row_count
