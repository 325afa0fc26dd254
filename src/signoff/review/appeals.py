"""The customer does not agree with a refusal: another person looks, from the beginning, once."""

from datetime import datetime

from django.db import IntegrityError, transaction

from signoff.closing import queries as cases
from signoff.closing.letters import tell, words_for
from signoff.closing.models import Case
from signoff.closing.operations import CUSTOMER
from signoff.closing.promises import fixed
from signoff.closing.rules import CaseEvent, CaseState, Scope, next_state
from signoff.closing.state import advance
from signoff.kernel.errors import Conflict, InvalidValue, Refusal
from signoff.kernel.formats import date_text
from signoff.kernel.words import gettext_noop as _
from signoff.policies.promises import PROMISES
from signoff.policies.working_days import add_working_days
from signoff.review.claims import drop_claim
from signoff.review.clock import appeal_until, today_of
from signoff.review.models import Appeal, Decision, DecisionKind
from signoff.review.rules import LONGEST_APPEAL, SHORTEST_APPEAL
from signoff.settlement import operations as settlement


def appeal(*, case: Case, text: str, now: datetime) -> Case:
    """A new review by another person, with a settlement of today and a new last day.

    Raises InvalidValue for the words; Refusal if the days are over, if it is the second time, if
    something stands in the way by now ("blocked"), or if a line is in another case
    ("already_closing"); Conflict if the refusal was taken back just now.
    """
    words = text.strip()
    if not SHORTEST_APPEAL <= len(words) <= LONGEST_APPEAL:
        raise InvalidValue(
            "appeal_words",
            _("Say in 20 to 1000 characters what we should look at again."),
            field="text",
        )
    next_state(CaseState(case.state), CaseEvent.APPEAL)
    _check_time(case, now)
    with transaction.atomic():
        rule = fixed(case, *PROMISES, now=now)
        shown = cases.preview(
            case.account,
            cases.lines_of(case),
            scope=Scope(case.scope),
            now=now,
            policy=rule.rules,
        )
        if not shown.is_free:
            raise Refusal(
                "blocked",
                _(
                    "Something stands in the way by now, like an open bill. Look at your lines "
                    "first."
                ),
            )
        days = rule.rules.review_working_days.value
        decide_by = add_working_days(today_of(case, now), days, case.country)
        drop_claim(case)
        case = advance(
            case,
            CaseEvent.APPEAL,
            now=now,
            actor=CUSTOMER,
            facts={"settlement": shown.settlement.digest, "rules": rule.book},
            personal={"words": words},
            decide_by=decide_by,
            decided_at=None,
            ended_at=None,
            rules_id=rule.book,
            settles_account=shown.settles_account,
        )
        _keep(case, words, now)
        settlement.freeze(
            case=case.pk, result=shown.settlement, policy=shown.policy, now=now, why="appealed"
        )
        date = date_text(decide_by, case.language)
        tell(case, "appealed", words_for(case, date=date), now)
    return case


def _check_time(case: Case, now: datetime) -> None:
    last_day = appeal_until(case)
    if last_day is None:
        raise Refusal(
            "appealed_once", _("Two people have looked at this case: with us it ends here.")
        )
    if today_of(case, now) > last_day:
        raise Refusal(
            "appeal_over",
            _("The time to appeal is over. You can ask us to close again at any time."),
        )


def _keep(case: Case, words: str, now: datetime) -> None:
    refused = Decision.objects.get(
        case=case, kind=DecisionKind.FINAL, is_current=True
    )  # of the first round: there was no appeal yet
    try:
        with transaction.atomic():
            Appeal.objects.create(case=case, decision=refused, text=words, appealed_at=now)
    except IntegrityError:
        raise Conflict("the case has been appealed already") from None
