"""What the worker does by the clock: reminders, questions that nobody answered, refusals that stand.

Each may run in any number of workers at a time: everything happens once.
"""

import contextlib
from datetime import datetime

from django.db import transaction

from signoff.closing.queries import locked_case
from signoff.closing.rules import CaseState
from signoff.closing.sweeping import by_itself
from signoff.kernel.errors import Conflict, Refusal
from signoff.review.clock import today_of
from signoff.review.models import Decision, DecisionKind, Outcome
from signoff.review.questions import lapse
from signoff.review.reminders import REMINDERS, open_questions
from signoff.review.rules import UNDO_WITHIN
from signoff.settlement import operations as settlement


def lapse_questions(*, now: datetime) -> int:
    """Puts cases whose customers did not answer in time back into the queue."""
    done = 0
    for question in open_questions(now):
        # Suppressed: an answer or an undo was first.
        with by_itself("questions", question.pk), contextlib.suppress(Conflict, Refusal):
            if today_of(question.case, now) > question.answer_by:
                lapse(question=question, now=now)
                done += 1
    return done


def release_refused(*, now: datetime) -> int:
    """Lets the settlement go of every refusal that can no longer be taken back."""
    rows = Decision.objects.filter(
        kind=DecisionKind.FINAL,
        outcome=Outcome.REFUSED,
        is_current=True,
        is_released=False,
        appeal=None,  # of a refusal after an appeal its own minute counts, not that of the first
        decided_at__lte=now - UNDO_WITHIN,
    )
    done = 0
    for decision in rows.order_by("pk"):
        with by_itself("refusals", decision.pk):
            done += _release(decision)
    return done


def _release(decision: Decision) -> bool:
    with transaction.atomic():
        mine = Decision.objects.filter(pk=decision.pk, is_current=True, is_released=False)
        if not mine.update(is_released=True):
            return False
        case = locked_case(decision.case_id)
        if case.state != CaseState.REFUSED.value:  # appealed meanwhile
            return False
        settlement.release(case=case.pk)
    return True


SWEEPS = (*REMINDERS, lapse_questions, release_refused)
"""Each returns how many things it did."""
