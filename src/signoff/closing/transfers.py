"""A transfer that no file of the bank can carry: its customer is asked for another place."""

from datetime import datetime

from django.db import transaction

from signoff.accounts.models import User
from signoff.closing import queries
from signoff.closing.money_notices import tell_of_failure
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.models import Refund, RefundState
from signoff.settlement.payouts.operations import drop_batch
from signoff.settlement.payouts.queries import batch_with_transfers, transfer_in_the_way
from signoff.settlement.refunds.marking import mark


def set_aside(*, batch: int, by: User, now: datetime) -> Refund:
    """Drops the file and asks the customer of the transfer that kept it from being written.

    The other transfers wait for the next file, which would otherwise fail by the same one.
    Raises Refusal if no transfer is in the way, Conflict if the batch has changed meanwhile.
    """
    with transaction.atomic():
        row, transfers = batch_with_transfers(batch)
        stuck = transfer_in_the_way(row, transfers)
        if stuck is None or stuck.place is None:
            raise Refusal(
                "nothing_in_the_way", _("No transfer keeps this file from being written.")
            )
        drop_batch(batch=batch, by=by, now=now)
        mark(
            refund=stuck.pk,
            state=RefundState.FAILED,
            route=stuck.place.kind,
            failure=row.failure.partition(":")[0],
            attempt=stuck.attempt,
            now=now,
        )
        tell_of_failure(queries.case_by_id(stuck.case), now)
    return stuck
