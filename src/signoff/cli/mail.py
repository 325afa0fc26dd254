"""`signoff mail`: answers of customers, from the mail server into their conversations."""

import sys
from typing import Annotated

import typer

from signoff.cli.setup import django_ready, settings_ready

app = typer.Typer(help="Answers that customers send by mail.", no_args_is_help=True)

# As sysexits.h has them: mail servers understand these.
_DATA_ERROR, _NO_USER, _UNAVAILABLE, _TRY_LATER = 65, 67, 69, 75


@app.callback()
def _mail() -> None:
    """Keeps `take` a subcommand while it is the only one."""


@app.command()
def take(
    recipient: Annotated[
        str, typer.Argument(help="Address that the mail is delivered to; else its To is believed.")
    ] = "",
) -> None:
    """Take one mail from standard input, for a pipe of the mail server.

    Its words become a message in the conversation that the signed address belongs to, of a case
    or of an account; attachments are left out. Automatic answers are dropped.

    Exit status: 0 taken or dropped, 65 unreadable or too large, 67 no such address, 69 too many
    mails for this conversation today, 75 try again later.
    """
    settings_ready()
    django_ready()
    # These need Django set up first.
    from django.db import DatabaseError  # noqa: PLC0415

    from signoff.kernel.clock import now  # noqa: PLC0415
    from signoff.kernel.errors import Conflict  # noqa: PLC0415
    from signoff.talk.incoming import LARGEST  # noqa: PLC0415
    from signoff.talk.mailbox import MailOutcome, take_mail  # noqa: PLC0415

    content = sys.stdin.buffer.read(LARGEST + 1)
    try:
        outcome = take_mail(content=content, recipient=recipient, now=now())
    except (DatabaseError, Conflict) as error:
        typer.echo(f"Not now: {type(error).__name__}.", err=True)
        raise typer.Exit(_TRY_LATER) from None
    status = {
        MailOutcome.UNREADABLE: _DATA_ERROR,
        MailOutcome.NOBODY: _NO_USER,
        MailOutcome.TOO_MANY: _UNAVAILABLE,
    }.get(outcome, 0)
    typer.echo(f"{outcome.value}.", err=bool(status))
    if status:
        raise typer.Exit(status)
