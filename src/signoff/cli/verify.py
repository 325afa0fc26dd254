"""`signoff verify FILE`: is this certificate of closing genuine? Needs no database, no settings."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from signoff.cli.language import said
from signoff.cli.printable import printable
from signoff.kernel import keys
from signoff.kernel.words import gettext_noop as _
from signoff.termination import certificate

Trusted = Annotated[
    list[Path] | None,
    typer.Option("--key", help="The carrier's public key (PEM), from a source that you trust."),
]

MOST_COLUMNS = 20
"""A list with more is printed as it is: a forger could make a table that fills the memory."""

MEANINGS = {
    certificate.NotACertificate: _("Not genuine: this file is no certificate of closing."),
    certificate.TooLarge: _("Not genuine: this file is no certificate of closing."),
    certificate.Altered: _("Not genuine: it was changed after it was signed."),
    certificate.UnknownKey: _("Not genuine: it was signed with another key than the one given."),
    certificate.MissingFields: _("Not genuine: it is not complete."),
    certificate.UnknownVersion: _("It is of a newer form: check it with a newer Signoff."),
}
"""What each error means to the holder of a certificate; its own text says what was found where."""


def verify(
    file: Annotated[Path, typer.Argument(help="The certificate (JSON).")], key: Trusted = None
) -> None:
    """Check a certificate of closing and print what it attests.

    Exit status: 0 it is as it was signed (with --key: by that key), 1 it is not.
    """
    console = Console(highlight=False, markup=False, soft_wrap=True)
    try:
        trusted = {keys.key_id(keys.load_public(path)) for path in key} if key else None
        document = _document(file)
        content = certificate.verify(document, trusted)
        fingerprint = certificate.examine(document).key_id
    except certificate.CertificateError as error:
        _stop(said(MEANINGS[type(error)]), str(error))
    except (OSError, keys.KeyFileError) as error:
        _stop(
            said(_("Cannot be checked: a file is missing, or is not what it should be.")),
            str(error),
        )
    for table in _tables(content):
        console.print(table)
    if trusted is None:
        console.print(
            said(_("Nothing was changed since it was signed with the key inside this file."))
        )
        console.print(
            said(
                _(
                    "Whether that key is the carrier's, the file alone cannot tell: compare this fingerprint with the one that the carrier publishes, or give its key with --key."
                )
            )
        )
        console.print(said(_("Fingerprint (SHA-256): %(digits)s"), digits=keys.spoken(fingerprint)))
    else:
        console.print(said(_("Genuine: signed with the given key, and nothing was changed since.")))


def _stop(meaning: str, found: str) -> NoReturn:
    """On standard error: what it means, and what was found, for who wants to know."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    console.print(meaning)
    console.print(f"({found})")
    raise typer.Exit(1)


def _document(file: Path) -> bytes:
    """At most one byte more than a certificate can have: the rest of a huge file stays unread."""
    with file.open("rb") as stream:
        return stream.read(certificate.LIMIT + 1)


def _tables(content: Mapping[str, Any]) -> Iterator[Table]:
    facts = Table(show_header=False, box=None, pad_edge=False)
    lists: list[Table] = []
    for name, value in _flat(content):
        columns = _columns(value)
        if 0 < len(columns) <= MOST_COLUMNS:
            lists.append(_listed(name, columns, value))
        else:
            facts.add_row(_shown(name), _shown(value))
    yield facts
    yield from lists


def _flat(content: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _columns(value: Any) -> list[str]:
    """Of a list of objects: every name that one of them has. Of anything else none."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return []
    return list(dict.fromkeys(column for row in value for column in row))


def _listed(name: str, columns: Sequence[str], rows: list[dict[str, Any]]) -> Table:
    table = Table(title=_shown(name), title_justify="left")
    for column in columns:
        table.add_column(_shown(column))
    for row in rows:
        table.add_row(*(_shown(row.get(column, "")) for column in columns))
    return table


def _shown(value: Any) -> Text:
    """Without what a forger may have written to steer the reader's terminal."""
    if isinstance(value, dict):
        value = ", ".join(f"{name}: {part}" for name, part in value.items())
    return Text(printable("–" if value is None else str(value)))
