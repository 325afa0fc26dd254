"""The rule in force: what a case was promised holds, whatever the operator or an upgrade changes."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from signoff import config as settings
from signoff.closing import operations as closing
from signoff.closing import queries as cases
from signoff.closing.models import Case, RuleBook
from signoff.closing.promises import rules_of
from signoff.closing.recheck import still_agreed
from signoff.closing.rules import Scope
from signoff.config import config, policies
from signoff.presentation import wording
from signoff.review import operations as review
from signoff.review.appeals import appeal
from signoff.review.clock import answer_until, appeal_until
from signoff.review.models import Question
from signoff.review.questions import ask_more
from signoff.review.rules import MoreKind, RefusalReason
from signoff.settlement.queries import settlement_of
from signoff.termination.reasons import why, why_decided_by
from tests.world import NOON, customer, reviewer, submitted

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WORDS = "The contract of this line runs until 1 May 2027."
Rules = Callable[[str], None]


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Rules]:
    """The operator writes another file, and starts the program anew."""
    file, usual = tmp_path / "policy.toml", config()

    def write(text: str) -> None:
        file.write_text(text)
        policies.cache_clear()

    changed = usual.model_copy(update={"policy_file": file})
    monkeypatch.setattr(settings, "config", lambda: changed)
    write("")
    yield write
    monkeypatch.undo()
    policies.cache_clear()


def said(case: Case, rule: str) -> list[str]:
    return [wording.said(sentence) for sentence in why(case, rule)]


def refused(case: Case) -> Case:
    by = reviewer()
    case = review.take(case=case, reviewer=by, now=NOON)
    ground = RefusalReason.CONTRACT_BOUND
    return review.refuse(case=case, reviewer=by, reason_code=ground, text=WORDS, now=NOON)


def asked(case: Case) -> Question:
    by = reviewer()
    case = review.take(case=case, reviewer=by, now=NOON)
    ask_more(case=case, reviewer=by, what=[MoreKind.OTHER], text=WORDS, now=NOON)
    return Question.objects.get(case=case)


def test_what_gets_worse_does_not_touch_a_case_that_was_sent(rules: Rules) -> None:
    rules("[CN]\nreview_working_days = 5\nmore_info_days = 20\ncooling_off = 'P2D'\n")
    question_case, other = submitted(customer()), submitted(customer())
    rules("[CN]\nreview_working_days = 15\nmore_info_days = 3\ncooling_off = 'PT1H'\n")
    by = reviewer()
    assert wording.said(why_decided_by(other)[0]) == "A decision takes 5 working days at most."
    assert answer_until(question_case, NOON) == asked(question_case).answer_by
    assert Question.objects.get().answer_by == (NOON + 20 * DAY).date()
    assert said(question_case, "more_info_days")[0] == (
        "Whoever is asked for more has 20 days to answer."
    )
    approved = review.approve(
        case=review.take(case=other, reviewer=by, now=NOON), reviewer=by, now=NOON
    )
    assert approved.due_at == NOON + 2 * DAY
    assert said(approved, "cooling_off")[0] == "An approved closing can be undone for 2 days."


def test_what_gets_better_goes_for_dates_that_are_fixed_from_then_on(rules: Rules) -> None:
    case, other = submitted(customer()), submitted(customer())
    last = case.decide_by
    rules("[CN]\nreview_working_days = 5\nmore_info_days = 30\nappeal_days = 40\n")
    question = asked(case)
    assert question.answer_by == (NOON + 30 * DAY).date()
    case = Case.objects.get(pk=case.pk)
    assert said(case, "more_info_days")[0] == "Whoever is asked for more has 30 days to answer."
    assert case.decide_by == last
    assert wording.said(why_decided_by(case)[0]) == "A decision takes 15 working days at most."
    other = refused(other)
    assert appeal_until(other) == (NOON + 40 * DAY).date()
    rules("[CN]\nappeal_days = 1\n")
    assert appeal_until(other) == (NOON + 40 * DAY).date()


def test_an_appeal_is_promised_the_better_of_then_and_now(rules: Rules) -> None:
    rules("[CN]\nappeal_days = 30\nmore_info_days = 25\n")
    case = refused(submitted(customer()))
    rules("[CN]\nreview_working_days = 4\nmore_info_days = 2\n")
    case = appeal(case=case, text="The contract ended in May: I have the letter.", now=NOON + DAY)
    held = rules_of(Case.objects.get(pk=case.pk))
    assert (held.review_working_days.value, held.more_info_days.value) == (4, 25)
    assert wording.said(why_decided_by(case)[0]) == "A decision takes 4 working days at most."


def test_the_amount_that_was_confirmed_is_not_computed_by_other_rules(rules: Rules) -> None:
    rules('[CN.money]\nproration = "none"\n')
    who = customer()
    who.lines[0].billing = "postpaid"
    who.lines[0].save()
    case = submitted(who)
    rules('[CN.money]\nproration = "period"\n')
    agreed = settlement_of(case.pk)
    assert agreed
    assert cases.settled_now(case, agreed).digest == agreed.digest
    by = reviewer()
    case = review.approve(case=review.take(case=case, reviewer=by, now=NOON), reviewer=by, now=NOON)
    assert still_agreed(case, now=NOON + DAY)


def test_cases_of_the_same_rules_share_a_book_and_a_draft_has_none(rules: Rules) -> None:
    first, second = submitted(customer()), submitted(customer())
    assert first.rules_id == second.rules_id == policies().digest("CN")
    assert RuleBook.objects.count() == 1
    rules("[CN]\nappeal_days = 20\n")
    assert submitted(customer()).rules_id != first.rules_id
    who = customer()
    draft = closing.start_draft(
        account=who.account, lines=who.lines, scope=Scope.LINE, language="en", now=NOON
    )
    assert draft.rules_id is None
    assert rules_of(draft).appeal_days.value == 20


def test_no_case_that_was_sent_is_without_rules() -> None:
    case = submitted(customer())
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(rules=None)
