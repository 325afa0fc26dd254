"""`signoff demo-people DIR`: sign-ins for the sample carrier, and never for a real one."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from signoff.cli.import_ import print_problems
from signoff.cli.setup import django_ready
from signoff.kernel.errors import Refusal


def demo_people(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="The export; its staff.csv names the reviewers.")
    ],
) -> None:
    """Give the customers of a sample export a known password, and make its reviewers.

    Refuses unless SIGNOFF_DEMO is set and the address of the site is this very machine. Customers
    who have chosen a password of their own keep it. May be repeated.
    """
    django_ready()
    # These need Django set up first.
    from signoff.accounts.demo import DEMO_PASSWORD  # noqa: PLC0415
    from signoff.intake.demo import make_people  # noqa: PLC0415
    from signoff.intake.operations import BadExport  # noqa: PLC0415

    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        made = make_people(directory)
    except BadExport as bad:
        print_problems(bad.problems, errors)
        raise typer.Exit(1) from None
    except Refusal as refusal:
        errors.print(Text(str(refusal)))
        raise typer.Exit(1) from None
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Customers given a password: {made.customers}. Reviewers: {made.staff}.")
    console.print(f"Everybody's password is {DEMO_PASSWORD}", markup=False)
