"""Django, made ready for a command that needs it.

Commands that need none (`verify`, `keys`, `policy`) run without a database and without settings.
"""

import os

import django
import typer
from pydantic import ValidationError
from rich.console import Console


def django_ready() -> None:
    """Sets Django up; says which settings are wrong and exits with 2 if some are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "signoff.project.settings")
    try:
        django.setup()
    except ValidationError as error:
        console = Console(stderr=True, highlight=False)
        console.print("[bold]These settings are not right:[/]")
        for fault in error.errors(include_url=False, include_input=False):
            name = str(fault["loc"][0]).upper() if fault["loc"] else "settings"
            prefix = "" if name == "DATABASE_URL" else "SIGNOFF_"
            console.print(f"  {prefix}{name}: {fault['msg']}", markup=False)
        raise typer.Exit(2) from None
