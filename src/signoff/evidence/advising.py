"""Having pictures looked at by our own machine, and keeping what it noticed.

Without the extra `signoff[idcheck]` nothing is asked for, and nothing else is missing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from signoff import idcheck
from signoff.evidence.models import Advice, Evidence, EvidenceState
from signoff.idcheck.verdicts import from_json, to_json
from signoff.ports.engine import engine

LOOK = "look_at_picture"
"""Workflow that looks at one picture. Arguments: its id and the try."""
MAX_TRIES = 3
STALE_AFTER = timedelta(minutes=2)

_KINDS = {
    ("passport", False): idcheck.Kind.PASSPORT,
    ("passport", True): idcheck.Kind.PASSPORT,
    ("driving_licence", False): idcheck.Kind.DRIVING_LICENCE,
    ("driving_licence", True): idcheck.Kind.DRIVING_LICENCE,
    ("id_card_front", True): idcheck.Kind.CN_ID_FRONT,
    ("id_card_back", True): idcheck.Kind.CN_ID_BACK,
    ("id_card_back", False): idcheck.Kind.ID_CARD,
}
"""(kind of paper, of China) → what the look expects. Other papers are for people only."""


def kind_to_look_for(kind: str, country: str) -> idcheck.Kind | None:
    """None for a paper on which there is nothing that a machine could compare."""
    return _KINDS.get((kind, country == "CN"))


def ask(*, rows: Iterable[Evidence], country: str, now: datetime) -> None:
    """Has the worker look at pictures, in the caller's transaction."""
    if not idcheck.available():
        return
    for row in rows:
        if row.number == 1 and kind_to_look_for(row.kind, country):
            look_again(Advice.objects.create(evidence=row, asked_at=now))


def run_key(evidence: UUID, tries: int) -> str:
    """One run for each try."""
    return f"look:{evidence}:{tries}"


def look_again(advice: Advice) -> None:
    """Once for each try, whoever asks for it."""
    with transaction.atomic():
        tries = advice.tries + 1
        if Advice.objects.filter(pk=advice.pk, tries=advice.tries).update(tries=tries):
            key = run_key(advice.evidence_id, tries)
            engine().enqueue(LOOK, key, str(advice.evidence_id), tries)


def keep(*, evidence: UUID, advice: idcheck.Advice, now: datetime) -> None:
    """What was noticed; nothing if the picture has gone meanwhile."""
    Advice.objects.filter(
        evidence=evidence, evidence__state=EvidenceState.READY, given_at=None
    ).update(content=to_json(advice), given_at=now)


def advice_of(row: Evidence) -> idcheck.Advice | None:
    """What was noticed of a picture; None while nothing is known. Read it with `advice`."""
    try:
        kept = row.advice
    except Advice.DoesNotExist:
        return None
    return from_json(kept.content) if kept.given_at else None


def is_being_looked_at(row: Evidence) -> bool:
    """The customer may wait a moment for what is noticed; not for the last try, after which nobody
    looks any more."""
    try:
        kept = row.advice
    except Advice.DoesNotExist:
        return False
    return kept.given_at is None and kept.tries < MAX_TRIES


def unanswered(now: datetime) -> list[Advice]:
    """Looks that were asked for a while ago, and of which nothing has come."""
    rows = Advice.objects.filter(
        given_at=None,
        tries__lt=MAX_TRIES,
        asked_at__lt=now - STALE_AFTER,
        evidence__state=EvidenceState.READY,
    )
    return list(rows.order_by("pk")[:100])
