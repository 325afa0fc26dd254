"""The record: appended to, never changed, and checkable."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from pytest_django import DjangoAssertNumQueries
from typer.testing import CliRunner

from signoff.audit import triggers
from signoff.audit.events import Event
from signoff.audit.models import AuditRow
from signoff.audit.operations import record
from signoff.audit.queries import history
from signoff.audit.rules import GENESIS
from signoff.audit.verification import verify
from signoff.cli.audit import app
from signoff.kernel.errors import Conflict
from tests.record import NOON, write


@pytest.fixture
def unguarded(db: None) -> Iterator[None]:
    """The attacker who owns the database."""
    triggers.remove(connection)
    yield
    triggers.install(connection)


@pytest.mark.django_db
def test_rows_of_a_stream_form_a_chain_of_their_own() -> None:
    first, second = write("case:A", 2)
    (other,) = write("case:B", 1)

    assert (first.seq, first.previous) == (1, GENESIS)
    assert (second.seq, second.previous) == (2, first.digest)
    assert (other.seq, other.previous) == (1, GENESIS)
    assert [row.pk for row in history("case:A")] == [first.pk, second.pk]


@pytest.mark.django_db
def test_a_row_costs_one_select_and_one_insert(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    write("case:A", 3)
    with transaction.atomic(), django_assert_num_queries(2):
        record(event=Event.CASE_CLOSED, stream="case:A", at=NOON, actor="worker", facts={})


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_write_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(event=Event.CASE_CLOSED, stream="case:A", at=NOON, actor="worker", facts={})
    assert not AuditRow.objects.exists()


@pytest.mark.django_db
def test_it_refuses_a_time_without_zone() -> None:
    with pytest.raises(ValueError, match="aware"), transaction.atomic():
        naive = NOON.replace(tzinfo=None)
        record(event=Event.CASE_CLOSED, stream="case:A", at=naive, actor="worker", facts={})


@pytest.mark.django_db
def test_facts_that_are_not_flat_are_refused() -> None:
    facts = {"amount": 1.5}
    with pytest.raises(TypeError), transaction.atomic():
        record(event=Event.CASE_CLOSED, stream="case:A", at=NOON, actor="x", facts=facts)  # type: ignore[arg-type]
    assert not AuditRow.objects.exists()


@pytest.mark.django_db
def test_the_second_writer_of_a_place_is_told_that_it_was_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write("case:A", 1)
    # What a transaction sees that read before the other one committed: no last row.
    monkeypatch.setattr(AuditRow.objects, "filter", lambda **_: AuditRow.objects.none())
    with pytest.raises(Conflict), transaction.atomic():
        record(event=Event.CASE_CLOSED, stream="case:A", at=NOON, actor="worker", facts={})


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["update", "delete", "raw delete"])
def test_the_database_refuses_to_change_the_record(verb: str) -> None:
    write("case:A", 2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        if verb == "update":
            AuditRow.objects.filter(seq=1).update(actor="someone else")
        elif verb == "delete":
            AuditRow.objects.all().delete()
        else:
            connection.cursor().execute("DELETE FROM audit_auditrow")
    assert verify().rows == 2


@pytest.mark.django_db
@pytest.mark.parametrize("same", ["place", "id"])
def test_the_database_refuses_to_replace_a_row(same: str) -> None:
    (row,) = write("case:A", 1)
    pk, seq = (row.pk, 9) if same == "id" else (row.pk + 1, 1)
    columns = "(id, stream, seq, at, event, actor, facts, previous, digest)"
    values = "(%s, 'case:A', %s, %s, 'case_closed', 'x', '{}', '', '')"
    if connection.vendor == "sqlite":
        statement = f"INSERT OR REPLACE INTO audit_auditrow {columns} VALUES {values}"  # noqa: S608 - fixed words
    else:
        key = "id" if same == "id" else "stream, seq"
        statement = (
            f"INSERT INTO audit_auditrow {columns} VALUES {values}"  # noqa: S608 - fixed words
            f" ON CONFLICT ({key}) DO UPDATE SET actor = 'x'"
        )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement, [pk, seq, NOON])
    assert verify().broken == ()


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_never_fork_a_chain() -> None:
    writers = 4
    gate = Barrier(writers)

    def append(number: int) -> bool:
        try:
            gate.wait(10)
            with transaction.atomic():
                record(
                    event=Event.CASE_TAKEN,
                    stream="case:A",
                    at=NOON,
                    actor=f"reviewer:{number}",
                    facts={},
                )
        except Conflict:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(writers) as pool:
        written = sum(pool.map(append, range(writers)))
    assert 1 <= written <= writers
    found = verify()
    assert (found.rows, found.broken) == (written, ())


@pytest.mark.django_db(transaction=True)
def test_truncate_is_refused_too_and_the_flush_after_a_test_still_works() -> None:
    write("case:A", 1)
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute("TRUNCATE audit_auditrow")
    assert triggers.missing(connection) == ()


@pytest.mark.django_db
def test_an_untouched_record_verifies() -> None:
    write("case:A", 5)
    write("case:B", 3)
    found = verify()
    assert (found.rows, found.streams, found.broken) == (8, 2, ())


@pytest.mark.django_db
def test_the_zone_in_which_a_time_was_given_changes_nothing() -> None:
    with transaction.atomic():
        beijing = NOON.astimezone(timezone(timedelta(hours=8)))
        record(event=Event.CASE_CLOSED, stream="case:A", at=beijing, actor="worker", facts={})
    assert verify().broken == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("facts", {"step": 99}),
        ("actor", "user:8"),
        ("event", "case_closed"),
        ("at", NOON - timedelta(days=1)),
        ("digest", "f" * 64),
        ("previous", "f" * 64),
    ],
)
def test_verify_names_a_changed_row(unguarded: None, column: str, value: object) -> None:
    write("case:A", 4)
    AuditRow.objects.filter(stream="case:A", seq=3).update(**{column: value})
    (broken,) = verify().broken
    assert (broken.stream, broken.seq) == ("case:A", 3)


@pytest.mark.django_db
def test_verify_names_the_row_after_a_gap(unguarded: None) -> None:
    write("case:A", 4)
    AuditRow.objects.filter(seq=2).delete()
    (broken,) = verify().broken
    assert broken.seq == 3
    assert "row 2 is missing" in broken.what


@pytest.mark.django_db
def test_verify_notices_a_missing_beginning(unguarded: None) -> None:
    write("case:A", 3)
    AuditRow.objects.filter(seq=1).delete()
    AuditRow.objects.filter(seq=2).update(seq=1)
    AuditRow.objects.filter(seq=3).update(seq=F("seq") - 1)
    (broken,) = verify().broken
    assert broken.seq == 1


@pytest.mark.django_db
def test_each_broken_chain_is_named_once(unguarded: None) -> None:
    for stream in ("case:A", "case:B", "case:C"):
        write(stream, 3)
    AuditRow.objects.exclude(stream="case:B").update(actor="x")
    assert [(row.stream, row.seq) for row in verify().broken] == [("case:A", 1), ("case:C", 1)]


@pytest.mark.django_db
def test_the_command_says_that_all_is_well() -> None:
    write("case:A", 2)
    result = CliRunner().invoke(app, ["verify"])
    assert result.exit_code == 0
    assert "2 rows in 1 chains" in result.output


@pytest.mark.django_db
def test_the_command_names_the_broken_row_and_the_missing_triggers(unguarded: None) -> None:
    write("case:A", 2)
    AuditRow.objects.filter(seq=2).update(actor="user:8")
    result = CliRunner().invoke(app, ["verify"])
    assert result.exit_code == 1
    assert "case:A, row 2" in result.output
    for table in triggers.GUARDED:
        for name in triggers.guards(connection.vendor, table):
            assert name in result.output
