"""Batches of bank transfers: made, written, handed over or dropped."""

import re
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from signoff.accounts.models import User
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.ports.bank_files import MOST_BYTES, MOST_TRANSFERS, BankFile
from signoff.ports.engine import engine
from signoff.settlement.models import (
    BankStatus,
    BatchState,
    PayoutBatch,
    PlaceKind,
    Refund,
    RefundState,
)
from signoff.settlement.refunds.marking import mark
from signoff.settlement.refunds.queries import ready_for_bank

WRITE = "write_bank_file"
"""Workflow that writes the file of a batch. Argument: its number."""
READ = "read_bank_status"
"""Workflow that reads a status file. Argument: its number."""

FORMATS = {PlaceKind.IBAN: "sepa", PlaceKind.CN_CARD: "cn_csv"}
"""Which file carries a transfer to which kind of place."""

BATCH_PREFIX = "SIGNOFF-"
"""Before the number of a batch, where the bank sees it."""

STREAM = "payouts"

_NAME = re.compile(r"R(\d{1,12})-[0-9a-f]{20}", re.ASCII)


def make_batch(
    *, kind: PlaceKind, currency: str, execution_date: date, maker: User, now: datetime
) -> PayoutBatch:
    """Puts every transfer that is ready into one file, which the worker writes.

    Raises Refusal if none is ready.
    """
    with transaction.atomic():
        batch = PayoutBatch.objects.create(
            format=FORMATS[kind],
            currency=currency,
            execution_date=execution_date,
            made_by=maker,
            made_at=now,
        )
        count = 0
        for refund in ready_for_bank(kind, currency)[:MOST_TRANSFERS]:
            count += Refund.objects.filter(
                pk=refund.pk,
                state=RefundState.PLANNED,
                batch=None,
                attempt=refund.attempt,
                place=refund.place,  # not to one that the customer has just replaced
                alarm="",
            ).update(batch=batch, transfer=transfer_name(refund.pk))
        if not count:
            raise Refusal("nothing_to_transfer", _("No transfer is ready to go out this way."))
        _record(Event.BATCH_MADE, batch, maker, now, transfers=count)
        write(batch)
    return batch


def transfer_name(refund: int) -> str:
    """A new reference for the bank: the refund's number, and nothing that comes again."""
    return f"R{refund}-{uuid4().hex[:20]}"


def refund_named(transfer: str) -> int | None:
    """The number of the refund in such a reference; None if it is not one."""
    found = _NAME.fullmatch(transfer)
    return int(found[1]) if found else None


def write_key(batch: int, tries: int) -> str:
    """One run for each try."""
    return f"batch:{batch}:{tries}"


def read_key(status: int, tries: int) -> str:
    """One run for each try."""
    return f"bank_status:{status}:{tries}"


def write(batch: PayoutBatch) -> None:
    """Has the worker write the file, once for each try, whoever asks for it."""
    tries = batch.tries + 1
    if PayoutBatch.objects.filter(pk=batch.pk, tries=batch.tries).update(tries=tries):
        engine().enqueue(WRITE, write_key(batch.pk, tries), batch.pk)


def read(status: BankStatus) -> None:
    """Has the worker read the file, once for each try, whoever asks for it."""
    tries = status.tries + 1
    if BankStatus.objects.filter(pk=status.pk, tries=status.tries).update(tries=tries):
        engine().enqueue(READ, read_key(status.pk, tries), status.pk)


def keep_file(*, batch: int, file: BankFile) -> None:
    """The worker has written it."""
    PayoutBatch.objects.filter(pk=batch, state=BatchState.ASKED).update(
        state=BatchState.READY,
        name=file.name,
        media_type=file.media_type,
        content=file.content,
        failure="",
    )


def note_trouble(*, batch: int, failure: str) -> None:
    """It cannot be written as it is: a person sees why, and drops it."""
    PayoutBatch.objects.filter(pk=batch, state=BatchState.ASKED).update(failure=failure[:200])


def mark_sent(*, batch: int, sender: User, now: datetime) -> None:
    """A person has handed the file to the bank: its transfers are on their way.

    Somebody else than its maker, where a refund in it needed two. Raises Refusal, Conflict.
    """
    with transaction.atomic():
        row = PayoutBatch.objects.get(pk=batch)
        if row.refunds.exclude(alarm="").exists():
            raise Refusal(
                "contradicted",
                _("A refund in this file is said to have been paid before. Drop the file."),
            )
        large = row.refunds.filter(needs_approval=True).exists()
        if large and row.made_by_id == sender.pk:
            raise Refusal(
                "second_person",
                _("A large refund is in this file: somebody else must hand it to the bank."),
            )
        if not PayoutBatch.objects.filter(pk=batch, state=BatchState.READY).update(
            state=BatchState.SENT, sent_by=sender, sent_at=now
        ):
            raise Conflict("the batch has changed meanwhile")
        set_off(row, now=now)
        _record(Event.BATCH_SENT, row, sender, now)


def set_off(batch: PayoutBatch, *, now: datetime) -> None:
    """Every transfer of a batch that the bank has is on its way."""
    for refund in batch.refunds.select_related("place").order_by("pk"):
        assert refund.place is not None  # noqa: S101 - in a batch only with a place
        mark(
            refund=refund.pk,
            state=RefundState.SENT,
            route=refund.place.kind,
            attempt=refund.attempt,
            now=now,
        )


def drop_batch(*, batch: int, by: User, now: datetime) -> None:
    """The file was not handed over: its transfers wait for the next one, under new references.

    A file that somebody has taken may be at the bank: another person than they must drop it.
    Raises Refusal, and Conflict if it was handed over meanwhile.
    """
    with transaction.atomic():
        if PayoutBatch.objects.filter(pk=batch, taken_by=by).exists():
            raise Refusal(
                "file_was_taken",
                _(
                    "You have downloaded this file. Somebody else must make sure that the bank"
                    " does not have it, and drop it."
                ),
            )
        dropped = PayoutBatch.objects.filter(
            pk=batch, state__in=[BatchState.ASKED, BatchState.READY]
        ).update(state=BatchState.DROPPED, content=b"")
        if not dropped:
            raise Conflict("the batch has changed meanwhile")
        Refund.objects.filter(batch=batch, state=RefundState.PLANNED).update(
            batch=None, transfer=""
        )
        _record(Event.BATCH_DROPPED, PayoutBatch.objects.get(pk=batch), by, now)


def take_status(*, format_name: str, content: bytes, by: User, now: datetime) -> BankStatus:
    """Keeps a status file of the bank for the worker, who reads it. Raises Refusal if too large."""
    if not 0 < len(content) <= MOST_BYTES:
        raise Refusal("status_size", _("The file is empty, or larger than 10 MB."))
    with transaction.atomic():
        row = BankStatus.objects.create(
            format=format_name, content=content, uploaded_by=by, uploaded_at=now
        )
        read(row)
    return row


def refuse_status(*, status: int, why: Refusal, detail: str = "") -> None:
    """The file cannot be understood: nothing has changed.

    detail: what happened, for whoever looks after the machines; without it, the words of `why`.
    """
    params = {
        name: value if isinstance(value, int) else str(value) for name, value in why.params.items()
    }
    BankStatus.objects.filter(pk=status, state="waiting").update(
        state="refused",
        failure=(detail or str(why))[:400],
        why={"template": why.template, "params": params},
        content=b"",
    )


def _record(event: Event, batch: PayoutBatch, by: User, now: datetime, **facts: int) -> None:
    record(
        event=event,
        stream=STREAM,
        at=now,
        actor=f"user:{by.pk}",
        facts={"batch": batch.pk, "currency": batch.currency, **facts},
    )
