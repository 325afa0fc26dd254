"""`signoff staff`: who may work at the desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from signoff.cli.setup import django_ready
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal

app = typer.Typer(help="Who may work at the desk.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with.")]


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
) -> None:
    """Let somebody work at the desk. At their first visit they set up a second factor."""
    with _refusals():
        from signoff.accounts.staff import add_staff  # noqa: PLC0415 - needs Django set up first

        add_staff(username=name, email=email, password=password, now=now())
    _tell(f"{name} can sign in, and is asked there to set up an authenticator app.")


@app.command()
def remove(name: Name) -> None:
    """Somebody has left: every sign-in of theirs ends now. What they decided stays in the record."""
    with _refusals():
        from signoff.accounts.staff import remove_staff  # noqa: PLC0415 - the same

        remove_staff(username=name, now=now())
    _tell(f"{name} can do nothing any more.")


@app.command("forget-second-factor")
def forget(name: Name) -> None:
    """Somebody lost their phone: they set up another authenticator at the next sign-in."""
    with _refusals():
        from signoff.accounts.staff import forget_second_factor  # noqa: PLC0415 - the same

        forget_second_factor(username=name, now=now())
    _tell(f"{name} signs in anew, and sets up an authenticator app.")


@contextmanager
def _refusals() -> Iterator[None]:
    """A refusal is said in a line, with exit status 1."""
    django_ready()
    try:
        yield
    except Refusal as refusal:
        Console(stderr=True, highlight=False, soft_wrap=True).print(str(refusal), markup=False)
        raise typer.Exit(1) from None


def _tell(words: str) -> None:
    Console(highlight=False, soft_wrap=True).print(words, markup=False)
