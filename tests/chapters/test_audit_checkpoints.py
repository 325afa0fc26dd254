"""Checkpoints: what is gone from the record is noticed, and nothing is left out by being slow."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event as Signal

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from signoff.audit import checkpoints, seals, tree
from signoff.audit.events import Event
from signoff.audit.models import Checkpoint, Growth
from signoff.audit.operations import record
from signoff.kernel.errors import Conflict
from signoff.kernel.keys import key_id
from tests.record import NOON, named, sign, verified, write

KEY = Ed25519PrivateKey.generate()
STRANGER = Ed25519PrivateKey.generate()


@pytest.mark.django_db
def test_a_checkpoint_covers_the_chains_that_grew_since_the_one_before() -> None:
    write("case:A", 3)
    write("case:B", 1)
    first = sign(KEY)
    write("case:B", 2)
    second = sign(KEY)

    assert (first.number, first.rows, first.heads) == (1, 4, 2)
    assert (second.number, second.rows, second.heads) == (2, 6, 1)
    assert second.previous == first.digest
    (head,) = second.chains.all()
    assert (head.stream, head.since, head.seq) == ("case:B", 1, 3)
    found = verified(KEY)
    assert (found.rows, found.covered, found.checkpoints, found.broken) == (6, 6, 2, ())


@pytest.mark.django_db
def test_where_nothing_grew_nothing_is_signed() -> None:
    write("case:A")
    sign(KEY)
    made = checkpoints.make(key=KEY, trusted=(), now=NOON)
    assert made == checkpoints.Made(None, (), is_full=False)
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_chains_that_did_not_grow_cost_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        write(f"case:{number}")
    sign(KEY)
    write("case:7")
    # Begin, entries taken and deleted, the checkpoint before, what covers the chain, its rows, the
    # new checkpoint and its head, each between savepoints, and the end.
    with django_assert_num_queries(11):
        sign(KEY)


@pytest.mark.django_db
def test_many_rows_go_into_several_checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "LIMIT", 3)
    for stream in ("case:A", "case:B", "case:C"):
        write(stream, 3)
    made = checkpoints.make_all(key=KEY, trusted=(), now=NOON)
    assert [one.checkpoint is not None for one in made] == [True, True, True]
    found = verified(KEY)
    assert (found.covered, found.broken, Growth.objects.count()) == (9, (), 0)


# Whose signature


@pytest.mark.django_db
def test_a_checkpoint_of_another_key_is_no_checkpoint_of_ours() -> None:
    write("case:A")
    sign(STRANGER)
    (broken,) = verified(KEY).broken
    assert (broken.stream, broken.seq) == ("checkpoints", 1)
    assert key_id(STRANGER.public_key()) in broken.what


@pytest.mark.django_db
def test_nothing_is_built_on_a_checkpoint_of_another_key() -> None:
    write("case:A")
    sign(STRANGER)
    write("case:A")
    with pytest.raises(checkpoints.StrangeCheckpoint):
        sign(KEY)
    assert Growth.objects.count() == 1


@pytest.mark.django_db
def test_a_new_key_goes_on_where_the_former_one_ended() -> None:
    write("case:A")
    sign(STRANGER)
    write("case:A")
    sign(KEY, trusted={key_id(STRANGER.public_key())})
    assert named(KEY, STRANGER) == []
    assert named(KEY) == [("checkpoints", 1)]


# Others write meanwhile


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_a_row_of_a_slower_transaction_comes_in_the_next_checkpoint() -> None:
    written, go_on = Signal(), Signal()

    def slowly() -> None:
        try:
            with transaction.atomic():
                record(event=Event.CASE_TAKEN, stream="case:A", at=NOON, actor="x", facts={})
                written.set()
                assert go_on.wait(20)
        finally:
            written.set()
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(slowly)
        assert written.wait(20)
        write("case:B")  # has a higher id, and commits first
        first = sign(KEY)
        go_on.set()
        slow.result(20)
    assert [head.stream for head in first.chains.all()] == ["case:B"]
    assert named(KEY) == []
    assert [head.stream for head in sign(KEY).chains.all()] == ["case:A"]
    assert verified(KEY).covered == 2


@pytest.mark.django_db(transaction=True)
def test_checkpoints_and_rows_at_once_leave_nothing_out() -> None:
    def append(number: int) -> None:
        try:
            for _ in range(5):
                write(f"case:{number}")
        finally:
            connection.close()

    def checkpoint(_number: int) -> None:
        try:
            for _ in range(4):
                try:
                    checkpoints.make(key=KEY, trusted=(), now=NOON)
                except Conflict:
                    continue
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda job: job[0](job[1]),
                [(append, 1), (append, 2), (checkpoint, 1), (checkpoint, 2)],
            )
        )
    checkpoints.make_all(key=KEY, trusted=(), now=NOON)
    found = verified(KEY)
    assert (found.rows, found.covered, found.broken) == (10, 10, ())


# The moment of a checkpoint


@pytest.mark.django_db
def test_the_time_is_signed_whatever_the_zone_of_the_database() -> None:
    write("case:A")
    row = sign(KEY)
    again = Checkpoint.objects.get()
    assert isinstance(again.at, datetime)
    assert seals.digest(checkpoints.content_of(again)) == row.digest
    (head,) = again.chains.all()
    content = seals.head(stream=head.stream, since=0, seq=1, digest=head.digest)
    assert tree.root_from(tree.leaf(content), head.proof) == again.root
