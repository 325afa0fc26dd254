"""`signoff migrate`: the database and the static files, made or brought up to date."""

from typing import NoReturn

import typer
from rich.console import Console
from rich.text import Text

from signoff.cli.setup import django_ready, settings_ready


def migrate() -> None:
    """Make the tables, ours and the workflow engine's, or bring them up to date.

    Also collects the style sheets and pictures that the web server gives out. May be repeated;
    run it after every upgrade, before the new web server and workers start.

    Exit status: 0 all is up to date, 1 the database cannot be used, 2 the settings are wrong.
    """
    settings = settings_ready()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    django_ready()
    # These need Django set up first.
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415
    from django.db.migrations.exceptions import (  # noqa: PLC0415
        InconsistentMigrationHistory,
        NodeNotFoundError,
    )

    try:
        call_command("migrate", interactive=False, verbosity=1)
    except DatabaseError as error:
        _give_up(str(error))
    except (InconsistentMigrationHistory, NodeNotFoundError):
        _give_up(
            "it was begun by a version that was never released, and is not complete. A demo is"
            " made anew by `signoff demo --reset`; for anything else, restore a backup that this"
            " version made, or begin with an empty database"
        )
    call_command("collectstatic", interactive=False, verbosity=0)
    Console(highlight=False).print("The database and the static files are up to date.")


def _give_up(why: str) -> NoReturn:
    Console(stderr=True, soft_wrap=True).print(Text(f"The database cannot be used: {why}"))
    raise typer.Exit(1)
