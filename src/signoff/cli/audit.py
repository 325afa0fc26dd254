"""`signoff audit`: the record of what happened."""

import os
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from django.core.exceptions import ObjectDoesNotExist
from rich.console import Console

from signoff.cli.printable import printable
from signoff.cli.setup import database_answers, django_ready
from signoff.kernel import keys
from signoff.kernel.clock import now
from signoff.kernel.errors import SignoffError

app = typer.Typer(help="The record of what happened.", no_args_is_help=True)

Key = Annotated[
    list[Path] | None,
    typer.Option("--key", help="Public key (PEM) whose checkpoints are ours too; more than once."),
]
Against = Annotated[
    Path | None,
    typer.Option(help="An earlier export, kept elsewhere: its checkpoints must still be there."),
]
Case = Annotated[str, typer.Option("--case", metavar="NUMBER", help="Only this case's chain.")]


@app.command()
@database_answers()
def verify(key: Key = None, against: Against = None) -> None:
    """Check every chain and every checkpoint; name the first row of each that is not as it was.

    Exit status: 0 all is well, 1 something is broken, 2 it cannot be looked at.
    """
    django_ready()
    from django.db import connection  # noqa: PLC0415 - needs Django set up first

    from signoff.audit import copies, triggers, verification  # noqa: PLC0415 - the same

    console = Console(highlight=False, soft_wrap=True)
    try:
        trusted = _trusted(key or [])
        lost = copies.first_lost(against) if against else None
    except (SignoffError, OSError) as error:
        _stop(error)
    found = verification.verify(trusted=trusted)
    for row in found.broken:
        told = printable(f"Broken: {row.stream}, row {row.seq}: {row.what}.")
        console.print(told, markup=False)
    if lost:
        console.print(f"Broken: checkpoints, row {lost[0]}: {lost[1]}.", markup=False)
    unguarded = triggers.missing(connection)
    for name in unguarded:
        console.print(
            f"The trigger {name} is missing, off, or another: the database may allow changes."
        )
    console.print(
        f"{found.rows} rows in {found.streams} chains read, {found.covered} of them covered by "
        f"{found.checkpoints} checkpoints."
    )
    if found.broken or unguarded or lost:
        raise typer.Exit(1)
    console.print("Every row is as it was written.")


@app.command()
@database_answers()
def checkpoint() -> None:
    """Sign how far the record has come, now. A worker does the same by itself."""
    django_ready()
    from signoff.audit import checkpoints, signers  # noqa: PLC0415 - needs Django set up first

    try:
        made = checkpoints.make_all(key=signers.our_key(), trusted=signers.former_keys(), now=now())
    except SignoffError as error:
        _stop(error)
    broken = sorted({stream for one in made for stream in one.left_out})
    new = [one.checkpoint for one in made if one.checkpoint]
    console = Console(highlight=False, soft_wrap=True)
    for row in new:
        console.print(f"Checkpoint {row.number}: {row.rows} rows, digest {row.digest}.")
    for stream in broken:
        console.print(printable(f"Left out, since it is broken: {stream}."), markup=False)
    if broken:
        console.print("`signoff audit verify` says where.")
        raise typer.Exit(1)
    if not new:
        console.print("Nothing was added since the last checkpoint.")


@app.command()
@database_answers()
def export(file: Annotated[Path, typer.Argument(metavar="FILE")], case: Case = "") -> None:
    """Write the record into FILE (JSON Lines), for somebody to check without Signoff.

    No personal data is in it. FILE must not be there yet.
    """
    django_ready()
    from signoff.audit import export as writing  # noqa: PLC0415 - needs Django set up first
    from signoff.audit import signers  # noqa: PLC0415 - the same

    try:
        stream, key = _stream(case) if case else None, signers.our_key()
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as made:
            try:
                rows = writing.export(file=made, key=key, now=now(), stream=stream)
            except BaseException:
                file.unlink()  # half a record is none, and would stand in the way of the next
                raise
    except (SignoffError, OSError) as error:
        _stop(error)
    Console(highlight=False, soft_wrap=True).print(f"{rows} rows written to {file}.", markup=False)


@app.command()
@database_answers()
def erase(case: Annotated[str, typer.Option("--case", metavar="NUMBER")]) -> None:
    """Erase the personal data that a case's record has committed to. The record itself stays."""
    django_ready()
    from signoff.audit import operations  # noqa: PLC0415 - needs Django set up first

    try:
        values = operations.erase(stream=_stream(case), now=now(), actor="cli")
    except SignoffError as error:
        _stop(error)
    Console(highlight=False, soft_wrap=True).print(f"{values} values erased.")


def _trusted(files: list[Path]) -> set[str]:
    """Our own key counts if it is here: an auditor's machine has no private key."""
    from signoff.audit import signers  # noqa: PLC0415 - needs Django set up first

    known = signers.former_keys() | signers.fingerprints(files)
    try:
        return known | {keys.key_id(signers.our_key().public_key())}
    except keys.KeyFileError:
        return known


def _stream(number: str) -> str:
    """The chain of the case with this number. Raises SignoffError if there is none."""
    from signoff.closing import queries as cases  # noqa: PLC0415 - needs Django set up first
    from signoff.closing.state import stream_of  # noqa: PLC0415 - the same

    try:
        return stream_of(cases.case_by_number(number))
    except ObjectDoesNotExist:
        raise SignoffError(f"there is no case {number}") from None


def _stop(error: Exception) -> NoReturn:
    Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), markup=False)
    raise typer.Exit(2) from None
