"""Transfers for which there is no bank file: a person makes each at the bank, and says how it went."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from signoff.accounts.models import User
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.models import Place, Refund, RefundState
from signoff.settlement.payouts.files import CURRENCIES
from signoff.settlement.refunds.marking import mark, stream_of
from signoff.settlement.refunds.queries import waiting_for_file, with_approvals


def _waiting() -> "QuerySet[Any]":
    by_file = [Q(place__kind=kind, currency=code) for kind, code in CURRENCIES.items()]
    return waiting_for_file().exclude(reduce(or_, by_file)).order_by("released_at", "pk")


def _under_way() -> "QuerySet[Any]":
    rows = with_approvals().filter(
        state=RefundState.SENT, batch=None, place__kind__in=list(CURRENCIES)
    )
    return rows.order_by("changed_at", "pk")


def waiting() -> list[Refund]:
    """Those that no file carries, released and approved, oldest first."""
    return list(_waiting())


def under_way() -> list[Refund]:
    """Made by a person, and not known to have arrived or come back."""
    return list(_under_way())


def _one(rows: "QuerySet[Any]", refund: int) -> tuple[Refund, Place]:
    row = rows.filter(pk=refund).first()
    if row is None or row.place is None:
        raise Refusal("not_by_hand", _("This transfer does not wait for your word."))
    return row, row.place


def account_of(*, refund: int, by: User, now: datetime) -> Place:
    """Where it goes, for the person who types it in at the bank; that they saw it is on record.

    Raises Refusal if it does not wait for a person.
    """
    row, place = _one(_waiting(), refund)
    _record(Event.BATCH_FILE_TAKEN, row, by, now)
    return place


def transferred(*, refund: int, place: int, by: User, now: datetime) -> None:
    """The person has made the transfer, to the place that they were shown.

    Raises as `account_of`; Conflict if somebody was first, or the customer named another place.
    """
    row, goes_to = _one(_waiting(), refund)
    if goes_to.pk != place:
        raise Conflict(f"refund {refund} goes to another place by now")
    with transaction.atomic():
        sent = mark(
            refund=row.pk,
            state=RefundState.SENT,
            route=goes_to.kind,
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
    row, place = _one(_under_way(), refund)
    with transaction.atomic():
        changed = mark(
            refund=row.pk,
            state=RefundState.PAID if arrived else RefundState.FAILED,
            route=place.kind,
            failure="" if arrived else "returned",
            attempt=row.attempt,
            now=now,
        )
        if not changed:
            raise Conflict(f"refund {refund} changed meanwhile")
        _record(Event.BANK_STATUS_READ, row, by, now)


def _record(event: Event, row: Refund, by: User, now: datetime) -> None:
    with transaction.atomic():
        record(
            event=event,
            stream=stream_of(row.case),
            at=now,
            actor=f"user:{by.pk}",
            facts={"refund": row.pk, "amount": row.amount_minor, "currency": row.currency},
        )
