"""The operator's keys for evidence: from the environment, or a file that only its owner may read."""

import base64
import binascii
import os
import stat
from pathlib import Path

from signoff.config import Config
from signoff.evidence.sealing import KEY_BYTES, EvidenceKeyError, OperatorKeys, new_key

FILE_NAME = "evidence-keys"
"""In the home folder: one key a line, base64; the first wraps."""


def operator_keys(settings: Config) -> OperatorKeys:
    """From SIGNOFF_EVIDENCE_KEYS; if that is empty, from the file. Raises EvidenceKeyError."""
    if settings.evidence_keys:
        given = [key.get_secret_value() for key in settings.evidence_keys]
        return OperatorKeys(tuple(_read(text, "SIGNOFF_EVIDENCE_KEYS") for text in given))
    return load(settings.home / FILE_NAME)


def load(path: Path) -> OperatorKeys:
    """Raises EvidenceKeyError if the file is missing, others may read it, or a line is no key."""
    try:
        mode = path.stat().st_mode
        lines = path.read_text("ascii", "replace").split()
    except OSError as error:
        raise EvidenceKeyError(
            f"{path} cannot be read ({error.strerror}); `signoff keys new-evidence` makes a key"
        ) from None
    if stat.S_IMODE(mode) & 0o077:
        raise EvidenceKeyError(
            f"{path} can be read by others than its owner: `chmod 600 {path}`, "
            "and if somebody may have read it, make a new key in front and rotate"
        )
    if not lines:
        raise EvidenceKeyError(f"{path} is empty; `signoff keys new-evidence` makes a key")
    return OperatorKeys(tuple(_read(line, str(path)) for line in lines))


def written(key: bytes) -> str:
    """As it stands in the file and in the environment."""
    return base64.b64encode(key).decode()


def _read(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise EvidenceKeyError(f"{where}: a key is {KEY_BYTES} bytes in base64")
    return key


def add_first(path: Path) -> OperatorKeys:
    """Puts a new key before those that are in the file, or makes the file with it.

    The old ones stay, to open what they sealed. Raises EvidenceKeyError if the file cannot be used
    or somebody else is changing it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    try:
        # The draft is the lock, too: of two that begin at once only one goes on.
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise EvidenceKeyError(
            f"{draft} is there: another command is changing the keys, or was cut off; "
            "if none is running, delete it"
        ) from None
    try:
        with os.fdopen(handle, "w") as file:
            old = load(path).keys if path.exists() else ()
            made = OperatorKeys((new_key(), *old))
            file.writelines(f"{written(key)}\n" for key in made.keys)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return made


def load_or_create(path: Path) -> OperatorKeys:
    """The keys in the file; one is made now if there is no file. Raises EvidenceKeyError."""
    return load(path) if path.exists() else add_first(path)
