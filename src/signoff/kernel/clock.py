"""The one place that reads the system clock. Only edges may import it: interfaces and workers."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the edge that the ban points to
