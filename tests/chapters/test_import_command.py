"""`signoff import` and `signoff demo-people`, as they are typed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.contrib.auth import authenticate
from typer.testing import CliRunner

from signoff import config as settings
from signoff.accounts.demo import DEMO_PASSWORD
from signoff.accounts.importing import merging
from signoff.accounts.models import Account, Line, Role, User
from signoff.accounts.queries import roles_of
from signoff.audit.models import AuditRow
from signoff.cli.language import shell_language
from signoff.cli.main import app
from signoff.config import Config
from tests.exports import ExportFolder

pytestmark = pytest.mark.django_db

BOOM = Path(__file__).parents[2] / "examples" / "boom"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of the sample's `reviewer`."""


@pytest.fixture
def folder(tmp_path: Path) -> ExportFolder:
    return ExportFolder(tmp_path / "export")


def run(*arguments: object) -> tuple[int, str, str]:
    """Exit status, standard output, standard error."""
    result = CliRunner(env={"COLUMNS": "200", "LC_ALL": "C"}).invoke(
        app, [str(word) for word in arguments]
    )
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def test_the_sample_carrier_is_taken_in_and_then_known() -> None:
    status, out, _err = run("import", BOOM)
    assert status == 0
    assert "Imported the export as of 2026-11-01" in out
    assert Account.objects.count() == 57
    status, out, _err = run("import", BOOM)
    assert status == 0
    assert "Nothing to change" in out


def test_a_bad_cell_is_told_with_its_place_and_reason(folder: ExportFolder) -> None:
    folder.set("lines", 2, "monthly_price", "29,00")
    status, out, err = run("import", folder.directory)
    assert (status, out) == (1, "")
    assert "lines.csv, line 3, monthly_price: “29,00” is not an amount" in err
    assert "Nothing was imported. Problems found: 1." in err
    assert not Account.objects.exists()


def test_words_in_square_brackets_are_shown_as_they_are(folder: ExportFolder) -> None:
    folder.set("lines", 2, "state", "[bold]on[/]")
    assert "“[bold]on[/]” is none of active" in run("import", folder.directory)[2]


def test_a_thousand_problems_do_not_flood_the_screen(folder: ExportFolder) -> None:
    bad = "\n".join(f"S{number},L1,x,on" for number in range(1000))
    folder.write("services", f"service,line,name,state\n{bad}\n")
    _status, _out, err = run("import", folder.directory)
    assert "… and 950 more; --json shows all." in err
    assert len(err.splitlines()) == 52
    report = json.loads(run("import", folder.directory, "--json")[1])
    assert len(report["problems"]) == 1000


def test_a_check_writes_nothing(folder: ExportFolder) -> None:
    status, out, _err = run("import", folder.directory, "--check")
    assert status == 0
    assert "nothing was written" in out
    assert not Account.objects.exists()
    assert not AuditRow.objects.exists()


def test_a_program_reads_the_report(folder: ExportFolder) -> None:
    status, out, _err = run("import", folder.directory, "--json")
    report = json.loads(out)
    assert (status, report["ok"], report["written"], report["changed"]) == (0, True, True, True)
    assert report["counts"]["lines"] == {
        "created": 3,
        "changed": 0,
        "unchanged": 0,
        "kept": 0,
        "removed": 0,
    }
    folder.set("customers", 1, "country", "XX")
    status, out, _err = run("import", folder.directory, "--json")
    (problem,) = json.loads(out)["problems"]
    assert status == 1
    assert (problem["file"], problem["line"], problem["column"], problem["code"]) == (
        "customers.csv",
        2,
        "country",
        "country",
    )
    assert "ISO 3166-1" in problem["reason"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    status, _out, err = run("import", tmp_path / "nowhere")
    assert status == 1
    assert "There is no folder" in err
    assert json.loads(run("import", tmp_path / "nowhere", "--json")[1])["ok"] is False


def test_a_value_that_appears_during_the_import_is_a_conflict_in_words(
    folder: ExportFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if another process had taken the number between our look and our write."""
    run("import", folder.directory)
    Line.objects.filter(reference="L1").update(reference="L0")
    monkeypatch.setattr(merging, "_taken", lambda *_arguments: ())
    status, _out, err = run("import", folder.directory)
    assert status == 1
    assert "Something else wrote the same rows" in err
    assert not Line.objects.filter(reference="L1").exists()


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from signoff.cli.main import app; app()", *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_missing_setting_is_named_without_a_traceback() -> None:
    done = start("import", str(BOOM))
    assert done.returncode == 2
    assert "SIGNOFF_SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_without_tables_is_told_without_a_traceback(tmp_path: Path) -> None:
    done = start(
        "import", str(BOOM), SIGNOFF_SECRET_KEY="test-only-" + "x" * 40, SIGNOFF_HOME=str(tmp_path)
    )
    assert done.returncode == 1
    assert "The database cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE@euro", "LC_ALL": ""}, "en"),
    ],
)
def test_a_command_speaks_the_language_of_the_shell(
    environment: dict[str, str], language: str
) -> None:
    assert shell_language(environment) == language


def test_help_needs_no_settings() -> None:
    done = start("import", "--help")
    assert done.returncode == 0
    assert "Exit status" in done.stdout


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> None:
    set_config(monkeypatch, demo=True)


def set_config(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    changed: Config = settings.config().model_copy(update=changes)
    monkeypatch.setattr("signoff.intake.demo.config", lambda: changed)


@pytest.mark.parametrize(
    ("is_demo", "url"),
    [
        (False, "http://127.0.0.1:8600"),
        (True, "https://close.boom.example"),
        (True, "http://127.0.0.1.boom.example"),
        (True, "http://10.0.0.5"),
        (True, ""),
    ],
)
def test_known_passwords_are_refused_outside_a_demo(
    monkeypatch: pytest.MonkeyPatch, is_demo: bool, url: str
) -> None:
    set_config(monkeypatch, demo=is_demo, public_url=url)
    run("import", BOOM)
    status, _out, err = run("demo-people", BOOM)
    assert status == 1
    assert "SIGNOFF_DEMO=1" in err
    assert not User.objects.get(username="li.wei").has_usable_password()
    assert not User.objects.filter(is_staff=True).exists()


@pytest.mark.usefixtures("demo")
def test_customers_of_the_demo_sign_in_by_name_and_by_address() -> None:
    run("import", BOOM)
    status, out, _err = run("demo-people", BOOM)
    assert status == 0
    assert DEMO_PASSWORD in out
    user = authenticate(None, username="li.wei", password=DEMO_PASSWORD)
    assert user is not None
    assert authenticate(None, email="li.wei@mail.example", password=DEMO_PASSWORD) == user


@pytest.mark.usefixtures("demo")
def test_reviewers_of_the_demo_have_an_authenticator() -> None:
    run("import", BOOM)
    run("demo-people", BOOM)
    reviewer = User.objects.get(username="reviewer")
    assert reviewer.is_staff
    assert not reviewer.is_superuser
    assert roles_of(reviewer) == {Role.REVIEWER}
    assert roles_of(User.objects.get(username="finance2")) == {Role.FINANCE}
    assert EmailAddress.objects.get(user=reviewer).email == "reviewer@boom.example"
    app_of = Authenticator.objects.get(user=reviewer, type=Authenticator.Type.TOTP)
    assert decrypt(app_of.data["secret"]) == SECRET


@pytest.mark.usefixtures("demo")
def test_a_second_time_nobody_loses_the_password_that_they_chose() -> None:
    run("import", BOOM)
    run("demo-people", BOOM)
    for username in ("li.wei", "reviewer"):
        user = User.objects.get(username=username)
        user.set_password("my own words")
        user.save()
    before = Authenticator.objects.count()
    assert "Customers given a password: 0." in run("demo-people", BOOM)[1]
    assert User.objects.get(username="li.wei").check_password("my own words")
    assert User.objects.get(username="reviewer").check_password("my own words")
    assert Authenticator.objects.count() == before


@pytest.mark.usefixtures("demo")
def test_a_customer_does_not_become_a_reviewer(folder: ExportFolder) -> None:
    run("import", folder.directory)
    rows = f"username,email,name,totp_secret,roles\nanna,a@boom.example,A,{SECRET},reviewer\n"
    folder.write("staff", rows)
    status, _out, err = run("demo-people", folder.directory)
    assert status == 1
    assert "“anna” is a customer" in err
    assert not User.objects.get(username="anna").is_staff
    assert not User.objects.get(username="li.wei").has_usable_password()


@pytest.mark.usefixtures("demo")
def test_a_bad_list_of_staff_is_told_with_its_place(folder: ExportFolder) -> None:
    assert "staff.csv: The file is missing." in run("demo-people", folder.directory)[2]
    columns = "username,email,name,totp_secret,roles"
    folder.write("staff", f"{columns}\nr,r@boom.example,R,secret,reviewer\n")
    assert "staff.csv, line 2, totp_secret" in run("demo-people", folder.directory)[2]
    folder.write("staff", f"{columns}\nr,r@boom.example,R,{SECRET},reviewer queen\n")
    assert "staff.csv, line 2, roles" in run("demo-people", folder.directory)[2]
