"""Emptying the test database although its record refuses to be emptied.

A transactional test ends with a flush of all tables, which the triggers of the record rightly
refuse. The tests own their database: they take the triggers off for the flush and put them back.
Nothing in the product can do this by a setting.
"""

from typing import Any

from django.db import connection
from django.test import TransactionTestCase

from signoff.audit import triggers


def let_tests_flush() -> None:
    """Wraps the tear-down of transactional tests, once."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # private
    if getattr(flush, "keeps_triggers", False):
        return

    def flush_without_triggers(self: Any) -> None:
        triggers.remove(connection)
        try:
            flush(self)
        finally:
            triggers.install(connection)

    flush_without_triggers.keeps_triggers = True  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = flush_without_triggers  # type: ignore[attr-defined]
