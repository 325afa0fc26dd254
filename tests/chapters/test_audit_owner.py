"""The owner of the database, with SQL and without guards: `verify` names the first broken row, and
the program of docs/audit.md finds the same in an export that is made and signed afterwards."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from typer.testing import CliRunner

from signoff.audit import triggers
from signoff.audit.events import Event
from signoff.audit.export import NoJson, export
from signoff.audit.models import AuditRow, Checkpoint, CheckpointHead, Opening
from signoff.audit.operations import erase, record
from signoff.cli.audit import app
from signoff.kernel.keys import public_pem
from tests.docs.pages import ROOT, blocks
from tests.record import NOON, named, sign, verified, write

KEY = Ed25519PrivateKey.generate()
BOTH, SQLITE, POSTGRESQL = ("sqlite", "postgresql"), ("sqlite",), ("postgresql",)
(PROGRAM,) = (
    block.content
    for block in blocks(ROOT / "docs" / "audit.md")
    if block.language == "python check"
)


@pytest.fixture
def unguarded(db: None) -> Iterator[None]:
    """Three chains of four rows each, covered by two checkpoints; and no guards."""
    for _ in range(2):
        for stream in ("case:A", "case:B", "case:C"):
            write_on(stream, 2)
        sign(KEY)
    triggers.remove(connection)
    yield
    CheckpointHead.objects.exclude(checkpoint__in=Checkpoint.objects.all()).delete()
    connection.check_constraints()
    triggers.install(connection)


def write_on(stream: str, count: int) -> None:
    """Words that two normal forms of Unicode write differently, and a number."""
    with transaction.atomic():
        for step in range(count):
            record(
                event=Event.CASE_STARTED,
                stream=stream,
                at=NOON,
                actor=f"user:{step}",
                facts={"name": "Jos\u00e9", "step": step},
            )


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


# ruff: noqa: S608 - what an owner of the database types
_B3 = "WHERE stream = 'case:B' AND seq = 3"
_SET = "UPDATE audit_auditrow SET"
_COLUMNS = "stream, seq, at, event, actor, facts, previous, digest"

ATTACKS = [
    ("another actor", BOTH, [f"{_SET} actor = 'user:8' {_B3}"], ("case:B", 3)),
    ("a second later", SQLITE, [f"{_SET} at = '2026-11-22 12:00:01.123456' {_B3}"], ("case:B", 3)),
    ("no time", SQLITE, [f"{_SET} at = 'yesterday' {_B3}"], ("case:B", 3)),
    ("no time", POSTGRESQL, [f"{_SET} at = 'infinity' {_B3}"], ("case:B", 3)),
    ("no object", BOTH, [f"{_SET} facts = '[1]' {_B3}"], ("case:B", 3)),
    ("a tower", SQLITE, [f"{_SET} facts = '{'[' * 900}{']' * 900}' {_B3}"], ("case:B", 3)),
    (
        "a name twice",
        SQLITE,
        [f"""{_SET} facts = '{{"step": 9, ' || substr(facts, 2) {_B3}"""],
        ("case:B", 3),
    ),
    (
        "a number written otherwise",
        BOTH,
        [f"""{_SET} facts = '{{"name": "Jos\u00e9", "step": 0.0}}' {_B3}"""],
        ("case:B", 3),
    ),
    (
        "another normal form",
        BOTH,
        [f"""{_SET} facts = '{{"name": "Jose\u0301", "step": 0}}' {_B3}"""],
        ("case:B", 3),
    ),
    ("no letters", SQLITE, [f"{_SET} actor = CAST(x'75ff' AS TEXT) {_B3}"], ("case:B", 3)),
    ("no number", SQLITE, [f"{_SET} seq = 'three' {_B3}"], ("case:B", 4)),
    (
        "two rows swapped",
        BOTH,
        [
            f"{_SET} seq = 99 {_B3}",
            f"{_SET} seq = 3 WHERE stream = 'case:B' AND seq = 4",
            f"{_SET} seq = 4 WHERE stream = 'case:B' AND seq = 99",
        ],
        ("case:B", 3),
    ),
    (
        "two chains swapped",
        BOTH,
        [
            f"{_SET} stream = 'case:X' WHERE stream = 'case:B'",
            f"{_SET} stream = 'case:B' WHERE stream = 'case:C'",
            f"{_SET} stream = 'case:C' WHERE stream = 'case:X'",
        ],
        ("case:B", 1),
    ),
    (
        "a row of another chain put in at the end",
        BOTH,
        [
            f"INSERT INTO audit_auditrow ({_COLUMNS}) SELECT 'case:B', 5, at, event, actor, facts,"
            " previous, digest FROM audit_auditrow WHERE stream = 'case:A' AND seq = 4"
        ],
        ("case:B", 5),
    ),
    ("a row out of the middle", BOTH, [f"DELETE FROM audit_auditrow {_B3}"], ("case:B", 4)),
    (
        "the newest rows",
        BOTH,
        ["DELETE FROM audit_auditrow WHERE stream = 'case:B' AND seq > 2"],
        ("case:B", 3),
    ),
    ("a whole chain", BOTH, ["DELETE FROM audit_auditrow WHERE stream = 'case:B'"], ("case:B", 1)),
    (
        "a signature of another one",
        BOTH,
        [
            "UPDATE audit_checkpoint SET signature ="
            " (SELECT signature FROM audit_checkpoint WHERE number = 1) WHERE number = 2"
        ],
        ("checkpoints", 2),
    ),
    (
        "an old checkpoint in the place of the newest",
        BOTH,
        [
            f"UPDATE audit_checkpoint SET {column} ="
            f" (SELECT {column} FROM audit_checkpoint WHERE number = 1) WHERE number = 2"
            for column in ("at", "rows", "heads", "root", "previous", "digest", "signature")
        ],
        ("checkpoints", 2),
    ),
    (
        "no time of a checkpoint",
        SQLITE,
        ["UPDATE audit_checkpoint SET at = 'then' WHERE number = 2"],
        ("checkpoints", 2),
    ),
]


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize(
    ("where", "statements", "place"), [pytest.param(*one[1:], id=one[0]) for one in ATTACKS]
)
def test_what_the_owner_of_the_database_changes_is_named_here_and_by_a_stranger(
    where: tuple[str, ...], statements: list[str], place: tuple[str, int], tmp_path: Path
) -> None:
    if connection.vendor not in where:
        pytest.skip(f"only {where[0]} can hold it")
    assert checked(tmp_path) == ""
    sql(*statements)
    assert named(KEY)[0] == place
    assert "NOT AS IT WAS" in checked(tmp_path)


def checked(folder: Path) -> str:
    """What a stranger's program finds wrong in an export of now; "" if nothing is."""
    file, public = folder / "audit.jsonl", folder / "public.pem"
    public.write_text(public_pem(KEY.public_key()))
    content = BytesIO()
    try:
        export(file=content, key=KEY, now=NOON)
    except NoJson:
        return "NOT AS IT WAS: it cannot even be exported"
    file.write_bytes(content.getvalue())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["check.py", str(file), str(public)])
        try:
            exec(compile(PROGRAM, "check.py", "exec"), {})  # noqa: S102 - of our own page
        except SystemExit as ended:
            return str(ended.code)
    return ""


@pytest.mark.django_db
def test_of_a_name_that_stands_twice_postgresql_keeps_one() -> None:
    """So that there is nothing to find: SQLite keeps the text as it came."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps both: see the attacks")
    with connection.cursor() as cursor:
        cursor.execute("""SELECT CAST('{"step": 9, "step": 1}' AS jsonb)::text""")
        assert cursor.fetchone() == ('{"step": 1}',)


def refused() -> None:
    with transaction.atomic():
        record(
            event=Event.CASE_REFUSED,
            stream="case:A",
            at=NOON,
            actor="reviewer:3",
            facts={"reason": "x"},
            personal={"words": "Li Wei is not the owner"},
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_opening SET salt = '" + "0" * 64 + "'",
        "UPDATE audit_opening SET salt = 'zz'",
        "UPDATE audit_opening SET value = 'Wang Fang is not the owner'",
        "UPDATE audit_opening SET field = 'reason'",
        "DELETE FROM audit_opening",
    ],
)
def test_what_was_committed_to_cannot_be_changed_nor_disappear(statement: str) -> None:
    write("case:A")
    refused()
    sign(KEY)
    assert named(KEY) == []
    sql(statement)
    assert named(KEY) == [("case:A", 2)]


@pytest.mark.django_db
def test_the_first_of_two_broken_rows_is_named_whatever_is_wrong_with_them() -> None:
    for _ in range(3):
        refused()
    sql(
        "DELETE FROM audit_opening WHERE seq = 1",
        "UPDATE audit_opening SET value = '' WHERE seq = 2",
    )
    assert named() == [("case:A", 1)]
    triggers.remove(connection)
    sql(f"{_SET} actor = 'user:8' WHERE stream = 'case:A' AND seq = 3")
    triggers.install(connection)
    assert named() == [("case:A", 1)]


@pytest.mark.django_db
def test_a_recorded_erasure_accounts_for_what_was_before_it_only() -> None:
    refused()
    assert erase(stream="case:A", now=NOON, actor="cli") == 1
    assert named() == []
    refused()
    assert named() == []
    Opening.objects.all().delete()
    assert named() == [("case:A", 3)]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["audit_append_only", "audit_no_update", triggers.GROWTH])
def test_a_guard_of_the_same_name_that_does_nothing_is_no_guard(name: str) -> None:
    row = {
        "sqlite": {
            "audit_no_update": "BEFORE UPDATE ON audit_auditrow BEGIN SELECT 1; END",
            triggers.GROWTH: "AFTER INSERT ON audit_auditrow BEGIN SELECT 1; END",
        },
        "postgresql": {
            "audit_append_only": "BEFORE UPDATE OR DELETE ON audit_auditrow FOR EACH ROW"
            " WHEN (OLD.seq < 0) EXECUTE FUNCTION audit_refuse()",
            triggers.GROWTH: "AFTER INSERT ON audit_growth FOR EACH ROW"
            " EXECUTE FUNCTION audit_note_growth()",
        },
    }[connection.vendor]
    if name not in row:
        pytest.skip("a guard of the other database")
    assert triggers.missing(connection) == ()
    with pytest.raises(InterruptedError), transaction.atomic():
        on = " ON audit_auditrow" if connection.vendor == "postgresql" else ""
        sql(f"DROP TRIGGER {name}{on}", f"CREATE TRIGGER {name} {row[name]}")
        assert triggers.missing(connection) == (name,)
        result = CliRunner().invoke(app, ["verify"])
        assert result.exit_code == 1 and name in result.output
        raise InterruptedError


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["DISABLE TRIGGER", "ENABLE REPLICA TRIGGER"])
def test_a_guard_that_is_switched_off_is_missed(how: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no switch")
    with pytest.raises(InterruptedError), transaction.atomic():
        sql(f"ALTER TABLE audit_auditrow {how} audit_append_only")
        assert triggers.missing(connection) == ("audit_append_only",)
        raise InterruptedError


@pytest.mark.django_db
def test_a_row_that_is_put_in_properly_is_as_good_as_any() -> None:
    """The limit that docs/audit.md names: a chain says what was written when, not by whom."""
    write("case:A", 2)
    sign(KEY)
    write("case:A")
    assert verified(KEY).broken == ()
    assert AuditRow.objects.count() == 3
