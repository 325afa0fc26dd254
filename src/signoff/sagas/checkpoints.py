"""The worker's part in the record: it signs from time to time how far the record has come."""

from datetime import datetime, timedelta

import structlog

from signoff.audit import checkpoints, signers
from signoff.audit.queries import waiting_since
from signoff.config import config
from signoff.kernel.errors import Conflict
from signoff.kernel.keys import KeyFileError

log = structlog.get_logger()


def make_when_due(*, now: datetime) -> datetime:
    """Makes a checkpoint if a row has waited long enough for one; returns when to ask again.

    One only, of a limited number of rows: the worker must beat in between. What cannot be done is
    said in the log and tried again later; closings do not wait for it. Raises DatabaseError.
    """
    pause = timedelta(seconds=config().checkpoint_seconds)
    since = waiting_since()
    if since is None or now < since + pause:
        return (since or now) + pause
    try:
        made = checkpoints.make(key=signers.our_key(), trusted=signers.former_keys(), now=now)
    except Conflict:
        return now  # another worker made it
    except (KeyFileError, checkpoints.StrangeCheckpoint) as error:
        log.warning("checkpoint_failed", why=type(error).__name__)
        return now + pause
    if made.left_out:
        log.error("record_broken", chains=len(made.left_out))
    if made.checkpoint is None:
        return now + pause
    # Its digest in a log on another machine is a copy that nobody can take back.
    log.info("checkpoint_made", number=made.checkpoint.number, digest=made.checkpoint.digest)
    return now if made.is_full else now + pause
