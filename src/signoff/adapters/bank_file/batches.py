"""What holds for a batch in any format."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from moneyed import Money

from signoff.kernel.errors import InvalidValue
from signoff.kernel.money import to_minor
from signoff.kernel.words import gettext_noop as _
from signoff.ports.bank_files import MOST_BYTES, MOST_TRANSFERS, Transfer, checked_reference


def check_batch(
    batch_id: str, transfers: Sequence[Transfer], execution_date: date, created_at: datetime
) -> None:
    """Raises InvalidValue; `field` is the reference of the transfer that is wrong, if it is one."""
    checked_reference(batch_id)
    if not transfers:
        raise InvalidValue("batch_empty", _("There is nothing to pay in this batch."))
    if len(transfers) > MOST_TRANSFERS:
        raise InvalidValue(
            "batch_size",
            _("A file takes at most %(most)s transfers; this batch has %(found)s: divide it."),
            most=MOST_TRANSFERS,
            found=len(transfers),
        )
    if execution_date < created_at.date():
        raise InvalidValue(
            "execution_date",
            _("A bank cannot pay on %(day)s: that day is over."),
            field="execution_date",
            day=execution_date,
        )
    seen: set[str] = set()
    for transfer in transfers:
        if transfer.end_to_end_id in seen:
            raise InvalidValue(
                "transfer_twice",
                _("Two transfers of the batch have the reference “%(reference)s”."),
                field=transfer.end_to_end_id,
                reference=transfer.end_to_end_id,
            )
        seen.add(transfer.end_to_end_id)


def checked_amount(transfer: Transfer, currency: str, most: Decimal) -> Money:
    """The amount, if this format can pay it. Raises InvalidValue."""
    amount = transfer.amount
    if amount.currency.code != currency:
        raise InvalidValue(
            "transfer_currency",
            _("This file takes %(currency)s only; the transfer is in %(found)s."),
            field=transfer.end_to_end_id,
            currency=currency,
            found=amount.currency.code,
        )
    if not amount.amount.is_finite() or not 0 < amount.amount <= most:
        raise InvalidValue(
            "transfer_amount",
            _("A transfer is more than nothing and at most %(most)s %(currency)s."),
            field=transfer.end_to_end_id,
            most=most,
            currency=currency,
        )
    to_minor(amount)
    return amount


def check_size(content: bytes) -> None:
    """Raises InvalidValue before anything is read of a file that is too large or empty."""
    if not content.strip():
        raise InvalidValue("status_empty", _("The file is empty."), field="status_file")
    if len(content) > MOST_BYTES:
        raise InvalidValue(
            "status_size",
            _("The file is larger than %(most)s MB: that is no bank’s answer to one batch."),
            field="status_file",
            most=MOST_BYTES // 1_000_000,
        )
