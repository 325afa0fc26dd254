"""docs/journal.md: its accounts, its worked examples and its commands, as they stand there."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction
from typer.testing import CliRunner

from signoff.cli.main import app
from signoff.journal import beancount
from signoff.journal.operations import post
from signoff.journal.rules import Account, EntryKind, PostingLine
from tests.docs.pages import ROOT, blocks, command_lines
from tests.peers.beancount import bean_check

PAGE = ROOT / "docs" / "journal.md"
EXAMPLES = "\n".join(block.content for block in blocks(PAGE) if block.language == "beancount")


def as_file(examples: str, folder: Path) -> Path:
    """With the chart before it, and with beancount's tolerance (a cent for a balance) off."""
    file = folder / "page.beancount"
    chart = "".join(beancount.text([], zone=UTC))
    exact = 'option "tolerance_multiplier" "0"\n'
    file.write_text(exact + chart + examples, encoding="utf-8")
    return file


def test_the_page_has_the_chart_of_accounts() -> None:
    named = re.findall(r"^\| `([A-Z]\w+:[\w:]+)` \|", PAGE.read_text(encoding="utf-8"), re.M)
    assert named == [account.value for account in Account]


def test_there_is_an_example_for_each_kind_of_entry_in_our_words() -> None:
    told = set(re.findall(r'\* "([^"]+)"\n(?:  .*\n)*?  kind: "(\w+)"', EXAMPLES))
    assert told == {(words, kind.value) for kind, words in beancount.NARRATIONS.items()}
    assert len(told) == len(EntryKind)


def test_the_arithmetic_of_the_examples_is_right(tmp_path: Path) -> None:
    assert EXAMPLES.count(" balance ") >= 8
    assert bean_check(as_file(EXAMPLES, tmp_path)) == ""
    wrong = EXAMPLES.replace("-126.86", "-126.87")
    assert "Balance failed" in bean_check(as_file(wrong, tmp_path))


@pytest.mark.django_db
def test_the_commands_of_the_page_do_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        post(
            cause="payment:41",
            kind=EntryKind.BILL_PAID,
            postings=[
                PostingLine(Account.PAYMENT_SERVICE, 8000, "CNY"),
                PostingLine(Account.BILLS, -8000, "CNY"),
            ],
            now=datetime(2026, 11, 30, 20, tzinfo=UTC),
        )
    monkeypatch.chdir(tmp_path)
    typed = [line for b in blocks(PAGE) if b.language == "sh" for line in command_lines(b)]
    assert len(typed) == 3
    for program, *words in map(shlex.split, typed):
        if program == "signoff":
            result = CliRunner().invoke(app, words)
            assert result.exit_code == 0, result.output
        else:
            (file,) = words
            assert 'cause: "payment:41"' in Path(file).read_text(encoding="utf-8")
            assert (program, bean_check(tmp_path / file)) == ("bean-check", "")
