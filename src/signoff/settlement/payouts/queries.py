"""Reads of batches and of the bank's answers."""

from collections.abc import Sequence

from django.db.models import Count, Q, Sum

from signoff.settlement.models import BankStatus, BatchState, PayoutBatch, Refund


def batch_with_transfers(number: int) -> tuple[PayoutBatch, list[Refund]]:
    """A batch and its transfers, in a fixed order. Raises PayoutBatch.DoesNotExist."""
    batch = PayoutBatch.objects.select_related("made_by", "taken_by", "sent_by").get(pk=number)
    return batch, list(batch.refunds.select_related("place__line").order_by("pk"))


def transfer_in_the_way(batch: PayoutBatch, transfers: Sequence[Refund]) -> Refund | None:
    """The transfer that keeps the file of a batch from being written; None if it is another reason.

    `batch.failure` is the code of what is wrong and the transfer's reference.
    """
    _code, _colon, name = batch.failure.partition(": ")
    return next((one for one in transfers if name and one.transfer == name), None)


def batches() -> list[PayoutBatch]:
    """The newest hundred, each with `count`, `minor`, `paid` and `failed` of its transfers."""
    return list(
        PayoutBatch.objects.defer("content")
        .select_related("made_by", "sent_by")
        .annotate(
            count=Count("refunds"),
            minor=Sum("refunds__amount_minor"),
            paid=Count("refunds", filter=Q(refunds__state="paid")),
            failed=Count("refunds", filter=Q(refunds__state="failed")),
        )
        .order_by("-pk")[:100]
    )


def unwritten_batches() -> list[PayoutBatch]:
    """Those that the worker should be writing."""
    asked = PayoutBatch.objects.defer("content").filter(state=BatchState.ASKED, failure="")
    return list(asked.order_by("pk"))


def unread_statuses() -> list[BankStatus]:
    """Those that the worker should be reading."""
    return list(BankStatus.objects.defer("content").filter(state="waiting").order_by("pk"))


def bank_status(number: int) -> BankStatus:
    """Raises BankStatus.DoesNotExist."""
    return BankStatus.objects.select_related("uploaded_by").get(pk=number)


def bank_statuses() -> list[BankStatus]:
    """The newest twenty, without their files."""
    return list(BankStatus.objects.defer("content").order_by("-pk")[:20])
