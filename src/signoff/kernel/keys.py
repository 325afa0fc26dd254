"""The Ed25519 key that signs certificates and checkpoints: one file that only its owner may read. No Django."""

import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from signoff.kernel.errors import SignoffError

FILE_NAME = "signing-key.pem"
"""In the home folder, unless the operator names another file."""


class KeyFileError(SignoffError):
    """A key file is missing, open to others or no Ed25519 key; the text says what to do."""


def key_id(key: Ed25519PublicKey) -> str:
    """Fingerprint: SHA-256 of the public key (SubjectPublicKeyInfo, DER), 64 hexadecimal digits.

    The same as `openssl pkey -pubin -in public.pem -outform DER | sha256sum`.
    """
    encoded = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = hashes.Hash(hashes.SHA256())
    digest.update(encoded)
    return digest.finalize().hex()


def spoken(fingerprint: str) -> str:
    """In groups of four, for comparing by eye."""
    return " ".join(fingerprint[i : i + 4] for i in range(0, len(fingerprint), 4))


def public_pem(key: Ed25519PublicKey) -> str:
    """As a file to hand out."""
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def create(path: Path) -> Ed25519PrivateKey:
    """A new key in a file of mode 0600. Raises KeyFileError if the file is there already."""
    key = Ed25519PrivateKey.generate()
    write_new(path, private_pem(key))
    return key


def private_pem(key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> bytes:
    """As it stands in its file: PKCS #8, not encrypted."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def write_new(path: Path, pem: bytes) -> None:
    """A file of mode 0600. Raises KeyFileError if the file is there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written whole beside its place, then linked: nobody ever reads half a key, and of two
    # processes that start at once only one wins.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        raise KeyFileError(f"{path} exists already; a key is never overwritten") from None
    finally:
        draft.unlink(missing_ok=True)


def load(path: Path) -> Ed25519PrivateKey:
    """Raises KeyFileError if the file is missing, others may read it, or it is no such key."""
    key = read_private(path, made_by="signoff keys new")
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{path} is a private key, but not of Ed25519")
    return key


def read_private(path: Path, *, made_by: str) -> object:
    """The private key in a PEM file, of whatever kind. made_by: the command that makes one.

    Raises KeyFileError if the file is missing, others may read it, or it holds no such key.
    """
    try:
        mode = path.stat().st_mode
        pem = path.read_bytes()
    except OSError as error:
        raise KeyFileError(
            f"{path} cannot be read ({error.strerror}); `{made_by}` makes a key"
        ) from None
    if stat.S_IMODE(mode) & 0o077:
        raise KeyFileError(
            f"{path} can be read by others than its owner: `chmod 600 {path}`, "
            "and if somebody may have read it, make a new key"
        )
    try:
        return serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(f"{path} is no unencrypted private key in PEM form") from None


def load_or_create(path: Path) -> Ed25519PrivateKey:
    """The key in the file; made now if there is none. Raises KeyFileError as `load` does."""
    if not path.exists():
        try:
            return create(path)
        except KeyFileError:
            pass  # another process was first: its key is the one
    return load(path)


def load_public(path: Path) -> Ed25519PublicKey:
    """A public key in PEM form. Raises KeyFileError."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise KeyFileError(f"{path} cannot be read ({error.strerror})") from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyFileError(f"{path} is no public key in PEM form") from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyFileError(f"{path} is a public key, but not of Ed25519")
    return key
