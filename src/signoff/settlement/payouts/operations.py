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
from signoff.ports.bank_files import (
    MOST_BYTES,
    MOST_TRANSFERS,
    BankFile,
    Remedy,
    StatusReport,
    TransferState,
)
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

BATCH_PREFIX = "SIGNOFF-"
"""Before the number of a batch, where the bank sees it."""

STREAM = "payouts"


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
    if not 0 < len(content) <= MOST_BYTES:
        raise Refusal("status_size", _("The file is empty, or larger than 10 MB."))
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


def note_reports(*, status: int, reports: Sequence[StatusReport], now: datetime) -> list[Refund]:
    """What the bank says of each transfer; references that are not ours change nothing.

    Returns the refunds that failed now and need another place from their customer.
    """
    to_ask: list[Refund] = []
    counts = {RefundState.PAID: 0, RefundState.FAILED: 0, RefundState.SENT: 0}
    with transaction.atomic():
        told, unknown = _matched(reports)
        for refund, report in told:
            if not _note(refund, report, now):
                continue
            counts[_STATES[report.state]] += 1
            if report.state is TransferState.FAILED and report.remedy is Remedy.OTHER_ACCOUNT:
                to_ask.append(refund)
        BankStatus.objects.filter(pk=status, state="waiting").update(
            state="read",
            content=b"",
            paid=counts[RefundState.PAID],
            failed=counts[RefundState.FAILED],
            unknown=unknown[:100],
        )
        row = BankStatus.objects.select_related("uploaded_by").get(pk=status)
        _record_status(row, now)
        _forget_finished_files()
    return to_ask


def _matched(
    reports: Sequence[StatusReport],
) -> tuple[list[tuple[Refund, StatusReport]], list[str]]:
    """Each report with the transfer it is about, and the references that are not ours.

    A report without a reference is about every transfer of its file that no other one names.
    """
    named = {report.end_to_end_id for report in reports if report.end_to_end_id}
    rows = Refund.objects.filter(transfer__in=named).select_related("place")
    known = {refund.transfer: refund for refund in rows}
    told = [(known[r.end_to_end_id], r) for r in reports if r.end_to_end_id in known]
    unknown = sorted(named - known.keys())
    for report in (r for r in reports if not r.end_to_end_id):
        number = report.batch_id.removeprefix(BATCH_PREFIX)
        rest = (
            Refund.objects.filter(batch=int(number)).exclude(transfer__in=named)
            if number.isdecimal() and report.batch_id.startswith(BATCH_PREFIX)
            else Refund.objects.none()
        )
        found = [(refund, report) for refund in rest.select_related("place")]
        told += found
        if not found:
            unknown.append(report.batch_id[:35])
    return told, [name[:35] for name in unknown]


def _note(refund: Refund, report: StatusReport, now: datetime) -> bool:
    if refund.state == RefundState.PLANNED or refund.place is None:
        return False
    failed = report.state is TransferState.FAILED
    return mark(
        refund=refund.pk,
        state=_STATES[report.state],
        route=refund.place.kind,
        failure=f"{report.reason_code} {report.reason_text}".strip()[:200] if failed else "",
        is_failure_ours=failed and report.remedy is not Remedy.OTHER_ACCOUNT,
        attempt=refund.attempt,
        now=now,
    )


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
