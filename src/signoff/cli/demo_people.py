"""`signoff demo-people DIR`: sign-ins for the sample carrier, and never for a real one."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from signoff.cli.language import in_words, said, speaking
from signoff.cli.problems import print_problems
from signoff.cli.setup import django_ready
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _


def demo_people(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="The export; its staff.csv names the staff.")
    ],
) -> None:
    """Give the customers of a sample export a known password, and make its staff.

    Refuses unless SIGNOFF_DEMO is set and the address of the site is this very machine. Customers
    who have chosen a password of their own keep it. May be repeated.
    """
    django_ready()
    with speaking():
        _make(directory)


def _make(directory: Path) -> None:
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
        errors.print(Text(in_words(refusal)))
        raise typer.Exit(1) from None
    console = Console(highlight=False, soft_wrap=True)
    counts = said(
        _("Customers given a password: %(customers)s. Staff: %(staff)s."),
        customers=made.customers,
        staff=made.staff,
    )
    console.print(Text(counts))
    everybody = said(_("Everybody's password is %(password)s"), password=DEMO_PASSWORD)
    console.print(Text(everybody))
