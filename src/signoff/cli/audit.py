"""`signoff audit`: the record of what happened."""

import typer
from rich.console import Console

from signoff.cli.setup import django_ready

app = typer.Typer(help="The record of what happened.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `verify` a sub-command although it is the only one."""


@app.command()
def verify() -> None:
    """Check every chain of the record; name the first row of each that is not as it was written.

    Exit status: 0 all is well, 1 something is broken.
    """
    django_ready()
    from django.db import connection  # noqa: PLC0415 - needs Django set up first

    from signoff.audit import triggers, verification  # noqa: PLC0415 - the same

    console = Console(highlight=False)
    found = verification.verify()
    for row in found.broken:
        console.print(f"Broken: {row.stream}, row {row.seq}: {row.what}.", markup=False)
    unguarded = triggers.missing(connection)
    for name in unguarded:
        console.print(f"The trigger {name} is missing: the database would allow changes.")
    console.print(f"{found.rows} rows in {found.streams} chains read.")
    if found.broken or unguarded:
        raise typer.Exit(1)
    console.print("Every row is as it was written.")
