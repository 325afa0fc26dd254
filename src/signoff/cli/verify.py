"""`signoff verify FILE`: is this certificate of closing genuine? Needs no database, no settings."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from signoff.termination import certificate, keys

Trusted = Annotated[
    list[Path] | None,
    typer.Option("--key", help="The carrier's public key (PEM), from a source that you trust."),
]


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
        _stop(f"Not genuine: {error}")
    except (OSError, keys.KeyFileError) as error:
        _stop(f"Cannot be checked: {error}")
    for table in _tables(content):
        console.print(table)
    if trusted is None:
        console.print(
            "Nothing was changed since it was signed with the key inside this file.\n"
            "Whether that key is the carrier's, the file alone cannot tell: compare this "
            "fingerprint with the one that the carrier publishes, or give its key with --key.\n"
            f"Fingerprint (SHA-256): {keys.spoken(fingerprint)}"
        )
    else:
        console.print("Genuine: signed with the given key, and nothing was changed since.")


def _stop(why: str) -> NoReturn:
    Console(stderr=True, markup=False, soft_wrap=True).print(why)
    raise typer.Exit(1)


def _document(file: Path) -> bytes:
    """At most one byte more than a certificate can have: the rest of a huge file stays unread."""
    with file.open("rb") as stream:
        return stream.read(certificate.LIMIT + 1)


def _tables(content: Mapping[str, Any]) -> Iterator[Table]:
    facts = Table(show_header=False, box=None, pad_edge=False)
    lists: list[Table] = []
    for name, value in _flat(content):
        if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            lists.append(_listed(name, value))
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


def _listed(name: str, rows: list[dict[str, Any]]) -> Table:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    table = Table(title=_shown(name), title_justify="left")
    for column in columns:
        table.add_column(_shown(column))
    for row in rows:
        table.add_row(*(_shown(row.get(column, "")) for column in columns))
    return table


def _shown(value: Any) -> Text:
    """Without control characters: what a forger wrote must not steer the reader's terminal."""
    if isinstance(value, dict):
        value = ", ".join(f"{name}: {part}" for name, part in value.items())
    text = "–" if value is None else str(value)
    return Text(
        "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
    )
