"""The timeline up to the closing: the wish, questions, decisions, the appeal, the time to think."""

from collections.abc import Iterator
from datetime import date, datetime

from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.kernel.words import gettext_noop as _
from signoff.review.clock import appeal_until, question_of, today_of
from signoff.review.customers import Before, before
from signoff.review.rules import UNDECIDED
from signoff.termination.entries import Entry
from signoff.termination.reasons import why, why_decided_by


def before_closing(case: Case, state: CaseState, now: datetime) -> Iterator[Entry]:
    """From the wish to the moment at which the closing begins. state: as it is told."""
    if not case.submitted_at:  # a draft, or one that was thrown away
        yield from _undone(case, state)
        return
    yield Entry("submitted", _("You asked us to close"), "done", case.submitted_at)
    over = before(case)
    yield from _past(case, over)
    if state in UNDECIDED:
        yield _undecided(case, state, over)
    elif state is CaseState.REFUSED:
        yield Entry(
            "refused",
            _("We could not approve it"),
            "problem",
            case.ended_at,
            by=_appealable_until(case, now),
            rule=why(case, "appeal_days"),
        )
    elif case.decided_at:
        yield Entry("approved", _("Approved"), "done", case.decided_at)
    yield from _waiting(case, state)
    yield from _undone(case, state)


def _past(case: Case, over: Before) -> list[Entry]:
    """What is over of the reviews, as it came."""
    answered = _("You answered our question")
    lapsed = _("The day for your answer went by: a person decides with what is there")
    entries = [Entry("answered", answered, "done", at) for at in over.answered]
    entries += [Entry("not_answered", lapsed, "done", at) for at in over.lapsed]
    if over.appealed_at:
        no, again = _("We could not approve it"), _("You asked that another person decides")
        entries.append(Entry("refused", no, "problem", over.refused_at))
        entries.append(Entry("appealed", again, "done", over.appealed_at))
    return sorted(entries, key=lambda entry: entry.at or case.created_at)


def _undecided(case: Case, state: CaseState, over: Before) -> Entry:
    if state is CaseState.MORE_INFO:
        question = question_of(case)
        return Entry(
            "more_info",
            _("We have a question for you"),
            "now",
            by=question.answer_by if question else None,
            rule=why(case, "more_info_days"),
        )
    rule = why_decided_by(case, waited=over.days_waited)
    if state is CaseState.IN_REVIEW:
        looking = _("A person is looking at it")
        return Entry("review", looking, "now", by=case.decide_by, rule=rule)
    return Entry(
        "review",
        _("A person will look at it"),
        "now",
        by=case.decide_by,
        tells=_("We answer by the date above."),
        rule=rule,
    )


def _appealable_until(case: Case, now: datetime) -> date | None:
    """The last day, while it lies ahead."""
    last_day = appeal_until(case)
    return last_day if last_day and today_of(case, now) <= last_day else None


def _waiting(case: Case, state: CaseState) -> Iterator[Entry]:
    if state is CaseState.COOLING_OFF:
        yield Entry(
            "cooling_off",
            _("Time to think again"),
            "now",
            case.due_at,
            tells=_("Everything works until then. You can still undo it."),
            rule=why(case, "cooling_off"),
        )
    if state is CaseState.TO_CONFIRM:
        yield Entry(
            "to_confirm",
            _("The amount has changed: we wait for you"),
            "now",
            tells=_("Nothing is closed until you have looked at it and confirmed."),
        )


def _undone(case: Case, state: CaseState) -> Iterator[Entry]:
    if state is CaseState.WITHDRAWN:
        yield Entry("withdrawn", _("Undone: nothing has changed"), "done", case.ended_at)
