"""Settings and Django, made ready for a command that needs them.

Commands that need none (`verify`, `keys`, `policy`) run without a database and without settings.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import django
import typer
from pydantic import ValidationError
from rich.console import Console

from signoff.config import Config, config, policies
from signoff.policies.override import PolicyError


def django_ready() -> None:
    """Sets Django up; says which settings are wrong and exits with 2 if some are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "signoff.project.settings")
    try:
        django.setup()
    except ValidationError as error:
        stop_for(faults(error))


@contextmanager
def database_answers() -> Iterator[None]:
    """Exits with 2, and a line, if it does not answer or has no tables: that is no finding.

    Only errors that cannot repeat what is in a row.
    """
    from django.db import OperationalError, ProgrammingError  # noqa: PLC0415 - `verify` needs none

    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"The database cannot be used: {error}. Was it migrated?", markup=False
        )
        raise typer.Exit(2) from None


def settings_ready() -> Config:
    """The settings and the operator's rule packs; exits with 2 if they are wrong. No Django."""
    try:
        found = config()
        policies()
    except ValidationError as error:
        stop_for(faults(error))
    except PolicyError as error:
        stop_for([f"SIGNOFF_POLICY_FILE: {error}"])
    return found


def faults(error: ValidationError) -> list[str]:
    """Each wrong setting by the name that the operator writes; never its value."""
    return [
        f"{_name(fault['loc'])}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_input=False)
    ]


def _name(place: tuple[int | str, ...]) -> str:
    name = str(place[0]).upper() if place else "settings"
    return name if name == "DATABASE_URL" else f"SIGNOFF_{name}"


def stop_for(wrong: list[str]) -> NoReturn:
    """Exit status 2, and a line for each."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print("[bold]These settings are not right:[/]")
    for line in wrong:
        console.print(f"  {line}", markup=False)
    raise typer.Exit(2) from None
