"""Whose checkpoints are ours: the operator's signing key, and those it had before."""

from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signoff.config import config
from signoff.kernel import keys


def our_key() -> Ed25519PrivateKey:
    """The operator's signing key. Raises keys.KeyFileError."""
    return keys.load(config().signing_key_file)


def former_keys() -> set[str]:
    """Fingerprints of earlier keys. Raises keys.KeyFileError."""
    return fingerprints(config().former_keys)


def fingerprints(files: Iterable[Path]) -> set[str]:
    """Of public keys in PEM form. Raises keys.KeyFileError."""
    return {keys.key_id(keys.load_public(path)) for path in files}
