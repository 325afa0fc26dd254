"""Yes and no."""

from datetime import datetime

from django.db import IntegrityError, transaction

from signoff.accounts.models import User
from signoff.closing.letters import tell, words_for
from signoff.closing.models import Case
from signoff.closing.promises import fixed
from signoff.closing.rules import CaseEvent, CaseState, next_state
from signoff.closing.runs import ask_for_run
from signoff.closing.state import advance
from signoff.kernel.errors import Conflict, InvalidValue
from signoff.kernel.formats import date_text, moment_text
from signoff.kernel.words import gettext_noop as _
from signoff.review.claims import actor, drop_claim, hold_claim, take
from signoff.review.clock import appeal_until, round_of, today_of, waits_for_second_person
from signoff.review.models import APPEAL_ROUND, Decision, DecisionKind, Outcome
from signoff.review.photos import last_day_in_words
from signoff.review.rules import (
    LONGEST_REASON,
    REFUSAL_WORDS,
    SHORTEST_REASON,
    UNDO_WITHIN,
    RefusalReason,
)

__all__ = ["approve", "refuse", "take"]

_OF_A_REFUSAL = ("appeal_days", "evidence_days_after_decision", "evidence_through_appeal")
"""Rules by which its dates are fixed."""


def approve(*, case: Case, reviewer: User, now: datetime) -> Case:
    """Yes. The closing begins by itself when the cooling-off is over.

    Where the rule pack wants a second person, the first yes is a proposal: the case goes back to
    the queue for another. Raises Taken or Refusal for who does not hold the case, and Conflict if
    it has been decided or undone meanwhile.
    """
    next_state(CaseState(case.state), CaseEvent.APPROVE)
    with transaction.atomic():
        hold_claim(case=case, reviewer=reviewer, now=now)
        if waits_for_second_person(case):
            return _propose(case, reviewer, now)
        case = advance(case, CaseEvent.APPROVE, now=now, actor=actor(reviewer), decided_at=now)
        decision = _decided(case, reviewer, now, outcome=Outcome.APPROVED)
        return _cool_off(case, decision, now)


def _cool_off(case: Case, decision: Decision, now: datetime) -> Case:
    rule = fixed(case, "cooling_off", "evidence_days_after_decision", now=now)
    cooling_off = rule.rules.cooling_off.value
    due_at = now + cooling_off
    attempt = case.attempt + 1  # a run that was asked for before a yes was taken back finds nothing
    case = advance(
        case,
        CaseEvent.WAIT,
        now=now,
        actor="policy",
        due_at=due_at,
        attempt=attempt,
        rules_id=rule.book,
        facts={"seconds": int(cooling_off.total_seconds())},
    )
    ask_for_run(case, attempt, delay=cooling_off)
    when = moment_text(due_at, case.language, case.account.time_zone)
    delay = min(UNDO_WITHIN, cooling_off)
    tell(case, "approved", words_for(case, date=when), now, part=str(decision.pk), delay=delay)
    return case


def _propose(case: Case, reviewer: User, now: datetime) -> Case:
    _decided(case, reviewer, now, outcome=Outcome.APPROVED, kind=DecisionKind.PROPOSED)
    drop_claim(case)
    return advance(case, CaseEvent.PROPOSE, now=now, actor=actor(reviewer))


def refuse(
    *, case: Case, reviewer: User, reason_code: RefusalReason, text: str, now: datetime
) -> Case:
    """No, with a ground and a reason in words that the customer reads.

    The customer can appeal once; a refusal of the appeal is final. A refusal needs its reason:
    PIPL article 50. The settlement is let go when the refusal can no longer be taken back
    (`sweeps.release_refused`). Raises InvalidValue without words, otherwise as `approve`.
    """
    words = text.strip()
    if not SHORTEST_REASON <= len(words) <= LONGEST_REASON:
        raise InvalidValue(
            "refusal_words",
            _(
                "Tell the customer the reason in 20 to 1000 characters: they will read exactly this."
            ),
            field="text",
        )
    next_state(CaseState(case.state), CaseEvent.REFUSE)
    with transaction.atomic():
        hold_claim(case=case, reviewer=reviewer, now=now)
        rule = fixed(case, *_OF_A_REFUSAL, now=now)
        case = advance(
            case,
            CaseEvent.REFUSE,
            now=now,
            actor=actor(reviewer),
            ended_at=now,
            decided_at=now,
            rules_id=rule.book,
            answer=words,
            facts={"reason": reason_code.value},
            personal={"words": words},  # nobody can say later that it read otherwise
        )
        # A yes that another had proposed is overruled; it may be theirs to look at the appeal.
        Decision.objects.filter(
            case=case, round=round_of(case), kind=DecisionKind.PROPOSED, is_current=True
        ).update(is_current=False)
        decision = _decided(
            case, reviewer, now, outcome=Outcome.REFUSED, reason=reason_code.value, text=words
        )
        _tell_refused(case, decision, reason_code, now)
    return case


def _tell_refused(case: Case, decision: Decision, reason: RefusalReason, now: datetime) -> None:
    is_final = decision.round == APPEAL_ROUND
    last_day = appeal_until(case)
    words = words_for(
        case,
        reason=decision.text,
        ground=REFUSAL_WORDS[reason],
        date="" if last_day is None else date_text(last_day, case.language),
        photos=last_day_in_words(case),
    )
    kind = "refused_finally" if is_final else "refused"
    tell(case, kind, words, now, part=str(decision.pk), delay=UNDO_WITHIN)


def _decided(
    case: Case,
    reviewer: User,
    now: datetime,
    *,
    outcome: Outcome,
    kind: DecisionKind = DecisionKind.FINAL,
    reason: str = "",
    text: str = "",
) -> Decision:
    """The database allows one decision of a kind in a round, and one a person."""
    decision = Decision(
        case=case,
        round=round_of(case),
        kind=kind,
        reviewer=reviewer,
        outcome=outcome,
        reason_code=reason,
        text=text,
        decided_at=now,
        decide_by=case.decide_by,
        in_time=None if case.decide_by is None else today_of(case, now) <= case.decide_by,
    )
    try:
        with transaction.atomic():
            decision.save(force_insert=True)
    except IntegrityError:
        raise Conflict("the case has been decided by somebody else") from None
    return decision
