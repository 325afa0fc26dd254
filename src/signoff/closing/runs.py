"""Asking the engine to run the closing of a case."""

from datetime import timedelta

from django.db import transaction

from signoff.closing.models import Case
from signoff.ports.engine import engine

CLOSE = "close_case"
"""Name of the workflow that closes a case; its arguments are the case's id and the attempt."""


def run_key(case: Case, attempt: int) -> str:
    """The engine's name of a run."""
    return f"close:{case.pk}:{attempt}"


def ask_for_run(case: Case, attempt: int, *, delay: timedelta = timedelta()) -> None:
    """One run for each case and attempt, whoever asks for it and however often.

    Must be called in the transaction that makes the run due.
    """
    engine().enqueue(CLOSE, run_key(case, attempt), str(case.pk), attempt, delay=delay)


def ask_again(case: Case, *, delay: timedelta = timedelta()) -> None:
    """The run of this case is lost, or broke: another attempt, once, whoever notices first."""
    attempt = case.attempt + 1
    with transaction.atomic():
        if Case.objects.filter(pk=case.pk, state=case.state, attempt=case.attempt).update(
            attempt=attempt
        ):
            ask_for_run(case, attempt, delay=delay)
