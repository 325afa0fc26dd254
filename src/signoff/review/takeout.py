"""What a person takes along of the reviews of their cases, as plain values. Nobody is named."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from signoff.review.models import Appeal, Decision, DecisionKind, Outcome, Question
from signoff.review.rules import UNDO_WITHIN


def reviews_taken(cases: Mapping[UUID, str], *, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """Questions with their answers, refusals and appeals, oldest first (three queries).

    cases: numbers of the person's cases by their id. A question within its minute has not been
    told, and is left out; a refusal shows at once (ADR 18), so it is here. What was taken back is
    not.
    """
    return {
        "questions": [_question(row, cases[row.case_id]) for row in _told(cases, now)],
        "refusals": [_refusal(row, cases[row.case_id]) for row in _refusals(cases)],
        "appeals": [
            {
                "case": cases[row.case_id],
                "appealed_at": row.appealed_at.isoformat(),
                "text": row.text,
            }
            for row in Appeal.objects.filter(case__in=list(cases)).order_by("appealed_at", "pk")
        ],
    }


def _told(cases: Mapping[UUID, str], now: datetime) -> list[Question]:
    told = Q(asked_at__lte=now - UNDO_WITHIN) | Q(answered_at__isnull=False)
    rows = Question.objects.filter(told, case__in=list(cases), undone_at=None)
    return list(rows.order_by("asked_at", "pk"))


def _refusals(cases: Mapping[UUID, str]) -> list[Decision]:
    rows = Decision.objects.filter(
        case__in=list(cases),
        kind=DecisionKind.FINAL,
        outcome=Outcome.REFUSED,
        is_current=True,
    )
    return list(rows.order_by("decided_at", "pk"))


def _question(row: Question, case: str) -> dict[str, Any]:
    return {
        "case": case,
        "asked_for": row.what,
        "question": row.text,
        "asked_at": row.asked_at.isoformat(),
        "answer_by": row.answer_by.isoformat(),
        "answer": row.answer,
        "answered_at": row.answered_at.isoformat() if row.answered_at else None,
    }


def _refusal(row: Decision, case: str) -> dict[str, Any]:
    return {
        "case": case,
        "ground": row.reason_code,
        "text": row.text,
        "refused_at": row.decided_at.isoformat(),
    }
