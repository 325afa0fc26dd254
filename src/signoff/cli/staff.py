"""`signoff staff`: who may work at the desk. Administrators do the same on the desk's own page."""

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from signoff.cli.setup import database_answers, django_ready
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal

app = typer.Typer(help="Who may work at the desk.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with.")]
_CALLED = typer.Option(
    help="What colleagues read, like “Mei Lin”; customers read the first word of it."
)


class RoleName(enum.StrEnum):
    """As in signoff.accounts.models.Role, which needs Django set up first."""

    REVIEWER = "reviewer"
    HOTLINE = "hotline"
    FINANCE = "finance"
    AUDITOR = "auditor"
    ADMIN = "admin"


@app.command()
def add(
    name: Name,
    email: Annotated[str, typer.Option(help="Where a forgotten password is reset.")],
    password: Annotated[
        str,
        typer.Option(
            prompt="First password",
            hide_input=True,
            confirmation_prompt=True,
            envvar="SIGNOFF_STAFF_PASSWORD",
            help="Asked for when it is not in the environment; never on the command line.",
        ),
    ],
    role: Annotated[
        list[RoleName] | None,
        typer.Option(help="What they do at the desk; may be repeated. Reviewer, if not said."),
    ] = None,
    called: Annotated[str, _CALLED] = "",
) -> None:
    """Let somebody work at the desk. At their first visit they set up a second factor."""
    with _refusals():
        # These need Django set up first.
        from signoff.accounts.models import Role  # noqa: PLC0415
        from signoff.accounts.staff import add_staff  # noqa: PLC0415

        roles = [Role(one.value) for one in role or [RoleName.REVIEWER]]
        add_staff(
            username=name, email=email, password=password, now=now(), roles=roles, called=called
        )
    _tell(f"{name} can sign in, and is asked there to set up an authenticator app.")


@app.command("role")
def change_roles(
    name: Name,
    give: Annotated[
        list[RoleName] | None, typer.Option(help="What they may do from now on.")
    ] = None,
    take: Annotated[list[RoleName] | None, typer.Option(help="What they may do no longer.")] = None,
) -> None:
    """Change what somebody does at the desk, or (without an option) say what it is."""
    with _refusals():
        # These need Django set up first.
        from signoff.accounts.models import Role  # noqa: PLC0415
        from signoff.accounts.queries import roles_of, staff_named  # noqa: PLC0415
        from signoff.review.leaving import change_tasks  # noqa: PLC0415

        user = staff_named(name)
        given, taken = ([Role(one.value) for one in roles or []] for roles in (give, take))
        if given or taken:
            back = change_tasks(person=user.pk, give=given, take=taken, now=now()).returned
        else:
            back = 0
        held = ", ".join(sorted(roles_of(user)))
    _tell(f"{name}: {held or 'no role, so only the page of the system'}")
    _tell_returned(back)


@app.command("called")
def change_name(
    name: Name,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="Like “Mei Lin”.")],
) -> None:
    """Say what somebody is called: colleagues read all of it, customers the first word."""
    with _refusals():
        from signoff.accounts.queries import staff_named  # noqa: PLC0415 - the same
        from signoff.accounts.staff import name_staff  # noqa: PLC0415 - the same

        name_staff(person=staff_named(name).pk, called=words, now=now())
    _tell(f"{name} is called “{words.strip()}” from now on.")


@app.command()
def remove(name: Name) -> None:
    """Somebody has left: every sign-in of theirs ends now, and the cases that they hold go back to
    the queue. What they decided stays in the record."""
    with _refusals():
        from signoff.accounts.queries import staff_named  # noqa: PLC0415 - the same
        from signoff.review.leaving import leave  # noqa: PLC0415 - the same

        back = leave(person=staff_named(name).pk, now=now())
    _tell(f"{name} can do nothing any more.")
    _tell_returned(back)


@app.command("forget-second-factor")
def forget(name: Name) -> None:
    """Somebody lost their phone: they set up another authenticator at the next sign-in."""
    with _refusals():
        from signoff.accounts.queries import staff_named  # noqa: PLC0415 - the same
        from signoff.accounts.staff import forget_second_factor  # noqa: PLC0415 - the same

        forget_second_factor(person=staff_named(name).pk, now=now())
    _tell(f"{name} signs in anew, and sets up an authenticator app.")


@contextmanager
def _refusals() -> Iterator[None]:
    """A refusal is said in a line, with exit status 1; 2 if the database does not answer."""
    django_ready()
    try:
        with database_answers():
            yield
    except Refusal as refusal:
        Console(stderr=True, highlight=False, soft_wrap=True).print(str(refusal), markup=False)
        raise typer.Exit(1) from None


def _tell_returned(cases: int) -> None:
    if cases:
        _tell(f"Cases that went back to the queue: {cases}")


def _tell(words: str) -> None:
    Console(highlight=False, soft_wrap=True).print(words, markup=False)
