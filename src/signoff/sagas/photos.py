"""The clock after which customers' photos are gone."""

from datetime import datetime, timedelta

import structlog

from signoff.evidence.erasing import delete_due
from signoff.review.photos import kept_for

log = structlog.get_logger()

EVERY = timedelta(minutes=1)
"""Some rule packs let photos live no longer than to the decision."""


def erase_when_due(*, now: datetime) -> datetime:
    """Erases the photos whose time is over; returns when to ask again. Raises DatabaseError."""
    if erased := delete_due(now=now, after=kept_for):
        log.info("photos_erased", cases=erased)
    return now + EVERY
