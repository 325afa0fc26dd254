"""The journal on a real database: written once for each cause, and read."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from pytest_django import DjangoAssertNumQueries

from signoff.journal import queries
from signoff.journal.models import Entry, Posting
from signoff.journal.operations import post
from signoff.journal.rules import Account, BadEntry, EntryKind, PostingLine
from signoff.kernel.errors import Conflict
from tests.booking import CASE, CAUSE, NOON, book, moved
from tests.racing import at_once


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
