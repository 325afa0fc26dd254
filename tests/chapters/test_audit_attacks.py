"""Somebody who owns the database changes the record: `verify` names the first place."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection, transaction

from signoff.audit import checkpoints, triggers
from signoff.audit.models import AuditRow, Checkpoint, CheckpointHead, Growth
from signoff.audit.rules import digest_of
from tests.record import NOON, named, sign, verified, write

KEY = Ed25519PrivateKey.generate()


@pytest.fixture
def unguarded(db: None) -> Iterator[None]:
    """The attacker who owns the database: no guards are in the way."""
    triggers.remove(connection)
    yield
    CheckpointHead.objects.exclude(checkpoint__in=Checkpoint.objects.all()).delete()
    connection.check_constraints()  # PostgreSQL makes no triggers before what is due is checked
    triggers.install(connection)


@pytest.mark.django_db
def test_the_newest_rows_of_a_chain_are_missed(unguarded: None) -> None:
    write("case:A", 5)
    write("case:B", 1)
    sign(KEY)
    AuditRow.objects.filter(stream="case:A", seq__gt=3).delete()
    (broken,) = verified(KEY).broken
    assert (broken.stream, broken.seq) == ("case:A", 4)
    assert "missing" in broken.what and "checkpoint 1" in broken.what


@pytest.mark.django_db
def test_a_whole_chain_is_missed(unguarded: None) -> None:
    write("case:A", 2)
    write("case:B", 2)
    sign(KEY)
    AuditRow.objects.filter(stream="case:A").delete()
    assert named(KEY) == [("case:A", 1)]


@pytest.mark.django_db
def test_a_chain_that_was_written_anew_with_right_digests_is_noticed(unguarded: None) -> None:
    write("case:A", 3)
    sign(KEY)
    previous = AuditRow.objects.get(seq=1).digest
    for row in AuditRow.objects.filter(seq__gt=1).order_by("seq"):
        row.previous, row.actor = previous, "user:8"
        columns = ("stream", "seq", "at", "event", "actor", "facts", "previous")
        row.digest = previous = digest_of(**{name: getattr(row, name) for name in columns})
        row.save()
    (broken,) = verified(KEY).broken
    assert (broken.stream, broken.seq) == ("case:A", 3)
    assert "anew" in broken.what


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("with_heads", [True, False])
def test_a_removed_checkpoint_is_missed(unguarded: None, number: int, with_heads: bool) -> None:
    for _ in range(3):
        write("case:A")
        sign(KEY)
    if with_heads:
        CheckpointHead.objects.filter(checkpoint=number).delete()
    Checkpoint.objects.filter(number=number)._raw_delete(using="default")
    # Of the newest nothing is left but rows that nobody vouches for.
    expected = ("case:A", 3) if with_heads and number == 3 else ("checkpoints", number)
    assert named(KEY)[0] == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("rows", 1),
        ("at", NOON - timedelta(days=1)),
        ("root", "0" * 64),
        ("previous", "1" * 64),
        ("heads", 3),
        ("digest", "f" * 64),
        ("signature", "f" * 128),
    ],
)
def test_a_changed_checkpoint_is_named(unguarded: None, column: str, value: object) -> None:
    for stream in ("case:A", "case:B"):
        write(stream)
        sign(KEY)
    Checkpoint.objects.filter(number=2).update(**{column: value})
    assert named(KEY)[0] == ("checkpoints", 2)


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"seq": 1}, {"since": 1}, {"proof": []}, {"proof": ["zz"]}, {}])
def test_what_a_checkpoint_says_of_a_chain_cannot_be_changed(
    unguarded: None, change: dict[str, object]
) -> None:
    write("case:A", 2)
    write("case:B")
    sign(KEY)
    heads = CheckpointHead.objects.filter(stream="case:A")
    if change:
        heads.update(**change)
    else:
        heads.delete()
    assert named(KEY)[0] == ("checkpoints", 1)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_checkpoint", "audit_checkpointhead"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET digest = ''"])
def test_the_database_refuses_to_change_checkpoints(table: str, statement: str) -> None:
    write("case:A")
    sign(KEY)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement.format(table))


@pytest.mark.django_db
def test_a_row_that_nobody_vouches_for_is_named() -> None:
    write("case:A", 2)
    Growth.objects.all().delete()
    assert named(KEY) == [("case:A", 2)]


@pytest.mark.django_db
def test_a_broken_chain_is_left_out_and_the_others_are_covered(unguarded: None) -> None:
    write("case:A", 3)
    write("case:B", 2)
    AuditRow.objects.filter(stream="case:A", seq=2).update(actor="user:8")
    made = checkpoints.make(key=KEY, trusted=(), now=NOON)
    assert made.left_out == ("case:A",)
    assert made.checkpoint is not None and made.checkpoint.rows == 2
    assert [row.stream for row in Growth.objects.all()] == ["case:A"]
    assert named(KEY) == [("case:A", 2)]
