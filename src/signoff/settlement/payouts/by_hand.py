"""Transfers for which there is no bank file: a person makes each at the bank, and says how it went."""

from datetime import datetime

from django.db import transaction

from signoff.accounts.models import User
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.models import Place, PlaceKind, Refund, RefundState
from signoff.settlement.payouts.files import format_for
from signoff.settlement.refunds.marking import mark, stream_of
from signoff.settlement.refunds.queries import ready_by_file, ready_for_bank, with_approvals


def waiting() -> list[Refund]:
    """Those that no file carries, released and approved, oldest first."""
    groups = [g for g in ready_by_file() if not format_for(g.kind, g.currency)]
    return [row for group in groups for row in ready_for_bank(group.kind, group.currency)]


def under_way() -> list[Refund]:
    """Made by a person, and not known to have arrived or come back."""
    kinds = [PlaceKind.IBAN, PlaceKind.CN_CARD]
    rows = with_approvals().filter(state=RefundState.SENT, batch=None, place__kind__in=kinds)
    return list(rows.order_by("changed_at", "pk"))


def account_of(*, refund: int, by: User, now: datetime) -> Place:
    """Where it goes, for the person who types it in at the bank; that they saw it is on record.

    Raises Refund.DoesNotExist, Refusal if it does not wait for a person.
    """
    row = _waiting(refund)
    assert row.place is not None  # noqa: S101 - what waits has a place
    _record(Event.BATCH_FILE_TAKEN, row, by, now)
    return row.place


def transferred(*, refund: int, place: int, by: User, now: datetime) -> None:
    """The person has made the transfer, to the place that they were shown.

    Raises as `account_of`; Conflict if somebody was first, or the customer named another place.
    """
    row = _waiting(refund)
    assert row.place is not None  # noqa: S101 - the same
    if row.place.pk != place:
        raise Conflict(f"refund {refund} goes to another place by now")
    with transaction.atomic():
        sent = mark(
            refund=row.pk,
            state=RefundState.SENT,
            route=row.place.kind,
            attempt=row.attempt,
            now=now,
        )
        if not sent:
            raise Conflict(f"refund {refund} changed meanwhile")
        _record(Event.BATCH_SENT, row, by, now)


def ended(*, refund: int, arrived: bool, by: User, now: datetime) -> None:
    """It has arrived, or came back: then the customer is asked for another place.

    Raises Refusal if it is not one of those that a person has made; Conflict.
    """
    row = next((one for one in under_way() if one.pk == refund), None)
    if row is None or row.place is None:
        raise Refusal("not_by_hand", _("This transfer does not wait for your word."))
    with transaction.atomic():
        changed = mark(
            refund=row.pk,
            state=RefundState.PAID if arrived else RefundState.FAILED,
            route=row.place.kind,
            failure="" if arrived else "returned",
            attempt=row.attempt,
            now=now,
        )
        if not changed:
            raise Conflict(f"refund {refund} changed meanwhile")
        _record(Event.BANK_STATUS_READ, row, by, now)


def _waiting(refund: int) -> Refund:
    row = next((one for one in waiting() if one.pk == refund), None)
    if row is None:
        raise Refusal("not_by_hand", _("This transfer does not wait for your word."))
    return row


def _record(event: Event, row: Refund, by: User, now: datetime) -> None:
    with transaction.atomic():
        record(
            event=event,
            stream=stream_of(row.case),
            at=now,
            actor=f"user:{by.pk}",
            facts={"refund": row.pk, "amount": row.amount_minor, "currency": row.currency},
        )
