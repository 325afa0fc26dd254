"""A day of an auditor: who looked at what, what was decided and when, and a file of it that a
stranger can check; and not one button that would change anything."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.docs.pages import ROOT, blocks
from tests.journeys.accessible import Inspector, fits
from tests.journeys.people import one_line
from tests.journeys.quickly import send_case
from tests.journeys.staff import Reviewer, Staff
from tests.journeys.words import LANGUAGES
from tests.peers.demo import Demo

AUDITORS = {"en": "auditor", "zh-hans": "auditor2"}
CUSTOMERS = {"en": ("begona.ibanez", "L200084"), "zh-hans": ("paul.steiner", "L200086")}
READ = (
    "/desk/", "/desk/notices/", "/desk/hotline/", "/desk/talk/", "/desk/money/",
    "/desk/money/files/", "/desk/money/approvals/", "/desk/money/failed/", "/desk/money/answers/",
    "/desk/money/by-hand/", "/desk/money/disputes/", "/desk/numbers/", "/desk/record/",
    "/desk/journal/", "/desk/staff/", "/desk/system/",
)  # fmt: skip
"""Pages of every task."""
_CHANGES = "main form[method=post]:not([role=search])"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_day_of_an_auditor(
    browser: Browser, stack: Demo, desk: Reviewer, tmp_path: Path, language: str
) -> None:
    case = send_case(stack, *CUSTOMERS[language], language)
    desk.take(case)
    desk.main.get_by_role("button", name="Show the e-mail address", exact=True).click()
    desk.opens_case(case)
    desk.press("Give it back")

    inspector = Inspector(in_passing=True)
    ada = Staff(browser, stack, language, look=inspector if language == "en" else fits)
    ada.sign_in_with_code(AUDITORS[language])
    for path in (*READ, f"/desk/{case}/", f"/desk/hotline/{case}/"):
        ada.open(path, f"auditor{path.replace(case, 'case').replace('/', '-')}")
        expect(ada.page.locator(_CHANGES)).to_have_count(0)

    _reads_who_looked(ada, case, desk.name)
    _exported_file_is_good(ada, tmp_path)
    _reads_numbers(ada)
    ada.leave()
    assert inspector.faults == []


def _reads_who_looked(ada: Staff, case: str, reviewer: str) -> None:
    """From the case to its record, and there only what was shown to whom."""
    ada.opens_case(case)
    ada.follow("This record with its links, and how to export it", "auditor-record-of-case")
    event = ada.say("Masked data shown to one of the staff")
    ada.page.locator("[name=event]").select_option(label=event)
    ada.press("Show", "auditor-record-of-views")
    rows = ada.main.locator("tbody tr")
    expect(rows).to_have_count(1)
    told = one_line(rows.first.inner_text())
    assert reviewer in told
    assert ada.say("e-mail address") in told


def _exported_file_is_good(ada: Staff, folder: Path) -> None:
    """The page says which command makes a file; the program of docs/audit.md finds it good, and
    the same file with one word changed not."""
    command = ada.main.locator("code", has_text="audit export").inner_text().split()
    file, public, program = folder / "case.jsonl", folder / "public.pem", folder / "check.py"
    assert command[0] == "signoff"
    for words in (["audit", "checkpoint"], [str(file) if w == "FILE" else w for w in command[1:]]):
        done = ada.demo.command(*words)
        assert done.returncode == 0, done.stderr
    public.write_text(ada.demo.command("keys", "show").stdout)
    (block,) = (b for b in blocks(ROOT / "docs" / "audit.md") if b.language == "python check")
    program.write_text(block.content)
    found = _checked(program, file, public)
    assert found.returncode == 0, found.stderr
    assert "as they were" in found.stdout
    file.write_bytes(file.read_bytes().replace(b'"email"', b'"phone"'))
    assert _checked(program, file, public).returncode == 1


def _checked(program: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", program, *files],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def _reads_numbers(ada: Staff) -> None:
    """Each chart stands over a table that says the same, for whoever does not see it."""
    ada.open("/desk/numbers/?days=365", "auditor-numbers-of-a-year")
    charts = ada.main.locator("section.chart")
    assert charts.count() >= 5
    for chart in charts.all():
        assert chart.locator("svg").count() == chart.locator("tbody tr").count()
    waiting = ada.main.locator("#chart-waiting")
    expect(waiting).to_have_text(ada.say("Where open cases are now"))
