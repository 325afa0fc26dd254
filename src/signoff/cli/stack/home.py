"""The folder in which a demo keeps its data, so that the next start goes on where the last ended."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from signoff.cli.stack.problems import StackError
from signoff.evidence import keys as evidence_keys
from signoff.evidence.sealing import EvidenceKeyError
from signoff.kernel import keys

_OURS = (
    "signoff.sqlite3", "signoff.sqlite3-wal", "signoff.sqlite3-shm",
    "box.sqlite3", "box.sqlite3-wal", "box.sqlite3-shm", "box.sqlite3-journal",
    "secret-key", keys.FILE_NAME, evidence_keys.FILE_NAME, "log", "static",
)  # fmt: skip
"""What a reset removes: what the demo made, and nothing else that may lie in the folder."""


class DemoHome:
    """One folder, used by one demo at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @property
    def logs(self) -> Path:
        """What the processes say."""
        return self.folder / "log"

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Ours as long as this lasts. Raises StackError if another demo has it, or it is not ours."""
        import fcntl  # noqa: PLC0415 - not on Windows, where the other commands still work

        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.logs.mkdir(exist_ok=True)
            lock = (self.folder / "demo.lock").open("w")
        except OSError as error:
            raise StackError(f"{self.folder} cannot be used: {error.strerror}") from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StackError(
                    f"A demo is running in {self.folder} already. Stop it first, or give this one "
                    "another folder: --home"
                ) from None
            yield

    def reset(self) -> None:
        """As if no demo had ever run here."""
        for name in _OURS:
            path = self.folder / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        self.logs.mkdir(parents=True, exist_ok=True)

    def secret_key(self) -> str:
        """Made once, kept in a file that only its owner may read."""
        path = self.folder / "secret-key"
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text()

    def make_signing_key(self) -> None:
        """The key for certificates, if there is none. Raises StackError if it cannot be used."""
        try:
            keys.load_or_create(self.folder / keys.FILE_NAME)
        except keys.KeyFileError as error:
            raise StackError(str(error)) from None

    def make_evidence_key(self) -> None:
        """The key for photos, if there is none. Raises StackError if it cannot be used."""
        try:
            evidence_keys.load_or_create(self.folder / evidence_keys.FILE_NAME)
        except EvidenceKeyError as error:
            raise StackError(str(error)) from None
