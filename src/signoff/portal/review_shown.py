"""What the case's page says of the review: a question, a refusal, an appeal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from signoff.closing.models import Case
from signoff.closing.promises import rules_of
from signoff.closing.rules import CaseState
from signoff.evidence.queries import kinds_of, was_erased
from signoff.policies.explain import reason_for
from signoff.policies.sentences import Sentence
from signoff.review.clock import today_of
from signoff.review.customers import for_customer
from signoff.review.models import Question
from signoff.review.photos import stay_until
from signoff.review.rules import MORE_WORDS, REFUSAL_WORDS, MoreKind, RefusalReason

_PHOTOS_CAN_GO = {CaseState.REFUSED, CaseState.WITHDRAWN}
"""Over, and the customer still comes here. After a closing nobody can sign in any more."""


@dataclass(frozen=True, slots=True)
class ReviewShown:
    """answer_by: of the question that is open. is_late: its day is over, an answer still helps.

    refused_because: a word of ours for the ground. appeal_until: the last day; None: no (longer).
    is_appeal: another person looks, or has looked. photos_until: the last day on which the photos of
    a case that is over are kept, if there are any. photos_gone: there were some.
    """

    answer_by: date | None
    is_late: bool
    refused_because: str
    appeal_until: date | None
    is_appeal: bool
    is_final: bool
    photos_until: date | None
    photos_gone: bool


def review_shown(case: Case, now: datetime) -> ReviewShown:
    """Nothing in it is personal: who sees how much is the page's to say."""
    seen = for_customer(case, now)
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
        photos_until=photos_until(case),
        photos_gone=CaseState(case.state) in _PHOTOS_CAN_GO and was_erased(case),
    )


def photos_until(case: Case) -> date | None:
    """The last day of photos that the customer may have deleted before it; None: there are none."""
    if CaseState(case.state) not in _PHOTOS_CAN_GO or not kinds_of(case):
        return None
    return stay_until(case)


def wanted(question: Question) -> list[str]:
    """What was asked for, each as a word of ours."""
    return [MORE_WORDS[MoreKind(code)] for code in question.what]


def rules_for(case: Case, *places: str) -> Sequence[tuple[Sentence, ...]]:
    """Rules that the case goes by, each with where it comes from."""
    policy = rules_of(case)
    return [reason_for(policy, place) for place in places]
