"""Letters to customers before a day that is theirs goes by, and when we wait for them. Each once.

What is reminded of, and from when on: an open question and the end of an appeal two days before
(with an appeal the photos go), the end of a long cooling-off six hours before, an amount to be
confirmed after three days, money without a place after seven, photos of a draft three days before
they are deleted. The desk has a letter of its own, every morning.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from signoff.closing.letters import tell, words_for
from signoff.closing.models import Case
from signoff.closing.promises import rules_of
from signoff.closing.queries import cases_by_id, cases_to_confirm, cooling_off_ending
from signoff.closing.rules import CaseState
from signoff.closing.sweeping import by_itself
from signoff.evidence.queries import drafts_losing_pictures
from signoff.kernel.formats import date_text, moment_text
from signoff.notice.queries import newest_letters
from signoff.notice.words import CaseWords
from signoff.review.clock import appeal_until, today_of
from signoff.review.models import FIRST_ROUND, Decision, DecisionKind, Outcome, Question, Reminder
from signoff.review.photos import last_day_in_words
from signoff.review.questions import words_about
from signoff.settlement.refunds.queries import failed_refunds, without_place

REMIND_DAYS = 2
"""Calendar days before the last day for an answer or an appeal."""
SOON = timedelta(days=REMIND_DAYS)
REMIND_BEFORE_CLOSING = timedelta(hours=6)
LONG_COOLING_OFF = timedelta(hours=24)
"""Of a shorter one the customer has just been told."""
CONFIRM_AFTER = timedelta(days=3)
PLACE_AFTER = timedelta(days=7)
A_DAY = timedelta(days=1)
"""A calendar is at most so far ahead of UTC, or behind it."""


def remind_of_questions(*, now: datetime) -> int:
    """Writes once to every customer whose time to answer ends soon.

    Not where it was so short that the letter with the question has just said it.
    """
    done = 0
    for question in open_questions(now + SOON):
        with by_itself("question_reminders", question.pk):
            done += _remind_of_question(question, now)
    return done


def _remind_of_question(question: Question, now: datetime) -> bool:
    case = question.case
    if question.answer_by - today_of(case, question.asked_at) <= 2 * SOON:
        return False
    if not question.answer_by - SOON <= today_of(case, now) <= question.answer_by:
        return False
    key, words, part = f"question:{question.pk}", words_about(question), str(question.pk)
    return _tell_once(key, case, "more_info_reminder", words, now, part=part)


def open_questions(until: datetime) -> Iterator[Question]:
    """Those whose day comes by then, or a day later in some time zone."""
    rows = Question.objects.filter(
        ended_at=None,
        case__state=CaseState.MORE_INFO.value,
        answer_by__lte=(until + A_DAY).date(),
    )
    yield from rows.select_related("case__account", "reviewer").order_by("answer_by", "pk")


def remind_of_appeals(*, now: datetime) -> int:
    """Writes once to every refused customer whose time to appeal ends soon.

    Not where it was so short that the letter of the refusal has just said it, and not to whom has
    asked for another closing of the line since.
    """
    done = 0
    for decision in _refusals(now):
        with by_itself("appeal_reminders", decision.pk):
            done += _remind_of_appeal(decision, now)
    return done


def _remind_of_appeal(decision: Decision, now: datetime) -> bool:
    case = decision.case
    last_day = appeal_until(case)
    if last_day is None or rules_of(case).appeal_days.value <= 2 * REMIND_DAYS:
        return False
    if not last_day - SOON <= today_of(case, now) <= last_day:
        return False
    words = words_for(case, date=date_text(last_day, case.language), photos=last_day_in_words(case))
    key, part = f"appeal:{decision.pk}", str(decision.pk)
    return _tell_once(key, case, "appeal_reminder", words, now, part=part)


def _refusals(now: datetime) -> Iterator[Decision]:
    """First refusals that stand, are not appealed, and nobody was reminded of."""
    rows = Decision.objects.filter(
        kind=DecisionKind.FINAL,
        outcome=Outcome.REFUSED,
        round=FIRST_ROUND,
        is_current=True,
        decided_at__gt=now - timedelta(days=366),
        case__state=CaseState.REFUSED.value,
    )
    asked_anew = rows.filter(case__case_lines__line__case_lines__is_open=True)
    known = Reminder.objects.filter(key__startswith="appeal:").values("case")
    rows = rows.exclude(pk__in=asked_anew.values("pk")).exclude(case__in=known)
    yield from rows.select_related("case__account").order_by("pk")


def remind_of_closings(*, now: datetime) -> int:
    """Writes once to every customer whose long cooling-off ends soon."""
    ending = cooling_off_ending(now, within=REMIND_BEFORE_CLOSING)
    keys = {f"cooling_off:{case.pk}:{case.attempt}": case for case in ending}
    done = 0
    for key, case in _new(keys):
        with by_itself("cooling_off_reminders", case.number):
            if rules_of(case).cooling_off.value < LONG_COOLING_OFF or case.due_at is None:
                continue
            when = moment_text(case.due_at, case.language, case.account.time_zone)
            words = words_for(case, date=when)
            done += _tell_once(key, case, "cooling_off_ends", words, now, part=str(case.attempt))
    return done


def remind_to_confirm(*, now: datetime) -> int:
    """Writes once to every customer who has had a changed amount to confirm for three days."""
    waiting = {case.pk: case for case in cases_to_confirm()}
    return _about_letters("confirm_again", waiting, CONFIRM_AFTER, "confirm_reminder", now)


def remind_of_places(*, now: datetime) -> int:
    """Writes once about money that has waited a week for the customer to say where it should go.

    Once for what could not go back the way it came, and once for each time that some came back.
    """
    never_went = cases_by_id({refund.case for refund in without_place()})
    came_back = cases_by_id({refund.case for refund in failed_refunds()})
    about = "place_reminder"
    return _about_letters("place_needed", never_went, PLACE_AFTER, about, now) + _about_letters(
        "refund_failed", came_back, PLACE_AFTER, about, now
    )


def _about_letters(
    asked: str, waiting: Mapping[UUID, Case], after: timedelta, kind: str, now: datetime
) -> int:
    """Reminds once of each letter of the kind `asked` that is so old, and still unanswered."""
    keys = {
        f"{asked}:{letter.pk}": waiting[case]
        for case, letter in newest_letters(waiting, asked).items()
        if letter.created_at <= now - after
    }
    done = 0
    for key, case in _new(keys):
        with by_itself(kind, case.number):
            done += _tell_once(key, case, kind, words_for(case), now, part=key)
    return done


def remind_of_drafts(*, now: datetime) -> int:
    """Writes once to whoever has begun, added photos, and is about to lose them."""
    days = {
        f"draft_photos:{case.pk}:{day}": (case, day) for case, day in drafts_losing_pictures(now)
    }
    done = 0
    for key, case in _new({key: case for key, (case, _day) in days.items()}):
        with by_itself("draft_reminders", case.number):
            day = days[key][1]
            words = words_for(case, photos=date_text(day, case.language))
            done += _tell_once(key, case, "draft_photos", words, now, part=day.isoformat())
    return done


def _new(keys: Mapping[str, Case]) -> Iterator[tuple[str, Case]]:
    """Those that nobody was reminded of yet (one query)."""
    known = set(Reminder.objects.filter(key__in=keys).values_list("key", flat=True))
    return ((key, case) for key, case in keys.items() if key not in known)


def _tell_once(
    key: str, case: Case, kind: str, words: CaseWords, now: datetime, *, part: str
) -> bool:
    with transaction.atomic():
        if not _once(key, case, now):
            return False
        tell(case, kind, words, now, part=part)
    return True


def _once(key: str, case: Case, now: datetime) -> bool:
    """False if somebody has reminded of this already. In the caller's transaction."""
    try:
        with transaction.atomic():
            Reminder.objects.create(key=key, case=case, at=now)
    except IntegrityError:
        return False
    return True


REMINDERS = (
    remind_of_questions,
    remind_of_appeals,
    remind_of_closings,
    remind_to_confirm,
    remind_of_places,
    remind_of_drafts,
)
"""Each returns how many letters it wrote."""
