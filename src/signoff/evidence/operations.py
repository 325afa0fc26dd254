"""Adding, removing and looking at pictures of papers.

Every function takes the case and finds the picture among those of this case only: the id of
somebody else's picture is as good as none.
"""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from signoff.accounts.models import User
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.closing.models import Case
from signoff.closing.queries import locked_case
from signoff.closing.state import stream_of
from signoff.config import config
from signoff.evidence import advising, queries, sandbox
from signoff.evidence.keys import operator_keys
from signoff.evidence.models import CaseKey, Evidence, EvidenceState, Viewing
from signoff.evidence.rules import MAX_PICTURES, check_kind
from signoff.evidence.sealing import OperatorKeys, SealBroken, new_key, seal, unseal
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _

CUSTOMER = "customer"
NO_PICTURE = "no_such_picture"
"""Code of the refusal for a picture that is not there, or not for this person."""


def add(
    *, case: Case, kind: str, content: bytes, allowed: Collection[str], now: datetime
) -> Evidence:
    """Takes a file, cleans it, and keeps what is left of it; returns the first page.

    An earlier picture of the same kind is replaced. allowed: the kinds of paper that the rule pack
    lets us ask for. Takes up to ten seconds, and holds no transaction meanwhile.

    Raises InvalidValue for a kind or a file that is not taken, Refusal if the case takes no
    pictures now or has too many, EvidenceKeyError if the operator's key is missing.
    """
    check_kind(kind, allowed)
    _refuse_if_shut(case)
    keys = operator_keys(config())  # before the work, not after it
    cleaned = sandbox.clean(content)
    with transaction.atomic():
        case = locked_case(case.pk)
        _refuse_if_shut(case)
        _refuse_if_full(case, kind, len(cleaned.pages))
        _end(queries.ready(case).filter(kind=kind), EvidenceState.REPLACED, now)
        rows = _keep(case, kind, cleaned, _data_key(case, keys, now), now)
        record(
            event=Event.EVIDENCE_ADDED,
            stream=stream_of(case),
            at=now,
            actor=CUSTOMER,
            facts={"kind": kind, "pages": len(rows)},
        )
        advising.ask(rows=rows, country=case.country, now=now)
    return rows[0]


def _refuse_if_shut(case: Case) -> None:
    if not queries.takes_pictures(case):
        raise Refusal(
            "no_pictures_now",
            _("Pictures can be added or removed only before you send your request, or when asked."),
        )


def _refuse_if_full(case: Case, kind: str, more: int) -> None:
    if queries.ready(case).exclude(kind=kind).count() + more > MAX_PICTURES:
        raise Refusal(
            "too_many_pictures",
            _("There is room for %(limit)s pictures, each page counted. Remove one first."),
            limit=MAX_PICTURES,
        )


def _data_key(case: Case, keys: OperatorKeys, now: datetime) -> bytes:
    """The case's key, made with its first picture. The case is locked: nobody makes a second."""
    row = CaseKey.objects.filter(case=case).first()
    if row is not None:
        return keys.unwrap(bytes(row.wrapped), row.key_id, case.pk)
    made = new_key()
    CaseKey.objects.create(
        case=case, wrapped=keys.wrap(made, case.pk), key_id=keys.first_id, created_at=now
    )
    return made


def _keep(
    case: Case, kind: str, cleaned: sandbox.Cleaned, data_key: bytes, now: datetime
) -> list[Evidence]:
    rows = []
    for number, page in enumerate(cleaned.pages, start=1):
        identifier = uuid4()
        rows.append(
            Evidence(
                id=identifier,
                case=case,
                kind=kind,
                number=number,
                pages_left_out=cleaned.left_out,
                state=EvidenceState.READY,
                media_type=cleaned.media_type.value,
                width=page.width,
                height=page.height,
                size=len(page.content),
                sha256=hashlib.sha256(page.content).hexdigest(),
                content=seal(data_key, page.content, case=case.pk, evidence=identifier),
                added_at=now,
            )
        )
    return Evidence.objects.bulk_create(rows)


def _end(rows: QuerySet[Evidence], state: EvidenceState, now: datetime) -> int:
    """What is over has no content, and no fingerprint of it; that it was there stays known."""
    return Evidence.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(
        state=state, content=b"", sha256="", deleted_at=now
    )


def remove(*, case: Case, evidence_id: UUID, now: datetime) -> None:
    """Takes a picture back, with the other pages of the same file.

    Raises Refusal if the case has no such picture, or its pictures cannot be changed now.
    """
    with transaction.atomic():
        case = locked_case(case.pk)
        _refuse_if_shut(case)
        kind = _ready(case, evidence_id).kind
        pages = _end(queries.ready(case).filter(kind=kind), EvidenceState.REMOVED, now)
        record(
            event=Event.EVIDENCE_REMOVED,
            stream=stream_of(case),
            at=now,
            actor=CUSTOMER,
            facts={"kind": kind, "pages": pages},
        )


def _ready(case: Case, evidence_id: UUID) -> Evidence:
    row = Evidence.objects.filter(case=case, pk=evidence_id, state=EvidenceState.READY).first()
    if row is None:
        raise _no_such_picture()
    return row


def _no_such_picture() -> Refusal:
    return Refusal(NO_PICTURE, _("There is no such picture, or not any more."))


def show(*, case: Case, evidence_id: UUID, viewer: User, now: datetime) -> bytes:
    """A JPEG for the eyes of `viewer`, with case, viewer and time (UTC) written all over it.

    That it was looked at is on record before the picture leaves. For the staff and the customer
    whose case it is. Raises Refusal if there is no such picture for this person, SealBroken if it
    was tampered with, EvidenceKeyError.
    """
    if not (viewer.is_staff or case.account.user_id == viewer.pk):
        raise _no_such_picture()
    row = _ready(case, evidence_id)
    marked = sandbox.marked(_opened(row), _mark(case, viewer, now))
    with transaction.atomic():
        _record_look(case, row, f"user:{viewer.pk}", now)
        Viewing.objects.create(evidence_id=evidence_id, viewer=viewer, at=now)
    return marked


def open_for_check(*, case: Case, evidence_id: UUID, now: datetime) -> bytes:
    """The clean JPEG without a mark, for a program of ours that reads it; never for a page.

    That it was read is on record. Raises as `show`.
    """
    row = _ready(case, evidence_id)
    content = _opened(row)
    with transaction.atomic():
        _record_look(case, row, "idcheck", now)
    return content


def _record_look(case: Case, row: Evidence, actor: str, now: datetime) -> None:
    """Raises Refusal if the picture went away meanwhile."""
    case = locked_case(case.pk)  # pages show several at a time: one after the other
    _ready(case, row.pk)
    record(
        event=Event.EVIDENCE_VIEWED,
        stream=stream_of(case),
        at=now,
        actor=actor,
        facts={"kind": row.kind, "page": row.number},
    )


def _mark(case: Case, viewer: User, now: datetime) -> str:
    """The font has Latin letters; a person with another name is written as a number."""
    name = viewer.username if viewer.username.isascii() else f"user {viewer.pk}"
    return f"{case.number}  {name}  {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _opened(row: Evidence) -> bytes:
    key = CaseKey.objects.filter(case_id=row.case_id).first()
    if key is None:
        raise SealBroken("the key of this case is gone")
    data_key = operator_keys(config()).unwrap(bytes(key.wrapped), key.key_id, row.case_id)
    content = unseal(data_key, bytes(row.content), case=row.case_id, evidence=row.pk)
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise SealBroken("the picture is not the one that was kept")
    return content
