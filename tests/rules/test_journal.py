"""What may stand together in an entry of the journal, and how it is told to beancount."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signoff.journal import beancount
from signoff.journal.rules import (
    MAX_CAUSE,
    MAX_POSTINGS,
    MOST_MINOR,
    OPEN_ITEMS,
    Account,
    BadEntry,
    BookedEntry,
    Difference,
    EntryKind,
    PostingLine,
    check_names,
    check_postings,
    differences,
    fault,
    totals,
)
from tests.peers.beancount import bean_check

CASE = UUID("5a0c3a57-4f3e-4a4e-9d1b-0d0f7a3f7c11")
LATE = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
CURRENCIES = ["JPY", "CNY", "EUR", "BHD"]
AMOUNTS = st.integers(-(10**12), 10**12).filter(bool)
LINES = st.lists(
    st.builds(PostingLine, st.sampled_from(list(Account)), AMOUNTS, st.sampled_from(CURRENCIES)),
    min_size=1,
    max_size=8,
)


def balanced(lines: list[PostingLine]) -> list[PostingLine]:
    """The same with what makes each currency zero."""
    rest = [PostingLine(Account.BANK, -sum_, code) for code, sum_ in totals(lines).items() if sum_]
    return lines + rest


ENTRIES = st.builds(
    lambda kind, case, step, at, lines: BookedEntry(
        cause=f"test:{uuid4()}",
        kind=kind.value,
        case=case,
        step=step,
        at=at,
        size=len(lines),
        postings=tuple((line.account.value, line.minor, line.currency) for line in lines),
    ),
    st.sampled_from(list(EntryKind)),
    st.uuids(),
    st.text(
        st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]),
        max_size=20,
    ),
    st.integers(0, 7 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    LINES.map(balanced).filter(lambda lines: len(lines) > 1),
)


@given(LINES)
def test_lines_are_taken_just_if_every_currency_adds_up_to_zero(lines: list[PostingLine]) -> None:
    is_entry = len(lines) > 1 and not any(totals(lines).values())
    if is_entry:
        check_postings(lines, case=CASE)
    else:
        with pytest.raises(BadEntry):
            check_postings(lines, case=CASE)


@given(LINES.map(balanced).filter(lambda lines: len(lines) > 1), st.randoms(), AMOUNTS)
def test_order_means_nothing_and_any_other_amount_is_refused(
    lines: list[PostingLine], random: Random, more: int
) -> None:
    random.shuffle(lines)
    check_postings(lines, case=CASE)
    other = replace(lines[0], minor=lines[0].minor + more)
    with pytest.raises(BadEntry):
        check_postings([other, *lines[1:]], case=CASE)


@given(LINES.map(balanced).filter(lambda lines: len(lines) > 1))
def test_two_currencies_are_never_added_to_each_other(lines: list[PostingLine]) -> None:
    other = "CNY" if lines[0].currency != "CNY" else "EUR"
    with pytest.raises(BadEntry, match="do not add up"):
        check_postings([replace(lines[0], currency=other), *lines[1:]], case=CASE)


def pair(minor: object = 100, currency: str = "CNY") -> list[PostingLine]:
    return [
        PostingLine(Account.BANK, minor, currency),  # type: ignore[arg-type]  # on purpose
        PostingLine(Account.BILLS, -minor, currency),  # type: ignore[operator]
    ]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([], "2 to"),
        (pair()[:1], "2 to"),
        (pair() * MAX_POSTINGS, "2 to"),
        (pair(0), "nothing"),
        (pair(1.5), "whole number"),
        (pair(True), "whole number"),
        (pair(MOST_MINOR + 1), "absurd"),
        (pair(currency="XYZ"), "not a currency"),
        (pair(currency="cny"), "not written as in ISO 4217, CNY"),
        ([*pair(), PostingLine(Account.BANK, 1, "EUR")], "EUR do not add up to zero: 1 remain"),
    ],
)
def test_what_is_no_entry_is_refused_with_the_reason(lines: list[PostingLine], why: str) -> None:
    with pytest.raises(BadEntry, match=why):
        check_postings(lines, case=CASE)


@pytest.mark.parametrize("account", sorted(OPEN_ITEMS))
def test_what_is_owed_under_a_case_or_in_transit_names_its_case(account: Account) -> None:
    lines = [PostingLine(account, 5, "EUR"), PostingLine(Account.BANK, -5, "EUR")]
    check_postings(lines, case=CASE)
    with pytest.raises(BadEntry, match="needs its case"):
        check_postings(lines, case=None)


@pytest.mark.parametrize("cause", ["refund:17:sent:1", f"final-bill:{CASE}", "dispute:a_b.c:2"])
def test_a_cause_is_made_of_ids(cause: str) -> None:
    check_names(cause=cause, step="final_bill")


@pytest.mark.parametrize(
    "cause",
    [
        "",
        "refund",
        "refund:",
        "Refund:1",
        "refund:a b",
        "mail:eve@example.com",
        "a:李伟",
        "a:1\n",
        "a:" + "x" * MAX_CAUSE,
    ],
)
def test_what_people_type_is_no_cause(cause: str) -> None:
    with pytest.raises(BadEntry):
        check_names(cause=cause, step="")


def stored(**changes: object) -> BookedEntry:
    postings = (("Assets:Bank", 100, "CNY"), ("Assets:Receivable:Bills", -100, "CNY"))
    entry = BookedEntry("bill:1:paid", "bill_paid", CASE, "", LATE, 2, postings)
    return replace(entry, **changes)  # type: ignore[arg-type]


def test_a_row_of_the_database_is_judged_without_trusting_it() -> None:
    first, second = stored().postings
    assert fault(stored()) == ""
    assert "3 postings and has 2" in fault(stored(size=3))
    assert "do not add up" in fault(stored(postings=(first, (second[0], -99, "CNY"))))
    assert "Assets:Pocket" in fault(stored(postings=(first, ("Assets:Pocket", -100, "CNY"))))
    assert "theft" in fault(stored(kind="theft"))
    assert "no cause" in fault(stored(cause="Eve"))
    assert "needs its case" in fault(
        stored(case=None, postings=(first, ("Liabilities:Closing", -100, "CNY")))
    )


def test_a_case_differs_if_either_side_knows_more() -> None:
    one, two, three = (UUID(int=n) for n in (1, 2, 3))
    mine = {(one, "CNY"): -100, (two, "CNY"): -5, (two, "EUR"): -7}
    theirs = {(one, "CNY"): -100, (two, "EUR"): -8, (three, "JPY"): -1}
    assert differences(mine, theirs) == [
        Difference(two, "CNY", -5, 0),
        Difference(two, "EUR", -7, -8),
        Difference(three, "JPY", 0, -1),
    ]
    assert differences(mine, mine) == []


def test_the_day_is_the_operators_and_the_places_are_the_currencys() -> None:
    entry = stored(
        size=6,
        step="refund 1",
        postings=tuple(
            (account, sign * minor, code)
            for minor, code in ((5, "JPY"), (1250, "EUR"), (1, "BHD"))
            for account, sign in (("Assets:Bank", 1), ("Income:Fees", -1))
        ),
    )
    assert beancount.transaction(entry, zone=ZoneInfo("Asia/Shanghai")).splitlines() == [
        '2026-11-23 * "Bill paid"',
        '  cause: "bill:1:paid"',
        f'  case: "{CASE}"',
        '  kind: "bill_paid"',
        '  step: "refund 1"',
        '  at: "2026-11-23T07:30:00+08:00"',
        "  Assets:Bank  5 JPY",
        "  Income:Fees  -5 JPY",
        "  Assets:Bank  12.50 EUR",
        "  Income:Fees  -12.50 EUR",
        "  Assets:Bank  0.001 BHD",
        "  Income:Fees  -0.001 BHD",
    ]


def test_what_nobody_knows_is_not_written() -> None:
    text = beancount.transaction(stored(case=None), zone=UTC)
    assert "case:" not in text and "step:" not in text


def test_every_kind_has_its_words() -> None:
    assert set(beancount.NARRATIONS) == set(EntryKind)


def test_beancount_accepts_whatever_can_be_booked(tmp_path: Path) -> None:
    collected: list[BookedEntry] = []

    @settings(max_examples=60, database=None)
    @given(ENTRIES)
    def collect(entry: BookedEntry) -> None:
        collected.append(entry)

    collect()
    file = tmp_path / "all.beancount"
    file.write_text("".join(beancount.text(collected, zone=UTC)), encoding="utf-8")
    assert len(collected) >= 60
    assert bean_check(file) == ""


def test_the_checker_would_have_said_something(tmp_path: Path) -> None:
    file = tmp_path / "bad.beancount"
    first, second = stored().postings
    bad = stored(postings=(first, (second[0], -99, "CNY")))
    file.write_text("".join(beancount.text([stored(), bad], zone=UTC)), encoding="utf-8")
    assert "does not balance" in bean_check(file)
