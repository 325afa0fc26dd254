"""The end of pictures by the clock, and new keys for those that are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Max

from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.closing.models import Case
from signoff.closing.queries import locked_case
from signoff.closing.rules import FINAL_STATES, CaseState
from signoff.closing.state import stream_of
from signoff.config import config
from signoff.evidence import registered
from signoff.evidence.keys import operator_keys
from signoff.evidence.models import CaseKey, Evidence, EvidenceState
from signoff.evidence.rules import DECIDED, is_due
from signoff.evidence.sealing import EvidenceKeyError
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.words import gettext_noop as _

log = structlog.get_logger()

KEYS_STREAM = "evidence-keys"


def delete_due(*, now: datetime, after: Callable[[Case], timedelta]) -> int:
    """Erases the pictures of every case whose time is over; returns how many cases.

    after: how long after the decision they may be kept, as `review.photos.kept_for`; for a case
    that ended without one, after its end. A draft that nobody sends loses them after 30 days.

    The key of the case is deleted: what lies in a backup or a free page of the database does not
    open any more without it. A case that somebody else is changing just now waits for next time;
    one that breaks is logged, and keeps nobody else's. Raises DatabaseError.
    """
    over = [state.value for state in (CaseState.DRAFT, *DECIDED)]
    held = (
        CaseKey.objects.filter(case__state__in=over)
        .annotate(last_added=Max("case__evidence__added_at"))
        .select_related("case__account")
        .order_by("pk")
    )
    erased = 0
    for row in held:
        try:
            if _is_due(row.case, row.last_added, after(row.case), now):
                erased += _erase(row.case.pk, after, now)
        except Conflict:
            continue
        except DatabaseError:
            raise
        except Exception:
            log.exception("photos_not_erased", case=str(row.case.pk))
    return erased


def _erase(case_id: UUID, after: Callable[[Case], timedelta], now: datetime) -> bool:
    """Looks again first, now that nobody can add to the case or move it meanwhile."""
    with transaction.atomic():
        case = locked_case(case_id)
        last = Evidence.objects.filter(case=case).aggregate(at=Max("added_at"))["at"]
        if not _is_due(case, last, after(case), now):
            return False
        return _erase_now(case, "policy", now)


def delete_at_wish(*, case: Case, now: datetime) -> None:
    """The customer wants the pictures of a case that is over gone now. Twice is as good as once.

    Raises Refusal while somebody decides with them: an appeal may have come just before.
    """
    with transaction.atomic():
        case = locked_case(case.pk)
        if CaseState(case.state) not in FINAL_STATES:
            raise Refusal(
                "photos_needed",
                _("Your photos are needed for the decision. They are deleted after it."),
            )
        _erase_now(case, "customer", now)


def _erase_now(case: Case, actor: str, now: datetime) -> bool:
    """False if there is nothing (any more). The caller holds the case."""
    if not CaseKey.objects.filter(case=case).delete()[0]:
        return False
    pages = Evidence.objects.filter(case=case, state=EvidenceState.READY).update(
        state=EvidenceState.ERASED, content=b"", sha256="", deleted_at=now
    )
    record(
        event=Event.EVIDENCE_ERASED,
        stream=stream_of(case),
        at=now,
        actor=actor,
        facts={"pages": pages},
    )
    return True


def _is_due(case: Case, last_added: datetime | None, kept_for: timedelta, now: datetime) -> bool:
    return is_due(
        state=CaseState(case.state),
        decided_at=case.decided_at,
        ended_at=case.ended_at,
        last_added=last_added or case.created_at,
        kept_for=kept_for,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """cases: whose key is under the first key now and was not; numbers: of registered papers, too.
    first: its id. lost: ids of the operator's keys that are missing, so that what they wrapped stays
    shut."""

    cases: int
    numbers: int
    first: str
    lost: tuple[str, ...]


def rewrap_keys(*, now: datetime) -> Rewrapped:
    """Seals the key of every case, and every registered number, under the operator's first key;
    the pictures stay as they are.

    May run while customers add pictures, and be repeated. Raises EvidenceKeyError, SealBroken.
    """
    keys = operator_keys(config())
    done, lost = 0, set[str]()
    for row in CaseKey.objects.exclude(key_id=keys.first_id).order_by("pk"):
        try:
            data_key = keys.unwrap(bytes(row.wrapped), row.key_id, row.case_id)
        except EvidenceKeyError:
            lost.add(row.key_id)
            continue
        # By compare-and-set: two commands at a time do the work once.
        done += CaseKey.objects.filter(pk=row.pk, key_id=row.key_id).update(
            wrapped=keys.wrap(data_key, row.case_id), key_id=keys.first_id
        )
    numbers, lost_too = registered.rewrap(keys)
    if done or numbers:
        with transaction.atomic():
            record(
                event=Event.EVIDENCE_KEYS_ROTATED,
                stream=KEYS_STREAM,
                at=now,
                actor="cli",
                facts={"cases": done, "numbers": numbers, "key": keys.first_id},
            )
    return Rewrapped(done, numbers, keys.first_id, tuple(sorted(lost | lost_too)))
