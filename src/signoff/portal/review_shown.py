"""What the case's page says of the review: a question, a refusal, an appeal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from signoff.closing.models import Case
from signoff.closing.promises import rules_of
from signoff.closing.rules import CaseState
from signoff.policies.explain import reason_for
from signoff.policies.sentences import Sentence
from signoff.review.clock import today_of
from signoff.review.customers import for_customer
from signoff.review.models import Question
from signoff.review.rules import MORE_WORDS, REFUSAL_WORDS, MoreKind, RefusalReason


@dataclass(frozen=True, slots=True)
class ReviewShown:
    """answer_by: of the question that is open. is_late: its day is over, an answer still helps.

    refused_because: a word of ours for the ground. appeal_until: the last day; None: no (longer).
    is_appeal: another person looks, or has looked.
    """

    answer_by: date | None
    is_late: bool
    refused_because: str
    appeal_until: date | None
    is_appeal: bool
    is_final: bool


def review_shown(case: Case, now: datetime) -> ReviewShown:
    """Nothing in it is personal: who sees how much is the page's to say."""
    seen = for_customer(case)
    until = seen.appeal_until
    return ReviewShown(
        answer_by=seen.question.answer_by if seen.question else None,
        is_late=seen.question is not None and case.state != CaseState.MORE_INFO.value,
        refused_because=(
            REFUSAL_WORDS[RefusalReason(seen.refusal.reason_code)] if seen.refusal else ""
        ),
        appeal_until=until if until and today_of(case, now) <= until else None,
        is_appeal=seen.appeal is not None,
        is_final=case.state == CaseState.REFUSED.value and seen.appeal is not None,
    )


def wanted(question: Question) -> list[str]:
    """What was asked for, each as a word of ours."""
    return [MORE_WORDS[MoreKind(code)] for code in question.what]


def rules_for(case: Case, *places: str) -> Sequence[tuple[Sentence, ...]]:
    """Rules that the case goes by, each with where it comes from."""
    policy = rules_of(case)
    return [reason_for(policy, place) for place in places]
