"""`signoff keys new-evidence` and `rotate-evidence`: the keys that seal customers' photos."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from signoff.cli.setup import database_answers, django_ready
from signoff.evidence import keys
from signoff.evidence.sealing import EvidenceKeyError, SealBroken, new_key
from signoff.kernel.clock import now

Home = Annotated[Path, typer.Option(envvar="SIGNOFF_HOME", help="Folder of database and keys.")]


def new_evidence(
    *,
    home: Home = Path("var"),
    only_print: Annotated[
        bool, typer.Option("--print", help="For SIGNOFF_EVIDENCE_KEYS; changes no file.")
    ] = False,
) -> None:
    """Make a key that seals customers' photos, in front of those that are there.

    It goes into the file `evidence-keys` (mode 0600) of the home folder. The older keys stay and
    still open what they sealed; `rotate-evidence` puts everything under the new one.
    """
    if only_print:
        typer.echo(keys.written(new_key()))
        return
    path = home / keys.FILE_NAME
    try:
        made = keys.add_first(path)
    except (EvidenceKeyError, OSError) as error:
        _say(str(error))
        raise typer.Exit(1) from None
    _say(f"Made key {made.first_id} in {path}; it holds {len(made.keys)} now.")


@database_answers()
def rotate_evidence() -> None:
    """Put the keys of all cases under the first of the operator's keys; the photos stay as they are.

    May be repeated and run while customers add photos. When it says that no other key is needed,
    the older ones can go.

    Exit status: 0 done, 1 an older key is still needed, or one is missing, 2 the settings are wrong
    or the database cannot be used.
    """
    django_ready()
    from signoff.evidence.erasing import rewrap_keys  # noqa: PLC0415 - needs Django set up first
    from signoff.evidence.queries import key_uses  # noqa: PLC0415

    try:
        done = rewrap_keys(now=now())
    except (EvidenceKeyError, SealBroken) as error:
        _say(str(error))
        raise typer.Exit(1) from None
    _say(f"{done.cases} cases and {done.numbers} registered numbers were put under the first key.")
    uses = key_uses()
    for use in uses:
        missing = "; it is missing: put it back" if use.key_id in done.lost else ""
        numbers = f" and {use.numbers} registered numbers" if use.numbers else ""
        _say(f"Key {use.key_id} is needed for {use.cases} cases{numbers}{missing}.")
    if done.lost:
        raise typer.Exit(1)
    if any(use.key_id != done.first for use in uses):
        _say(
            "Something was sealed under an older key meanwhile. Restart the web servers; run it again."
        )
        raise typer.Exit(1)
    _say("No other key is needed.")


def _say(text: str) -> None:
    Console(highlight=False, soft_wrap=True).print(text, markup=False)
