"""Asking the customer for more, and their answer. Meanwhile the clock stands still, by the rule."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from signoff.accounts.models import Role, User
from signoff.accounts.queries import roles_of
from signoff.closing.letters import tell, words_for
from signoff.closing.models import Case
from signoff.closing.operations import CUSTOMER
from signoff.closing.promises import fixed
from signoff.closing.rules import CaseEvent, CaseState, next_state
from signoff.closing.state import advance
from signoff.evidence.queries import allowed_kinds, kinds_added_since
from signoff.kernel.errors import Conflict, InvalidValue, Refusal
from signoff.kernel.formats import date_text
from signoff.kernel.words import gettext_noop as _
from signoff.notice import operations as notice
from signoff.notice.words import CaseWords
from signoff.review.claims import actor, drop_claim, hold_claim, touch_claim
from signoff.review.clock import today_of
from signoff.review.customers import unanswered
from signoff.review.models import Question
from signoff.review.rules import (
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    MORE_WORDS,
    SHORTEST_QUESTION,
    UNDECIDED,
    UNDO_WITHIN,
    MoreKind,
    moved_on,
    not_allowed,
)


def ask_more(
    *, case: Case, reviewer: User, what: Sequence[MoreKind], text: str, now: datetime
) -> Case:
    """Asks the customer for exactly this; they have the days of the rule pack to answer.

    text: in the customer's language. Raises InvalidValue for a text that is too short or long,
    for nothing asked, and for a paper that the rule pack does not let us ask for; Taken or
    Refusal for who does not hold the case.
    """
    words, kinds = _checked(case, what, text)
    next_state(CaseState(case.state), CaseEvent.ASK_MORE)
    today = today_of(case, now)
    with transaction.atomic():
        hold_claim(case=case, reviewer=reviewer, now=now)
        rule = fixed(case, "more_info_days", "more_info_stops_clock", now=now)
        stops = rule.rules.more_info_stops_clock.value
        case = advance(
            case,
            CaseEvent.ASK_MORE,
            now=now,
            actor=actor(reviewer),
            clock_stopped_on=today if stops else None,
            rules_id=rule.book,
            told_from=now + UNDO_WITHIN,
            facts={"what": " ".join(kind.value for kind in kinds)},
            personal={"words": words},
        )
        question = _asked(
            Question(
                case=case,
                reviewer=reviewer,
                what=[kind.value for kind in kinds],
                text=words,
                asked_at=now,
                answer_by=today + timedelta(days=rule.rules.more_info_days.value),
                stops_clock=stops,
            )
        )
        tell(
            case,
            "more_info",
            words_about(question),
            now,
            part=str(question.pk),
            delay=UNDO_WITHIN,
        )
    return case


def _checked(case: Case, what: Sequence[MoreKind], text: str) -> tuple[str, list[MoreKind]]:
    words = text.strip()
    if not SHORTEST_QUESTION <= len(words) <= LONGEST_QUESTION:
        raise InvalidValue(
            "question_words",
            _("Ask in 10 to 1000 characters: the customer reads exactly this."),
            field="text",
        )
    kinds = list(dict.fromkeys(what))
    if not kinds:
        raise InvalidValue("nothing_asked", _("Choose what you need."), field="what")
    if not_allowed(kinds, allowed_kinds(case)):
        raise InvalidValue(
            "not_to_be_asked",
            _("We may not ask for this paper: the customer did not show it at registration."),
            field="what",
        )
    return words, kinds


def _asked(question: Question) -> Question:
    try:
        with transaction.atomic():
            question.save(force_insert=True)
    except IntegrityError:
        raise Conflict("another question is open") from None
    return question


def words_about(question: Question) -> CaseWords:
    """What letters about a question say."""
    case = question.case
    return words_for(
        case,
        reason=question.text,
        wanted=tuple(MORE_WORDS[MoreKind(code)] for code in question.what),
        date=date_text(question.answer_by, case.language),
    )


def answer_more(*, case: Case, text: str, now: datetime, asked: str = "") -> Case:
    """The customer answers: the review goes on, with the same reviewer.

    text: may be empty if a picture of what was asked was added since. An answer that comes after its
    day is kept, too: the case is in the queue then, and stays there. asked: id of the question that
    they read, if their page said it. Raises InvalidValue for an empty answer, Refusal if another was
    asked since ("another_question"), Conflict if there is no question (any more).
    """
    words = text.strip()
    question = unanswered(case)
    if question is None or CaseState(case.state) not in UNDECIDED:
        raise Conflict(f"case {case.number} has no open question")
    if asked and asked != str(question.pk):
        raise Refusal(
            "another_question",
            _("We have asked something else meanwhile. Please read it: your words are still here."),
        )
    if len(words) > LONGEST_ANSWER:
        raise InvalidValue("answer_long", _("Write at most 1000 characters."), field="text")
    if not words and not kinds_added_since(case, question.asked_at) & set(question.what):
        raise InvalidValue(
            "answer_empty", _("Write an answer, or add what we asked for."), field="text"
        )
    with transaction.atomic():
        if question.ended_at is not None:
            return _answer_late(case, question, words, now)
        return _answer(case, question, words, now)


def _answer(case: Case, question: Question, words: str, now: datetime) -> Case:
    close_question(question, now, answered_at=now, answer=words)
    if Role.REVIEWER in roles_of(question.reviewer):  # else whoever comes first takes it
        touch_claim(case=case, reviewer=question.reviewer, now=now)
    decide_by = _clock_goes_on(case, question, now)
    case = advance(
        case,
        CaseEvent.ANSWER,
        now=now,
        actor=CUSTOMER,
        personal={"words": words},
        clock_stopped_on=None,
        decide_by=decide_by,
    )
    notice.cancel_held(case=case.pk, kinds=["more_info"])
    return case


def _answer_late(case: Case, question: Question, words: str, now: datetime) -> Case:
    late = Question.objects.filter(pk=question.pk, answered_at=None, undone_at=None)
    if not late.update(answered_at=now, answer=words):
        raise Conflict(f"the question of case {case.number} was answered just now")
    return case


def close_question(question: Question, now: datetime, **how: object) -> None:
    """The question is over; once. Raises Conflict if somebody was first.

    In the caller's transaction, before the case is moved.
    """
    if not Question.objects.filter(pk=question.pk, ended_at=None).update(ended_at=now, **how):
        raise Conflict("the question is over already")


def _clock_goes_on(case: Case, question: Question, now: datetime) -> date | None:
    """We no longer wait for the customer: the new last day, by as many working days later."""
    if case.clock_stopped_on is None or case.decide_by is None:
        return case.decide_by
    decide_by, waited = moved_on(
        case.decide_by,
        stopped_on=case.clock_stopped_on,
        today=today_of(case, now),
        country=case.country,
    )
    Question.objects.filter(pk=question.pk).update(days_waited=waited)
    return decide_by


def lapse(*, question: Question, now: datetime) -> Case:
    """The day went by without an answer: the case goes back to the queue, for a person to decide.

    The customer's wish is never dropped for it. Raises Conflict if an answer came just now, and
    Refusal before the day is over.
    """
    case = question.case
    if today_of(case, now) <= question.answer_by:
        raise Refusal("not_over", _("The customer still has time to answer."))
    with transaction.atomic():
        close_question(question, now, lapsed_at=now)
        drop_claim(case)
        decide_by = _clock_goes_on(case, question, now)
        return advance(
            case,
            CaseEvent.NO_ANSWER,
            now=now,
            actor="policy",
            clock_stopped_on=None,
            decide_by=decide_by,
        )
