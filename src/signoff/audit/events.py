"""The closed list of what can be recorded."""

import enum


class Event(enum.Enum):
    """Name of something that happened. New ones are added, none is ever renamed."""

    IMPORTED = "imported"
    CASE_STARTED = "case_started"
    CASE_SUBMITTED = "case_submitted"
    CASE_TAKEN = "case_taken"
    CASE_APPROVED = "case_approved"
    CASE_REFUSED = "case_refused"
    CASE_WAITING = "case_waiting"
    CASE_WITHDRAWN = "case_withdrawn"
    CASE_CLOSING = "case_closing"
    CASE_STOPPED = "case_stopped"
    CASE_RETRIED = "case_retried"
    CASE_CLOSED = "case_closed"
    LINE_PAUSED = "line_paused"
    LINE_RESUMED = "line_resumed"
    PROFILE_OBSERVED = "profile_observed"
    TAKEOUT_MADE = "takeout_made"
    STAFF_ADDED = "staff_added"
    STAFF_REMOVED = "staff_removed"
    SECOND_FACTOR_FORGOTTEN = "second_factor_forgotten"
