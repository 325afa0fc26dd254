"""Gathers the facts for `risks`. Reads only."""

from collections.abc import Sequence

from signoff.closing.listing import others_of
from signoff.closing.rules import OPEN_STATES, CaseState
from signoff.evidence.advising import advice_of
from signoff.evidence.models import Evidence
from signoff.evidence.papers import missing_kinds
from signoff.evidence.queries import allowed_kinds
from signoff.evidence.registered import is_known
from signoff.notice.models import Notice, NoticeState
from signoff.review.queries import CaseView
from signoff.review.risks import Facts, Risk, risks
from signoff.review.rules import UNDECIDED


def stands_out(
    view: CaseView, *, pictures: Sequence[Evidence], notices: Sequence[Notice]
) -> tuple[Risk, ...]:
    """Of a case that is still to be decided; nothing of any other (two queries)."""
    case = view.case
    if CaseState(case.state) not in UNDECIDED:
        return ()
    others = others_of(case)
    advice = [advice_of(picture) for picture in pictures]
    newest = view.questions[-1] if view.questions else None
    return risks(
        Facts(
            is_blocked=view.today is not None and not view.today.is_free,
            money_changed=view.money_changed,
            is_appeal=view.appeal is not None,
            is_proposed=view.proposal is not None,
            no_answer=newest is not None and bool(newest.lapsed_at) and not newest.answered_at,
            open_cases=tuple(number for number, state in others if state in OPEN_STATES),
            refused_cases=tuple(number for number, state in others if state is CaseState.REFUSED),
            verdicts=frozenset(one.verdict for one in advice if one),
            papers_missing=bool(missing_kinds({p.kind for p in pictures}, allowed_kinds(case))),
            nothing_to_compare=bool(pictures) and not is_known(case.account),
            contact_elsewhere=case.contact_email.casefold() != case.account.email.casefold(),
            contact_dies=case.contact_phone in {line.msisdn for line in view.lines},
            letters_failed=any(notice.state == NoticeState.FAILED for notice in notices),
        )
    )
