"""What the worker does by the clock: reminders, questions that nobody answered, refusals that stand.

Each may run in any number of workers at a time: everything happens once.
"""

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from signoff.closing.letters import tell, words_for
from signoff.closing.models import Case
from signoff.closing.promises import rules_of
from signoff.closing.queries import cooling_off_ending, locked_case
from signoff.closing.rules import CaseState
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.formats import moment_text
from signoff.review.clock import today_of
from signoff.review.models import Decision, DecisionKind, Outcome, Question, Reminder
from signoff.review.questions import lapse, words_about
from signoff.review.rules import UNDO_WITHIN
from signoff.settlement import operations as settlement

REMIND_DAYS = 2
"""Calendar days before the last day for an answer."""
REMIND_BEFORE_CLOSING = timedelta(hours=6)
LONG_COOLING_OFF = timedelta(hours=24)
"""Of a shorter one the customer has just been told."""
_A_DAY = timedelta(days=1)
"""A calendar is at most so far ahead of UTC, or behind it."""


def remind_of_questions(*, now: datetime) -> int:
    """Writes once to every customer whose time to answer ends soon."""
    soon = timedelta(days=REMIND_DAYS)
    done = 0
    for question in _open_questions(now + soon):
        case = question.case
        today = today_of(case, now)
        if question.answer_by - soon <= today <= question.answer_by:
            done += _remind(f"question:{question.pk}", case, question, now)
    return done


def _remind(key: str, case: Case, question: Question, now: datetime) -> bool:
    with transaction.atomic():
        if not _once(key, case, now):
            return False
        tell(case, "more_info_reminder", words_about(question), now, part=str(question.pk))
    return True


def lapse_questions(*, now: datetime) -> int:
    """Puts cases whose customers did not answer in time back into the queue."""
    done = 0
    for question in _open_questions(now):
        if today_of(question.case, now) > question.answer_by:
            with contextlib.suppress(Conflict, Refusal):  # an answer or an undo was first
                lapse(question=question, now=now)
                done += 1
    return done


def _open_questions(until: datetime) -> Iterator[Question]:
    rows = Question.objects.filter(
        ended_at=None,
        case__state=CaseState.MORE_INFO.value,
        answer_by__lte=(until + _A_DAY).date(),
    )
    yield from rows.select_related("case__account", "reviewer").order_by("answer_by", "pk")


def remind_of_closings(*, now: datetime) -> int:
    """Writes once to every customer whose long cooling-off ends soon."""
    ending = cooling_off_ending(now, within=REMIND_BEFORE_CLOSING)
    keys = {f"cooling_off:{case.pk}:{case.attempt}": case for case in ending}
    known = set(Reminder.objects.filter(key__in=keys).values_list("key", flat=True))
    done = 0
    for key, case in keys.items():
        rule = rules_of(case).cooling_off.value
        if key not in known and rule >= LONG_COOLING_OFF and case.due_at:
            when = moment_text(case.due_at, case.language, case.account.time_zone)
            with transaction.atomic():
                if _once(key, case, now):
                    part = str(case.attempt)
                    tell(case, "cooling_off_ends", words_for(case, date=when), now, part=part)
                    done += 1
    return done


def release_refused(*, now: datetime) -> int:
    """Lets the settlement go of every refusal that can no longer be taken back."""
    rows = Decision.objects.filter(
        kind=DecisionKind.FINAL,
        outcome=Outcome.REFUSED,
        is_current=True,
        is_released=False,
        decided_at__lte=now - UNDO_WITHIN,
    )
    done = 0
    for decision in rows.order_by("pk"):
        with transaction.atomic():
            mine = Decision.objects.filter(pk=decision.pk, is_current=True, is_released=False)
            if not mine.update(is_released=True):
                continue
            case = locked_case(decision.case_id)
            if case.state == CaseState.REFUSED.value:  # not appealed meanwhile
                settlement.release(case=case.pk)
                done += 1
    return done


def _once(key: str, case: Case, now: datetime) -> bool:
    """False if somebody has reminded of this already. In the caller's transaction."""
    try:
        with transaction.atomic():
            Reminder.objects.create(key=key, case=case, at=now)
    except IntegrityError:
        return False
    return True


SWEEPS = (remind_of_questions, lapse_questions, remind_of_closings, release_refused)
"""Each returns how many things it did."""
