"""Taking the file of a batch out of Signoff. It names people and accounts: who took it is known."""

from datetime import datetime

from django.db import transaction

from signoff.accounts.models import User
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.ports.bank_files import BankFile
from signoff.settlement.models import BatchState, PayoutBatch, PlaceKind
from signoff.settlement.payouts.operations import FORMATS, STREAM

CURRENCIES = {PlaceKind.IBAN: "EUR", PlaceKind.CN_CARD: "CNY"}
"""What the file for each kind of place is in."""


def format_for(kind: PlaceKind, currency: str) -> str:
    """The format of the file that carries transfers like these; empty if there is none."""
    return FORMATS[kind] if CURRENCIES.get(kind) == currency else ""


def take_file(*, batch: int, by: User, now: datetime) -> BankFile:
    """The file, for somebody who carries it to the bank; that they have it is on record first.

    Raises PayoutBatch.DoesNotExist; Refusal if it is not written yet, or is there no more.
    """
    row = PayoutBatch.objects.get(pk=batch)
    if row.state == BatchState.ASKED:
        raise Refusal("file_not_written", _("The file is not written yet. Look again in a moment."))
    if not row.content:
        raise Refusal(
            "file_gone",
            _("The file is not kept any more: it was dropped, or every transfer in it has ended."),
        )
    with transaction.atomic():
        PayoutBatch.objects.filter(pk=batch, taken_at=None).update(taken_by=by, taken_at=now)
        record(
            event=Event.BATCH_FILE_TAKEN,
            stream=STREAM,
            at=now,
            actor=f"user:{by.pk}",
            facts={"batch": row.pk, "currency": row.currency},
        )
    return BankFile(row.name, row.media_type, bytes(row.content))
