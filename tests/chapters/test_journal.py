"""The journal on a real database: balanced, append-only, once for each cause."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from pytest_django import DjangoAssertNumQueries
from typer.testing import CliRunner, Result

from signoff.cli.journal import app
from signoff.journal import queries, triggers
from signoff.journal.models import Entry, Posting
from signoff.journal.operations import post
from signoff.journal.rules import Account, BadEntry, EntryKind, PostingLine
from signoff.kernel.errors import Conflict
from signoff.settlement.models import Refund, RefundState, Settlement
from tests.racing import at_once

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CASE = UUID("5a0c3a57-4f3e-4a4e-9d1b-0d0f7a3f7c11")
CAUSE = "case:1:final_bill"


def moved(minor: int = 1000, *, frm: Account = Account.CLOSING) -> list[PostingLine]:
    """So much is owed under a case that was a balance before."""
    return [
        PostingLine(Account.BALANCES_PAID, minor, "CNY"),
        PostingLine(frm, -minor, "CNY"),
    ]


def book(
    cause: str = CAUSE,
    lines: list[PostingLine] | None = None,
    *,
    kind: EntryKind = EntryKind.FINAL_BILL,
    case: UUID | None = CASE,
    step: str = "",
    now: datetime = NOON,
) -> Entry:
    with transaction.atomic():
        return post(
            cause=cause, kind=kind, postings=lines or moved(), now=now, case=case, step=step
        )


@pytest.fixture
def unguarded(db: None) -> Iterator[None]:
    """The attacker who owns the database."""
    triggers.remove(connection)
    yield
    triggers.install(connection)


# Writing


@pytest.mark.django_db
def test_an_entry_is_written_with_its_postings_in_their_order() -> None:
    entry = book(step="final_bill")
    (read,) = queries.entries_of(CASE)
    assert (read.pk, read.kind, read.step, read.size) == (entry.pk, "final_bill", "final_bill", 2)
    assert [(p.account, p.amount_minor, p.currency) for p in read.postings.all()] == [
        ("Liabilities:Balances:Paid", 1000, "CNY"),
        ("Liabilities:Closing", -1000, "CNY"),
    ]


@pytest.mark.django_db
def test_an_entry_costs_one_select_and_two_inserts(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with transaction.atomic(), django_assert_num_queries(5):  # with savepoint and its release
        post(cause=CAUSE, kind=EntryKind.FINAL_BILL, postings=moved(), now=NOON, case=CASE)


@pytest.mark.django_db
def test_the_same_again_gives_the_entry_that_is_there() -> None:
    first = book()
    again = book(lines=moved()[::-1], now=NOON + timedelta(days=1))
    assert (again.pk, again.at) == (first.pk, NOON)
    assert Posting.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("other", ["amount", "account", "kind", "case", "step"])
def test_the_same_cause_with_other_content_is_a_conflict(other: str) -> None:
    book()
    with pytest.raises(Conflict, match=CAUSE):
        match other:
            case "amount":
                book(lines=moved(999))
            case "account":
                book(lines=moved(frm=Account.CREDITS))
            case "kind":
                book(kind=EntryKind.CORRECTION)
            case "case":
                book(case=uuid4())
            case _:
                book(step="other")
    assert Posting.objects.count() == 2


def test_it_refuses_to_write_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        post(cause=CAUSE, kind=EntryKind.FINAL_BILL, postings=moved(), now=NOON, case=CASE)


@pytest.mark.django_db
def test_what_is_no_entry_leaves_no_trace() -> None:
    with pytest.raises(BadEntry):
        book(lines=[*moved(), PostingLine(Account.TAX, 1, "CNY")])
    with pytest.raises(BadEntry):
        book(cause="mail:eve@example.com")
    with pytest.raises(ValueError, match="aware"):
        book(now=NOON.replace(tzinfo=None))
    assert not Entry.objects.exists() and not Posting.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_with_one_cause_one_is_written() -> None:
    same = at_once(*(book for _ in range(4)))
    assert len({entry.pk for entry in same}) == 1
    assert (Entry.objects.count(), Posting.objects.count()) == (1, 2)

    ends = at_once(*(lambda n=n: book("case:2:final_bill", moved(n)) for n in (1, 2, 3)))
    assert sum(isinstance(end, Entry) for end in ends) == 1
    assert sum(isinstance(end, Conflict) for end in ends) == 2


# What the database refuses, whoever asks


def raw_posting(entry: UUID, position: int, minor: int, currency: str = "CNY") -> None:
    Posting.objects.create(
        entry_id=entry,
        position=position,
        account="Assets:Bank",
        amount_minor=minor,
        currency=currency,
    )


def raw_entry(entry: UUID, size: int, **changes: str) -> None:
    row = {"cause": "raw:1", "kind": "correction", **changes}
    Entry.objects.create(id=entry, case=CASE, at=NOON, size=size, **row)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("postings", "size", "why"),
    [
        ([], 2, "comes after all of its postings"),
        ([(1, "CNY")], 1, "comes after all of its postings"),
        ([(1, "CNY"), (-1, "CNY")], 3, "comes after all of its postings"),
        ([(1, "CNY"), (-1, "CNY"), (2, "CNY"), (-2, "CNY")], 2, "comes after all"),
        ([(1, "CNY"), (-2, "CNY")], 2, "do not add up to zero"),
        ([(1, "CNY"), (-1, "EUR")], 2, "do not add up to zero"),
    ],
)
def test_the_database_refuses_an_entry_that_is_none(
    postings: list[tuple[int, str]], size: int, why: str
) -> None:
    entry = uuid4()
    with pytest.raises(IntegrityError, match=why), transaction.atomic():
        for position, (minor, currency) in enumerate(postings):
            raw_posting(entry, position, minor, currency)
        raw_entry(entry, size)


@pytest.mark.django_db
def test_the_places_of_an_entry_have_no_gap() -> None:
    entry = uuid4()
    with pytest.raises(IntegrityError, match="comes after all"), transaction.atomic():
        raw_posting(entry, 0, 1)
        raw_posting(entry, 2, -1)
        raw_entry(entry, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("account", "kind", "minor"),
    [
        ("Assets:Pocket", "correction", 1),
        ("Assets:Bank", "theft", 1),
        ("Assets:Bank", "correction", 0),
        ("Assets:Bank", "correction", 10**16),
    ],
)
def test_the_database_knows_the_chart_the_kinds_and_sane_amounts(
    account: str, kind: str, minor: int
) -> None:
    entry = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        for position, signed in enumerate((minor, -minor)):
            Posting.objects.create(
                entry_id=entry,
                position=position,
                account=account,
                amount_minor=signed,
                currency="CNY",
            )
        raw_entry(entry, 2, kind=kind)


@pytest.mark.django_db
def test_the_database_closes_an_entry_that_is_written() -> None:
    entry = book()
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        raw_posting(entry.pk, 2, 5)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["journal_entry", "journal_posting"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "orm update", "orm delete"]
)
def test_the_database_refuses_to_change_or_remove(table: str, statement: str) -> None:
    book()
    rows = Entry.objects if table == "journal_entry" else Posting.objects
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        if statement == "orm update":
            rows.update(**({"step": "x"} if table == "journal_entry" else {"amount_minor": 7}))
        elif statement == "orm delete":
            rows.all()._raw_delete("default")  # past on_delete
        else:
            connection.cursor().execute(statement.format(table))
    assert (Entry.objects.count(), Posting.objects.count()) == (1, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "key"), [("journal_entry", "cause"), ("journal_posting", "entry_id, position")]
)
def test_the_database_refuses_to_replace_a_row(table: str, key: str) -> None:
    book()
    words = f"INTO {table} SELECT * FROM {table}"  # noqa: S608 - fixed words
    statement = f"INSERT OR REPLACE {words}"
    if connection.vendor == "postgresql":
        statement = f"INSERT {words} ON CONFLICT ({key}) DO UPDATE SET id = {table}.id"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.django_db
def test_the_database_holds_whole_minor_units_only() -> None:
    entry = uuid4()
    parts = [(entry, 0, 0.4), (entry, 1, -0.4)]
    with pytest.raises(IntegrityError), transaction.atomic():  # PostgreSQL rounds to nothing
        connection.cursor().executemany(
            "INSERT INTO journal_posting (entry_id, position, account, amount_minor, currency)"
            " VALUES (%s, %s, 'Assets:Bank', %s, 'CNY')",
            [(str(entry), position, minor) for entry, position, minor in parts],
        )


@pytest.mark.django_db
def test_the_database_refuses_to_be_emptied() -> None:
    book()
    connection.check_constraints()  # what waits for the commit would be in the way
    for table in ("journal_posting", "journal_entry"):
        emptied = f"TRUNCATE {table} CASCADE"
        if connection.vendor == "sqlite":
            emptied = f"DELETE FROM {table} WHERE 1"  # noqa: S608 - fixed words
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(emptied)


@pytest.mark.django_db(transaction=True)
def test_postings_are_committed_only_with_the_entry_that_they_were_written_for() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        raw_posting(uuid4(), 0, 5)

    entry = uuid4()
    slipped_in, committed = Event(), Event()

    def slip_in() -> None:
        with closing(connections["default"]), transaction.atomic():
            raw_posting(entry, 2, 7)
            raw_posting(entry, 3, -7)
            slipped_in.set()
            committed.wait(10)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            raw_posting(entry, 0, 5)
            raw_posting(entry, 1, -5)
            raw_entry(entry, 2)
            late = pool.submit(slip_in)
            if connection.vendor == "postgresql":  # SQLite lets nobody else write meanwhile
                assert slipped_in.wait(10)
        committed.set()
        with pytest.raises(IntegrityError, match="append-only"):
            late.result(30)
    assert Posting.objects.count() == 2


# Reading


@pytest.mark.django_db
def test_open_items_are_what_is_owed_or_in_transit_and_not_yet_settled(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    other = uuid4()
    book()
    book("case:2:final_bill", moved(70), case=other)
    sent = [
        PostingLine(Account.CLOSING, 70, "CNY"),
        PostingLine(Account.BANK_IN_TRANSIT, -70, "CNY"),
    ]
    book("refund:2:sent:1", sent, kind=EntryKind.REFUND_SENT, case=other)
    with django_assert_num_queries(1):
        assert queries.open_items() == {(CASE, "CNY"): -1000, (other, "CNY"): -70}
    paid = [PostingLine(Account.BANK_IN_TRANSIT, 70, "CNY"), PostingLine(Account.BANK, -70, "CNY")]
    book("refund:2:paid:1", paid, kind=EntryKind.REFUND_PAID, case=other)
    assert queries.open_items() == {(CASE, "CNY"): -1000}


@pytest.mark.django_db
def test_entries_are_read_in_batches_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "BATCH", 3)
    for number in (3, 1, 2, 5, 4):
        book(f"case:{number}:final_bill", moved(number), now=NOON + timedelta(hours=number))
    assert [entry.postings[0][1] for entry in queries.booked()] == [1, 2, 3, 4, 5]
    some = queries.booked(since=NOON + timedelta(hours=2), before=NOON + timedelta(hours=4))
    assert [entry.postings[0][1] for entry in some] == [2, 3]


@pytest.mark.django_db(transaction=True)
def test_reads_of_one_moment_do_not_see_what_is_booked_meanwhile() -> None:
    def book_more() -> None:
        with closing(connections["default"]):
            book()

    with ThreadPoolExecutor(1) as pool:
        with queries.one_moment():
            assert queries.open_items() == {}
            more = pool.submit(book_more)
            if connection.vendor == "postgresql":  # on SQLite it waits for us
                more.result(30)
            assert queries.open_items() == {}
        more.result(30)
    assert queries.open_items() == {(CASE, "CNY"): -1000}
    assert run("check").exit_code == 1
    assert triggers.missing(connection) == ()


# The commands


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def owe(minor: int, *, state: RefundState = RefundState.PLANNED) -> None:
    """As the chapter `settlement` has it: a final bill that is booked, and its refund."""
    Settlement.objects.create(
        case=CASE, digest="0" * 64, content={}, confirmed_at=NOON, booked_at=NOON
    )
    Refund.objects.create(
        case=CASE, position=0, amount_minor=minor, currency="CNY", state=state, changed_at=NOON
    )


@pytest.mark.django_db
def test_the_check_is_content_while_a_refund_is_under_way_and_after_it() -> None:
    book()
    owe(1000)
    result = run("check")
    assert result.exit_code == 0, result.output
    assert "1 entries with 2 postings read" in result.output

    paid = [PostingLine(Account.CLOSING, 1000, "CNY"), PostingLine(Account.BANK, -1000, "CNY")]
    book("refund:1:paid:1", paid, kind=EntryKind.REFUND_PAID)
    Refund.objects.update(state=RefundState.PAID)
    assert run("check").exit_code == 0


@pytest.mark.django_db
def test_the_check_names_each_case_that_differs() -> None:
    book()
    owe(900)
    result = run("check")
    assert result.exit_code == 1
    assert f"Case {CASE}: -10.00 CNY open in the journal, -9.00 CNY under way." in result.output


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["amount", "account", "removed", "added", "case", "orphaned"])
def test_the_check_finds_what_was_changed_behind_the_database(unguarded: None, what: str) -> None:
    entry = book(lines=moved(frm=Account.CREDITS))
    rows = Posting.objects.filter(entry=entry)
    if what == "amount":
        rows.filter(position=1).update(amount_minor=-999)
    elif what == "account":
        rows.filter(position=1).update(account=Account.CLOSING)
    elif what == "removed":
        rows.filter(position=1)._raw_delete("default")  # past on_delete
    elif what == "added":
        raw_posting(entry.pk, 2, 3)
        raw_posting(entry.pk, 3, -3)
    elif what == "case":
        book("case:2:final_bill", moved())
        Entry.objects.filter(cause="case:2:final_bill").update(case=None)
    else:
        rows.update(entry=uuid4())
    result = run("check")
    assert result.exit_code == 1
    named = {"account": f"Case {CASE}", "case": "case:2:final_bill", "orphaned": "no entry"}
    assert named.get(what, CAUSE) in result.output
    for trigger in triggers.triggers(connection.vendor):
        assert trigger.name in result.output
    if what == "orphaned":
        rows_left = Posting.objects.exclude(entry=entry)
        rows_left.update(entry=entry)  # or the end of the test would complain of them


@pytest.mark.django_db
def test_an_export_holds_the_days_that_were_asked_for(tmp_path: Path) -> None:
    for day in range(4):
        book(f"case:{day}:final_bill", moved(day + 1), now=NOON + timedelta(days=day))
    file = tmp_path / "journal.beancount"
    file.write_text("old")
    result = run("export", "--from", "2026-11-23", "--to", "2026-11-24", "--output", str(file))
    assert result.exit_code == 0, result.output
    text = file.read_text()
    assert [n for n in range(4) if f"case:{n}:final_bill" in text] == [1, 2]
    assert list(tmp_path.iterdir()) == [file]
    assert run("export").output.count(" * ") == 4


@pytest.mark.django_db
def test_a_failed_export_leaves_the_old_file_alone(unguarded: None, tmp_path: Path) -> None:
    book()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("ALTER TABLE journal_entry DROP CONSTRAINT journal_kind_known")
    Entry.objects.update(kind="theft")
    file = tmp_path / "journal.beancount"
    file.write_text("old")
    result = run("export", "--output", str(file))
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA ignore_check_constraints = OFF")
    assert result.exit_code == 1 and "theft" in result.output
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]
    assert run("export", "--output", str(tmp_path / "nowhere" / "x")).exit_code == 1
