"""Writing and signing a record, for the tests of it."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from signoff.audit import checkpoints
from signoff.audit.events import Event
from signoff.audit.models import AuditRow, Checkpoint
from signoff.audit.operations import record
from signoff.audit.verification import Verification, verify
from signoff.kernel.keys import key_id

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)


def write(stream: str, count: int = 1) -> list[AuditRow]:
    """Rows as the product writes them."""
    with transaction.atomic():
        return [
            record(
                event=Event.CASE_STARTED,
                stream=stream,
                at=NOON + timedelta(seconds=step),
                actor="user:7",
                facts={"step": step, "name": "注销", "ok": True, "none": None},
            )
            for step in range(count)
        ]


def sign(key: Ed25519PrivateKey, *, trusted: Collection[str] = ()) -> Checkpoint:
    """A checkpoint of what waits, which must be something."""
    made = checkpoints.make(key=key, trusted=trusted, now=NOON).checkpoint
    assert made is not None
    return made


def verified(*keys: Ed25519PrivateKey) -> Verification:
    """With these keys as ours."""
    return verify(trusted={key_id(key.public_key()) for key in keys})


def named(*keys: Ed25519PrivateKey) -> list[tuple[str, int]]:
    """What is found broken, by its place."""
    return [(row.stream, row.seq) for row in verified(*keys).broken]
