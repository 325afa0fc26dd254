"""Sending a case with its papers, and undoing it with them.

Closing cannot ask for them: it comes before them in the story, and knows nothing of pictures. Here
both are known, so a page that sends or undoes a case calls this and nothing else.
"""

from datetime import datetime

from django.db import transaction

from signoff.closing import operations as closing
from signoff.closing.models import Case
from signoff.closing.queries import locked_case
from signoff.closing.rules import CaseState
from signoff.evidence.erasing import delete_at_wish
from signoff.evidence.papers import missing_kinds
from signoff.evidence.queries import allowed_kinds, kinds_of
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.policies.sentences import EVIDENCE
from signoff.policies.values import Evidence


def missing_of(case: Case) -> tuple[str, ...]:
    """Kinds of pictures that the case still needs before it can be sent; mostly none."""
    allowed = allowed_kinds(case)
    return missing_kinds(kinds_of(case), allowed) if allowed else ()


def submit(
    *, case: Case, settlement_digest: str, session_key: str, now: datetime, language: str = ""
) -> Case:
    """As closing.operations.submit; raises Refusal ("papers_missing") for what is not there, too.

    Where the rule pack asks for no paper, there is nothing more to it than that.
    """
    with transaction.atomic():
        locked_case(case.pk)  # nobody takes a picture away between this look and the sending
        if case.state == CaseState.DRAFT.value:
            _refuse_if_missing(case)
        return closing.submit(
            case=case,
            settlement_digest=settlement_digest,
            session_key=session_key,
            now=now,
            language=language,
        )


def withdraw(*, case: Case, actor: str, now: datetime) -> Case:
    """As closing.operations.withdraw; the pictures of a draft go at once, too.

    Nobody has looked at them, and nobody will. Those of a case that was sent go by the clock.
    """
    with transaction.atomic():
        was_draft = case.state == CaseState.DRAFT.value
        case = closing.withdraw(case=case, actor=actor, now=now)
        if was_draft:
            delete_at_wish(case=case, now=now)
        return case


def _refuse_if_missing(case: Case) -> None:
    if missing := missing_of(case):
        raise Refusal(
            "papers_missing",
            _("Still missing: %(kinds)s. Add it under “Photos”."),
            kinds=tuple(EVIDENCE[Evidence(kind)] for kind in missing),
        )
