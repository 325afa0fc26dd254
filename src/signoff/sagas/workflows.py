"""The commands that the engine runs: thin, arguments are identifiers only.

No engine steps inside: the receipts in our own rows are the checkpoints (`docs/adr/`).
"""

from uuid import UUID

from dbos import DBOS

from signoff.kernel.clock import now
from signoff.sagas import closing, notices, pauses
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


@DBOS.workflow(name="follow_pause")
def follow_pause(number: int) -> None:
    """Makes the network follow a pause."""
    with fresh_connection():
        pauses.follow_pause(number, ports=ports(), now=now)
