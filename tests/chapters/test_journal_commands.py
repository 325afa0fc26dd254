"""`signoff journal`: what it finds, and what it writes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from typer.testing import CliRunner, Result

from signoff.cli.journal import app
from signoff.journal import triggers
from signoff.journal.models import Entry, Posting
from signoff.journal.rules import Account, EntryKind, PostingLine
from signoff.settlement.models import Refund, RefundState, Settlement
from tests.booking import CASE, CAUSE, NOON, book, moved, raw_posting


@pytest.fixture
def unguarded(db: None) -> Iterator[None]:
    """The attacker who owns the database."""
    triggers.remove(connection)
    yield
    triggers.install(connection)


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
def test_what_was_written_behind_the_database_does_not_steer_the_terminal(unguarded: None) -> None:
    entry = book()
    Entry.objects.filter(pk=entry.pk).update(cause="case\x1b[2J")
    Posting.objects.filter(entry=entry, position=1).update(amount_minor=-999)
    output = run("check").output
    assert "Broken: case" in output
    assert "\x1b" not in output


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
