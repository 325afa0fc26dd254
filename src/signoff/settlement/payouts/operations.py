"""Batches of bank transfers, and what the bank says of them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Count, Q

from signoff.accounts.models import User
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.ports.bank_files import BankFile, StatusReport, TransferState
from signoff.ports.engine import engine
from signoff.settlement.models import (
    BankStatus,
    BatchState,
    PayoutBatch,
    PlaceKind,
    Refund,
    RefundState,
)
from signoff.settlement.refunds.operations import mark
from signoff.settlement.refunds.queries import ready_for_bank

WRITE = "write_bank_file"
"""Workflow that writes the file of a batch. Argument: its number."""
READ = "read_bank_status"
"""Workflow that reads a status file. Argument: its number."""

FORMATS = {PlaceKind.IBAN: "sepa", PlaceKind.CN_CARD: "cn_csv"}
"""Which file carries a transfer to which kind of place."""

MOST_TRANSFERS = 5000
STREAM = "payouts"
MOST_STATUS_BYTES = 20_000_000


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
                pk=refund.pk, state=RefundState.PLANNED, batch=None, attempt=refund.attempt
            ).update(batch=batch, transfer=f"R{uuid4().hex}", place=refund.place)
        if not count:
            raise Refusal("nothing_to_transfer", _("No transfer is ready to go out this way."))
        _record(Event.BATCH_MADE, batch, maker, now, transfers=count)
        write(batch)
    return batch


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
        for refund in row.refunds.select_related("place").order_by("pk"):
            assert refund.place is not None  # noqa: S101 - in a batch only with a place
            mark(
                refund=refund.pk,
                state=RefundState.SENT,
                route=refund.place.kind,
                attempt=refund.attempt,
                now=now,
            )
        _record(Event.BATCH_SENT, row, sender, now)


def drop_batch(*, batch: int, by: User, now: datetime) -> None:
    """The file was not handed over: its transfers wait for the next one, under new references.

    Raises Conflict if it was handed over meanwhile.
    """
    with transaction.atomic():
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
    if not 0 < len(content) <= MOST_STATUS_BYTES:
        raise Refusal("status_size", _("The file is empty, or larger than 20 MB."))
    with transaction.atomic():
        row = BankStatus.objects.create(
            format=format_name, content=content, uploaded_by=by, uploaded_at=now
        )
        read(row)
    return row


def refuse_status(*, status: int, failure: str) -> None:
    """The file cannot be understood: nothing has changed."""
    BankStatus.objects.filter(pk=status, state="waiting").update(
        state="refused", failure=failure[:400], content=b""
    )


_STATES = {
    TransferState.SENT: RefundState.SENT,
    TransferState.PAID: RefundState.PAID,
    TransferState.FAILED: RefundState.FAILED,
}


def note_reports(*, status: int, reports: Sequence[StatusReport], now: datetime) -> None:
    """What the bank says of each transfer; references that are not ours change nothing."""
    with transaction.atomic():
        known = {
            refund.transfer: refund
            for refund in Refund.objects.filter(
                transfer__in=[report.end_to_end_id for report in reports]
            ).select_related("place")
        }
        moved = {RefundState.PAID: 0, RefundState.FAILED: 0, RefundState.SENT: 0}
        for report in reports:
            refund = known.get(report.end_to_end_id)
            if refund is None or refund.state == RefundState.PLANNED:
                continue
            assert refund.place is not None  # noqa: S101 - it was in a batch
            state = _STATES[report.state]
            failure = f"{report.reason_code} {report.reason_text}".strip()[:200]
            moved[state] += mark(
                refund=refund.pk,
                state=state,
                route=refund.place.kind,
                failure=failure if state is RefundState.FAILED else "",
                attempt=refund.attempt,
                now=now,
            )
        BankStatus.objects.filter(pk=status, state="waiting").update(
            state="read",
            content=b"",
            paid=moved[RefundState.PAID],
            failed=moved[RefundState.FAILED],
            unknown=[r.end_to_end_id[:35] for r in reports if r.end_to_end_id not in known][:100],
        )
        row = BankStatus.objects.select_related("uploaded_by").get(pk=status)
        _record_status(row, now)
        _forget_finished_files()


def _forget_finished_files() -> None:
    """A file names people and accounts: it goes when every transfer in it has ended."""
    under_way = Count("refunds", filter=Q(refunds__state__in=["planned", "sent"]))
    done = (
        PayoutBatch.objects.filter(state=BatchState.SENT)
        .exclude(content=b"")
        .annotate(under_way=under_way)
        .filter(under_way=0)
    )
    PayoutBatch.objects.filter(pk__in=list(done.values_list("pk", flat=True))).update(content=b"")


def _record(event: Event, batch: PayoutBatch, by: User, now: datetime, **facts: int) -> None:
    record(
        event=event,
        stream=STREAM,
        at=now,
        actor=f"user:{by.pk}",
        facts={"batch": batch.pk, "currency": batch.currency, **facts},
    )


def _record_status(row: BankStatus, now: datetime) -> None:
    record(
        event=Event.BANK_STATUS_READ,
        stream=STREAM,
        at=now,
        actor=f"user:{row.uploaded_by_id}",
        facts={"status": row.pk, "paid": row.paid, "failed": row.failed},
    )
