"""What the database refuses to hold in its journal, whoever asks."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from signoff.journal.models import Entry, Posting
from tests.booking import book, raw_entry, raw_posting


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
