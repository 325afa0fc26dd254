"""Emptying the test database although its record and its journal refuse to be emptied.

A transactional test ends with a flush of all tables, which the triggers of these two rightly
refuse. The tests own their database: they take the triggers off for the flush and put them back.
Nothing in the product can do this by a setting.
"""

from typing import Any

from django.db import connection
from django.test import TransactionTestCase

from signoff.audit import triggers as of_the_record
from signoff.journal import triggers as of_the_journal

GUARDS = (of_the_record, of_the_journal)


def let_tests_flush() -> None:
    """Wraps the tear-down of transactional tests, once."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # private
    if getattr(flush, "keeps_triggers", False):
        return

    def flush_without_triggers(self: Any) -> None:
        for guard in GUARDS:
            guard.remove(connection)
        try:
            flush(self)
        finally:
            for guard in GUARDS:
                guard.install(connection)

    flush_without_triggers.keeps_triggers = True  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = flush_without_triggers  # type: ignore[attr-defined]
