"""Personal data that the desk shows masked, and whole only to who asks for it: on record."""

import enum
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from signoff.accounts.models import User
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.closing.models import Case
from signoff.closing.queries import locked_case
from signoff.closing.state import stream_of


class Hidden(enum.Enum):
    """NUMBERS: of the lines. SIMS: their IMSI and ICCID. ID_NUMBER: of the paper that the lines were
    registered with, to be compared by eye with a photo."""

    EMAIL = "email"
    PHONE = "phone"
    NUMBERS = "numbers"
    SIMS = "sims"
    ID_NUMBER = "id_number"


def disclose(*, case: Case, viewer: User, what: Collection[Hidden], now: datetime) -> None:
    """Puts on record that `viewer` asked for it: which kind, and never a value."""
    with transaction.atomic():
        case = locked_case(case.pk)
        record(
            event=Event.PERSONAL_DATA_SHOWN,
            stream=stream_of(case),
            at=now,
            actor=f"user:{viewer.pk}",
            facts={"what": " ".join(kind.value for kind in Hidden if kind in what)},
        )
