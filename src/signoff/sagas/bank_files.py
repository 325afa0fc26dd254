"""Writing files for the bank, and reading what it answers."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction

from signoff.closing import queries as cases
from signoff.closing.money_notices import tell_of_failure
from signoff.closing.sweeping import OUR_FAULT
from signoff.kernel.errors import Conflict, InvalidValue, Refusal
from signoff.kernel.money import from_minor
from signoff.kernel.words import gettext_noop as _
from signoff.ports.bank_files import StatusReport, Transfer
from signoff.settlement.models import BatchState, Refund
from signoff.settlement.payouts import operations as payouts
from signoff.settlement.payouts.queries import bank_status, batch_with_transfers
from signoff.settlement.payouts.reports import note_reports
from signoff.wiring import Ports

log = structlog.get_logger()

_NO_READER = _("Files of this kind cannot be read here: your bank is not set up for them.")
_BROKE = _(
    "Something of ours broke while the file was read. Tell whoever runs this desk, and upload the "
    "file again once it is mended."
)


def write_bank_file(number: int, *, ports: Ports) -> None:
    """The same batch always makes the same bytes. What cannot be written is for a person."""
    batch, refunds = batch_with_transfers(number)
    if batch.state != BatchState.ASKED:
        return
    try:
        file = ports.bank_files[batch.format].write(
            batch_id=f"{payouts.BATCH_PREFIX}{batch.pk}",
            transfers=[_transfer(refund) for refund in refunds],
            execution_date=batch.execution_date,
            # By the calendar of the desk, where the day of payment was chosen.
            created_at=batch.made_at.astimezone(ZoneInfo(settings.SIGNOFF.time_zone)),
        )
    except KeyError:
        payouts.note_trouble(batch=number, failure=f"no bank files of format {batch.format}")
    except InvalidValue as error:
        payouts.note_trouble(batch=number, failure=f"{error.code}: {error.field}")
    except Exception as error:
        log.exception("bank_file_broke", batch=number)
        payouts.note_trouble(batch=number, failure=f"unexpected {type(error).__name__}")
    else:
        payouts.keep_file(batch=number, file=file)


def _transfer(refund: Refund) -> Transfer:
    assert refund.place is not None  # noqa: S101 - in a batch only with a place
    return Transfer(
        end_to_end_id=refund.transfer,
        amount=from_minor(refund.amount_minor, refund.currency),
        holder=refund.place.holder,
        account=refund.place.account_number,
        bic=refund.place.bic,
        bank=refund.place.bank,
        purpose="Refund",
    )


def read_bank_status(number: int, *, ports: Ports, now: Callable[[], datetime]) -> None:
    """A file that cannot be understood changes nothing, and says why at the desk."""
    status = bank_status(number)
    if status.state != "waiting":
        return
    try:
        reports = ports.bank_files[status.format].read_status(bytes(status.content))
        _take_in(number, reports, now())
    except KeyError:
        detail = f"no bank files of format {status.format}"
        payouts.refuse_status(status=number, why=Refusal("no_such_file", _NO_READER), detail=detail)
    except InvalidValue as error:
        payouts.refuse_status(status=number, why=error)
    except Conflict:
        raise  # for the engine: nothing is written, and the file still waits
    except OUR_FAULT as error:
        _broken(number, error)
    except DatabaseError:
        raise  # as above
    except Exception as error:  # noqa: BLE001 - logged, and shown at the desk
        _broken(number, error)


def _take_in(number: int, reports: Sequence[StatusReport], now: datetime) -> None:
    with transaction.atomic():
        for refund in note_reports(status=number, reports=reports, now=now):
            tell_of_failure(cases.case_by_id(refund.case), now)


def _broken(number: int, error: Exception) -> None:
    """Refused, and not tried for ever: a person takes the file in again once we are mended."""
    log.exception("bank_status_broke", status=number)
    detail = f"unexpected {type(error).__name__}"
    payouts.refuse_status(status=number, why=Refusal("status_broke", _BROKE), detail=detail)
