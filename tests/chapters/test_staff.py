"""People of the desk come and go by a command."""

import pytest
from django.test import Client
from typer.testing import CliRunner

from signoff.accounts.models import User
from signoff.audit.models import AuditRow
from signoff.cli.main import app

pytestmark = pytest.mark.django_db

PASSWORD = {"SIGNOFF_STAFF_PASSWORD": "a long and unusual phrase"}


def run(*words: str, **environment: str) -> tuple[int, str]:
    """Exit status and everything that was printed."""
    result = CliRunner().invoke(app, ["staff", *words], env=environment)
    return result.exit_code, result.output


def add(name: str = "rui") -> None:
    status, said = run("add", name, "--email", f"{name}@boom.example", **PASSWORD)
    assert status == 0, said


def test_who_is_added_signs_in_and_must_set_up_a_second_factor() -> None:
    add()
    client = Client()
    answer = client.post(
        "/sign-in/login/", {"login": "rui", "password": PASSWORD["SIGNOFF_STAFF_PASSWORD"]}
    )
    assert answer.status_code == 302
    assert client.get("/desk/").status_code == 302  # on to the second factor
    assert AuditRow.objects.get().event == "staff_added"


def test_a_weak_password_is_refused_with_the_reason() -> None:
    status, said = run("add", "rui", "--email", "rui@boom.example", SIGNOFF_STAFF_PASSWORD="12345")
    assert status == 1
    assert "too short" in said
    assert not User.objects.exists()


def test_a_name_is_taken_once() -> None:
    add()
    status, said = run("add", "rui", "--email", "other@boom.example", **PASSWORD)
    assert status == 1
    assert "taken already" in said
    assert User.objects.count() == 1


def test_who_is_removed_is_out_at_once() -> None:
    add()
    client = Client()
    client.post("/sign-in/login/", {"login": "rui", "password": PASSWORD["SIGNOFF_STAFF_PASSWORD"]})
    assert run("remove", "rui")[0] == 0
    assert client.get("/desk/").url.startswith("/sign-in/")  # type: ignore[attr-defined]
    assert not User.objects.get().is_active


@pytest.mark.parametrize("command", ["remove", "forget-second-factor"])
def test_a_customer_is_nobody_of_the_desk(command: str) -> None:
    User.objects.create_user("li.wei")
    status, said = run(command, "li.wei")
    assert status == 1
    assert "Nobody called" in said
    assert User.objects.get().is_active
