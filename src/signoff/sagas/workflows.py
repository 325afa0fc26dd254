"""The commands that the engine runs: thin, arguments are identifiers only.

No engine steps inside: the receipts in our own rows are the checkpoints (`docs/adr/`).
"""

from uuid import UUID

from dbos import DBOS

from signoff.kernel.clock import now
from signoff.sagas import (
    bank_files,
    bill_payments,
    closing,
    notices,
    pauses,
    photos_looked_at,
    pushes,
    refunds,
)
from signoff.sagas.database import fresh_connection
from signoff.wiring import ports


@DBOS.workflow(name="close_case")
def close_case(case_id: str, attempt: int) -> None:
    """A run of a case's closing."""
    del attempt  # it is part of the run's id only
    with fresh_connection():
        closing.close_case(UUID(case_id), ports=ports(), now=now)


@DBOS.workflow(name="deliver_notice")
def deliver_notice(number: int, tries: int) -> None:
    """One try to send a notice."""
    with fresh_connection():
        notices.deliver_notice(number, tries, ports=ports(), now=now)


@DBOS.workflow(name="deliver_push")
def deliver_push(number: int, tries: int) -> None:
    """One try to tell a browser how far its case is."""
    with fresh_connection():
        pushes.deliver_push(number, tries, ports=ports(), now=now)


@DBOS.workflow(name="follow_pause")
def follow_pause(number: int) -> None:
    """Makes the network follow a pause."""
    with fresh_connection():
        pauses.follow_pause(number, ports=ports(), now=now)


@DBOS.workflow(name="follow_refund")
def follow_refund(number: int, attempt: int, tries: int) -> None:
    """Sends a refund, or asks how it is."""
    with fresh_connection():
        refunds.follow_refund(number, attempt, tries, ports=ports(), now=now)


@DBOS.workflow(name="follow_payment")
def follow_payment(identifier: str, tries: int) -> None:
    """Makes the page of a payment, or asks how it stands."""
    with fresh_connection():
        bill_payments.follow_payment(UUID(identifier), tries, ports=ports(), now=now)


@DBOS.workflow(name="write_bank_file")
def write_bank_file(number: int) -> None:
    """Writes the file of a batch."""
    with fresh_connection():
        bank_files.write_bank_file(number, ports=ports())


@DBOS.workflow(name="read_bank_status")
def read_bank_status(number: int) -> None:
    """Reads a status file of the bank."""
    with fresh_connection():
        bank_files.read_bank_status(number, ports=ports(), now=now)


@DBOS.workflow(name="look_at_picture")
def look_at_picture(identifier: str, tries: int) -> None:
    """Looks at a picture of a paper, and advises."""
    with fresh_connection():
        photos_looked_at.look_at_picture(UUID(identifier), tries, now=now)
