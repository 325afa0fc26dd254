"""Looking at one picture of a paper, in a process of its own."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog

from signoff.evidence import advising, registered
from signoff.evidence.models import EvidenceState
from signoff.evidence.operations import open_for_check
from signoff.evidence.queries import picture_by_id
from signoff.idcheck import Unavailable
from signoff.idcheck.child import advise_in_child
from signoff.kernel.errors import Refusal

log = structlog.get_logger()


def look_at_picture(identifier: UUID, tries: int, *, now: Callable[[], datetime]) -> None:
    """It advises only: whatever goes wrong here, a person looks at the picture all the same."""
    row = picture_by_id(identifier)
    if row is None or row.state != EvidenceState.READY or row.advice.tries != tries:
        return
    case = row.case
    kind = advising.kind_to_look_for(row.kind, case.country)
    if kind is None or row.advice.given_at:
        return
    moment = now()
    today = case.account.day_at(moment)
    try:
        content = open_for_check(case=case, evidence_id=row.pk, now=moment)
        number = registered.number_of(case.account)
        advice = advise_in_child(content, kind, case.account.name, number, today)
    except (Unavailable, Refusal) as error:
        log.info("picture_not_looked_at", why=type(error).__name__)
        return
    advising.keep(evidence=row.pk, advice=advice, now=now())
