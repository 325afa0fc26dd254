"""Photos of papers, put where customers would have sent them: for tests of what comes after."""

from collections.abc import Sequence
from datetime import datetime

from signoff.closing.models import Case
from signoff.evidence.models import Evidence
from tests.world import NOON

ID_CARD = ("id_card_front", "id_card_back")


def with_papers(
    case: Case, kinds: Sequence[str] = ID_CARD, *, at: datetime = NOON
) -> list[Evidence]:
    """The rows as they are when the customer has added photos; nobody can open what is in them."""
    return [
        Evidence.objects.create(
            case=case,
            kind=kind,
            number=1,
            state="ready",
            media_type="image/jpeg",
            width=320,
            height=240,
            size=3,
            sha256="0" * 64,
            content=b"...",
            added_at=at,
        )
        for kind in kinds
    ]
