"""`signoff keys`: the key that signs certificates, that of web push, those that seal photos."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from signoff.cli import evidence_keys
from signoff.kernel import keys, push_key

app = typer.Typer(
    help="The key that signs certificates, that of web push, those that seal photos.",
    no_args_is_help=True,
)
app.command("new-evidence")(evidence_keys.new_evidence)
app.command("rotate-evidence")(evidence_keys.rotate_evidence)

KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--file", envvar="SIGNOFF_SIGNING_KEY", help="Of the private key; default: in the home."
    ),
]
Home = Annotated[Path, typer.Option(envvar="SIGNOFF_HOME", help="Folder of database and keys.")]


@app.command()
def new(file: KeyFile = None, home: Home = Path("var")) -> None:
    """Make a private key (mode 0600). An existing one is never overwritten."""
    path = file or home / keys.FILE_NAME
    try:
        key = keys.create(path)
    except (keys.KeyFileError, OSError) as error:
        _stop(error)
    Console(highlight=False, soft_wrap=True).print(f"Made {path}.", markup=False)
    _tell(keys.key_id(key.public_key()))


@app.command()
def show(file: KeyFile = None, home: Home = Path("var")) -> None:
    """Print the public key and its fingerprint; publish both, for checking certificates."""
    try:
        key = keys.load(file or home / keys.FILE_NAME).public_key()
    except keys.KeyFileError as error:
        _stop(error)
    Console(highlight=False, soft_wrap=True).print(keys.public_pem(key), end="", markup=False)
    _tell(keys.key_id(key))


@app.command("new-push")
def new_push(
    file: Annotated[Path | None, typer.Option("--file", help="Default: in the home.")] = None,
    home: Home = Path("var"),
) -> None:
    """Make the key of web push (VAPID, mode 0600). An existing one is never overwritten.

    With another key, whoever is told on a device has to switch it on again.
    """
    path = file or home / push_key.FILE_NAME
    try:
        push_key.create(path)
    except (keys.KeyFileError, OSError) as error:
        _stop(error)
    Console(highlight=False, soft_wrap=True).print(
        f"Made {path}. To offer web push: SIGNOFF_PUSH_KEY={path}", markup=False
    )


def _tell(fingerprint: str) -> None:
    # Beside the key, not in it: `signoff keys show > public.pem` gives a file to use as it is.
    Console(stderr=True, highlight=False, soft_wrap=True).print(
        f"Fingerprint (SHA-256): {keys.spoken(fingerprint)}"
    )


def _stop(error: Exception) -> NoReturn:
    Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), markup=False)
    raise typer.Exit(1) from None
