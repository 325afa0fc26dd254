"""People of the desk come and go by a command."""

import pytest
from django.test import Client
from typer.testing import CliRunner

from signoff.accounts.models import Role, User
from signoff.accounts.queries import people_with, roles_of
from signoff.audit.models import AuditRow
from signoff.cli.main import app
from signoff.cli.staff import RoleName

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
    assert [row.event for row in AuditRow.objects.order_by("pk")] == ["staff_added", "role_given"]
    assert roles_of(User.objects.get()) == {Role.REVIEWER}


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


@pytest.mark.parametrize("command", ["remove", "forget-second-factor", "role"])
def test_a_customer_is_nobody_of_the_desk(command: str) -> None:
    User.objects.create_user("li.wei")
    status, said = run(command, "li.wei")
    assert status == 1
    assert "Nobody called" in said
    assert User.objects.get().is_active


def test_somebody_is_added_with_the_roles_that_are_named() -> None:
    roles = ("--role", "finance", "--role", "auditor", "--role", "finance")
    assert run("add", "fang", "--email", "f@boom.example", *roles, **PASSWORD)[0] == 0
    assert roles_of(User.objects.get()) == {Role.FINANCE, Role.AUDITOR}
    assert [user.username for user in people_with(Role.FINANCE)] == ["fang"]
    assert people_with(Role.ADMIN) == []


def test_roles_are_given_and_taken_once_each_and_recorded() -> None:
    add()
    assert run("role", "rui") == (0, "rui: reviewer\n")
    assert run("role", "rui", "--give", "finance", "--take", "reviewer") == (0, "rui: finance\n")
    assert run("role", "rui", "--give", "finance") == (0, "rui: finance\n")
    rows = AuditRow.objects.filter(event__startswith="role_").order_by("pk")
    assert [(row.event, row.facts["role"]) for row in rows] == [
        ("role_given", "reviewer"), ("role_given", "finance"), ("role_taken", "reviewer"),
    ]  # fmt: skip
    assert run("role", "rui", "--take", "finance")[1].startswith("rui: no role")


def test_who_has_left_has_no_role_whatever_the_table_says() -> None:
    add()
    user = User.objects.get()
    run("remove", "rui")
    user.refresh_from_db()
    assert roles_of(user) == frozenset()
    assert people_with(Role.REVIEWER) == []


def test_the_words_of_the_command_are_the_roles_that_there_are() -> None:
    assert [role.value for role in RoleName] == Role.values
    assert run("role", "rui", "--give", "queen")[0] == 2


def test_what_somebody_is_called_is_said_at_once_or_later_and_recorded() -> None:
    add()
    assert User.objects.get(username="rui").get_full_name() == ""
    status, told = run("called", "rui", " Rui Lin ")
    assert (status, told.strip()) == (0, "rui is called “Rui Lin” from now on.")
    assert User.objects.get(username="rui").get_full_name() == "Rui Lin"
    assert AuditRow.objects.filter(event="staff_named").count() == 1
    run("add", "mei", "--email", "mei@example.org", "--called", "Mei Lin", **PASSWORD)
    assert User.objects.get(username="mei").get_full_name() == "Mei Lin"
    assert run("called", "nobody", "Jan")[0] == 1
