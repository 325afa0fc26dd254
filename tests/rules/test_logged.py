"""What is left out of the log: the same line says what happened, and to whom it did not."""

import logging
import sys

from structlog.stdlib import ProcessorFormatter

REFUSED = """new row for relation "accounts_account" violates check constraint "account_tax"
DETAIL:  Failing row contains (7, A-7, Wren Canary, wren@example.org, I leave because

of the price).
"""


class DriverError(Exception):
    """Stands for psycopg's, whose text has what the server said, with its row."""


def _refuse() -> None:
    raise DriverError(REFUSED)


def _line() -> str:
    """As it stands in the log."""
    (ours,) = (h for h in logging.getLogger().handlers if type(h.formatter) is ProcessorFormatter)
    try:
        try:
            _refuse()
        except DriverError as cause:
            raise RuntimeError(REFUSED) from cause
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "step_broke", None, sys.exc_info())
    return ours.format(record)


def test_a_row_that_the_database_refused_is_not_in_the_log() -> None:
    line = _line()
    for personal in ("Wren", "wren@example.org", "I leave", "price"):
        assert personal not in line
    assert line.count("account_tax") == 2  # which rule it broke is, for both exceptions
    assert "The above exception was the direct cause" in line
    assert line.count("Traceback") == 2
