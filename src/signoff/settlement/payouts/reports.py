"""What the bank says of transfers, in a status file that the worker has read."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.ports.bank_files import Remedy, StatusReport, TransferState
from signoff.settlement.models import BankStatus, BatchState, PayoutBatch, Refund, RefundState
from signoff.settlement.payouts.operations import BATCH_PREFIX, STREAM, refund_named, set_off
from signoff.settlement.refunds.marking import given_up_and_paid, mark

_STATES = {
    TransferState.SENT: RefundState.SENT,
    TransferState.PAID: RefundState.PAID,
    TransferState.FAILED: RefundState.FAILED,
}
_UNDER_WAY = (RefundState.PLANNED, RefundState.SENT)


def note_reports(*, status: int, reports: Sequence[StatusReport], now: datetime) -> list[Refund]:
    """What the bank says of each transfer; references that are not ours change nothing.

    Returns the refunds that failed now and need another place from their customer. A file that
    was read before changes nothing.
    """
    to_ask: list[Refund] = []
    counts = {RefundState.PAID: 0, RefundState.FAILED: 0, RefundState.SENT: 0}
    with transaction.atomic():
        row = BankStatus.objects.select_for_update().get(pk=status)
        if row.state != "waiting":
            return []
        told, unknown = _matched(reports)
        _hand_over(told, row, now)
        for refund, report in told:
            if not _note(refund, report, now):
                continue
            counts[_STATES[report.state]] += 1
            if report.state is TransferState.FAILED and report.remedy is Remedy.OTHER_ACCOUNT:
                to_ask.append(refund)
        _look_for_dead(unknown, reports, now)
        BankStatus.objects.filter(pk=status).update(
            state="read",
            content=b"",
            paid=counts[RefundState.PAID],
            failed=counts[RefundState.FAILED],
            unknown=unknown[:100],
        )
        row.refresh_from_db()
        _record_status(row, now)
        _forget_finished_files()
    return to_ask


def _matched(
    reports: Sequence[StatusReport],
) -> tuple[list[tuple[Refund, StatusReport]], list[str]]:
    """Each report with the transfer it is about, and the references that are not ours.

    A report without a reference is about every transfer of its file that no other one names and
    that has not ended: of one that was paid, a file that is refused as a whole says nothing.
    The transfers come in the order in which everybody locks them.
    """
    named = {report.end_to_end_id for report in reports if report.end_to_end_id}
    rows = Refund.objects.filter(transfer__in=named).select_related("place", "batch")
    known = {refund.transfer: refund for refund in rows}
    told = [(known[r.end_to_end_id], r) for r in reports if r.end_to_end_id in known]
    unknown = sorted(named - known.keys())
    for report in (r for r in reports if not r.end_to_end_id):
        batch = _batch_named(report.batch_id)
        if batch is None or batch.state == BatchState.DROPPED:
            unknown.append(report.batch_id)  # of a dropped one nobody knows what was in it
            continue
        rest = batch.refunds.filter(state__in=_UNDER_WAY).exclude(transfer__in=named)
        told += [(refund, report) for refund in rest.select_related("place", "batch")]
    return sorted(told, key=lambda pair: pair[0].pk), [name[:35] for name in unknown]


def _batch_named(name: str) -> PayoutBatch | None:
    number = name.removeprefix(BATCH_PREFIX)
    if not name.startswith(BATCH_PREFIX) or not number.isdecimal() or len(number) > 12:
        return None
    return PayoutBatch.objects.filter(pk=int(number)).first()


def _hand_over(
    told: Sequence[tuple[Refund, StatusReport]], status: BankStatus, now: datetime
) -> None:
    """The bank has the file, so somebody has handed it over, and nobody has said so yet."""
    for number in sorted({refund.batch_id for refund, _report in told if refund.batch_id}):
        if PayoutBatch.objects.filter(pk=number, state=BatchState.READY).update(
            state=BatchState.SENT, sent_by=status.uploaded_by_id, sent_at=now
        ):
            batch = PayoutBatch.objects.get(pk=number)
            set_off(batch, now=now)
            record(
                event=Event.BATCH_SENT,
                stream=STREAM,
                at=now,
                actor="bank",
                facts={"batch": number, "currency": batch.currency, "status": status.pk},
            )


def _note(refund: Refund, report: StatusReport, now: datetime) -> bool:
    if refund.place is None:
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


def _look_for_dead(unknown: Sequence[str], reports: Sequence[StatusReport], now: datetime) -> None:
    """A transfer that we gave up, with its file or because it had failed, and that was paid."""
    paid = {r.end_to_end_id for r in reports if r.state is TransferState.PAID}
    for name in sorted(paid.intersection(unknown)):
        number = refund_named(name)
        if number is not None and Refund.objects.filter(pk=number).exists():
            given_up_and_paid(refund=number, now=now)


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


def _record_status(row: BankStatus, now: datetime) -> None:
    record(
        event=Event.BANK_STATUS_READ,
        stream=STREAM,
        at=now,
        actor=f"user:{row.uploaded_by_id}",
        facts={"status": row.pk, "paid": row.paid, "failed": row.failed},
    )
