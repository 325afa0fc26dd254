"""What a reviewer does with a case."""

from datetime import datetime

from django.db import IntegrityError, transaction

from signoff.accounts.models import User
from signoff.closing.models import Case
from signoff.closing.operations import tell, words_for
from signoff.closing.rules import CaseEvent
from signoff.closing.runs import ask_for_run
from signoff.closing.state import advance
from signoff.config import policies
from signoff.kernel.errors import Conflict, InvalidValue
from signoff.kernel.formats import moment_text
from signoff.kernel.words import gettext_noop as _
from signoff.review.models import Claim, Decision, Outcome
from signoff.review.rules import RefusalReason
from signoff.settlement import operations as settlement


def _actor(reviewer: User) -> str:
    return f"reviewer:{reviewer.pk}"


def take(*, case: Case, reviewer: User, now: datetime) -> Case:
    """A reviewer begins to look at the case. Raises Conflict if another has taken it."""
    with transaction.atomic():
        case = advance(case, CaseEvent.TAKE, now=now, actor=_actor(reviewer))
        Claim.objects.create(case=case, reviewer=reviewer, taken_at=now)
    return case


def approve(*, case: Case, reviewer: User, now: datetime) -> Case:
    """Yes. The closing begins by itself when the cooling-off is over.

    Raises Conflict if the case has been decided or undone meanwhile.
    """
    cooling_off = policies().for_country(case.country).cooling_off.value
    due_at = now + cooling_off
    with transaction.atomic():
        case = advance(case, CaseEvent.APPROVE, now=now, actor=_actor(reviewer), decided_at=now)
        _decide(Decision(case=case, reviewer=reviewer, outcome=Outcome.APPROVED, decided_at=now))
        case = advance(
            case,
            CaseEvent.WAIT,
            now=now,
            actor="policy",
            due_at=due_at,
            attempt=1,
            facts={"seconds": int(cooling_off.total_seconds())},
        )
        ask_for_run(case, 1, delay=cooling_off)
        when = moment_text(due_at, case.language, case.account.time_zone)
        tell(case, "approved", words_for(case, date=when), now)
    return case


def refuse(
    *, case: Case, reviewer: User, reason_code: RefusalReason, text: str, now: datetime
) -> Case:
    """No, with a reason in words that the customer reads. Raises InvalidValue without words.

    A refusal needs its reason: PIPL article 50.
    """
    words = text.strip()
    if not 20 <= len(words) <= 1000:
        raise InvalidValue(
            "refusal_words",
            _(
                "Tell the customer the reason in 20 to 1000 characters: they will read exactly this."
            ),
            field="text",
        )
    with transaction.atomic():
        case = advance(
            case,
            CaseEvent.REFUSE,
            now=now,
            actor=_actor(reviewer),
            ended_at=now,
            decided_at=now,
            answer=words,
            facts={"reason": reason_code.value},
            personal={"words": words},  # nobody can say later that it read otherwise
        )
        _decide(
            Decision(
                case=case,
                reviewer=reviewer,
                outcome=Outcome.REFUSED,
                decided_at=now,
                reason_code=reason_code.value,
                text=words,
            )
        )
        settlement.release(case=case.pk)
        tell(case, "refused", words_for(case, reason=words), now)
    return case


def _decide(decision: Decision) -> None:
    """The database allows one decision a case."""
    try:
        with transaction.atomic():
            decision.save(force_insert=True)
    except IntegrityError:
        raise Conflict("the case has been decided by somebody else") from None
