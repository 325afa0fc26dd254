"""Whatever people press, in whatever order and at whatever time: the case stays one that can be."""

import contextlib
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from signoff.accounts.models import Role, User
from signoff.audit.verification import verify
from signoff.closing import queries as cases
from signoff.closing.models import Case, CaseLine
from signoff.closing.rules import FINAL_STATES, CaseState
from signoff.kernel.errors import Conflict, Refusal
from signoff.review import claims, operations, sweeps
from signoff.review.appeals import appeal
from signoff.review.models import Claim, Decision, DecisionKind, Outcome, Question
from signoff.review.questions import answer_more, ask_more
from signoff.review.rules import UNDECIDED, MoreKind, RefusalReason
from signoff.review.undo import undo_decision
from signoff.settlement.models import Settlement
from tests.world import NOON, customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db

STEPS = 50
SEEDS = (10, 11, 21, 22)
"""Together these walks have pressed everything with success."""
WORDS = "The contract of this line runs until 1 May 2027."
PAUSES = [
    timedelta(), timedelta(), timedelta(seconds=1), timedelta(seconds=59), timedelta(seconds=60),
    timedelta(minutes=31), timedelta(days=1), timedelta(days=9),
]  # fmt: skip


def presses(case: Case, by: User, boss: User, now: datetime) -> list[Callable[[], object]]:
    """Everything that a reviewer, an administrator, the customer and the clock can do to a case."""
    return [
        lambda: operations.take(case=case, reviewer=by, now=now),
        lambda: operations.approve(case=case, reviewer=by, now=now),
        lambda: operations.refuse(
            case=case, reviewer=by, reason_code=RefusalReason.COURT_ORDER, text=WORDS, now=now
        ),
        lambda: ask_more(case=case, reviewer=by, what=[MoreKind.OTHER], text=WORDS, now=now),
        lambda: answer_more(case=case, text="Here it is.", now=now),
        lambda: claims.release_claim(case=case, reviewer=by, now=now),
        lambda: claims.assign(cases=[case], reviewer=by, by=boss, now=now),
        lambda: undo_decision(case=case, reviewer=by, now=now),
        lambda: appeal(case=case, text=WORDS, now=now),
        lambda: [sweep(now=now) for sweep in sweeps.SWEEPS],
    ]


def look(case: Case) -> None:
    """One state, and everything beside it says the same."""
    state = CaseState(case.state)
    stand = Decision.objects.filter(case=case, is_current=True)
    final = stand.filter(kind=DecisionKind.FINAL).order_by("-round").first()
    waits = Question.objects.filter(case=case, ended_at=None).first()
    settled = Settlement.objects.filter(case=case.pk, is_current=True).count()
    people = list(stand.values_list("reviewer", flat=True))
    assert len(people) == len(set(people))
    assert CaseLine.objects.get(case=case).is_open is (state not in FINAL_STATES)
    assert (waits is not None) is (state is CaseState.MORE_INFO)
    assert (case.clock_stopped_on is not None) is (waits is not None and waits.stops_clock)
    if state in UNDECIDED:
        assert (case.decided_at, case.ended_at, case.due_at, settled) == (None, None, None, 1)
    else:
        expected = Outcome.REFUSED if state is CaseState.REFUSED else Outcome.APPROVED
        assert final is not None and final.outcome == expected
        assert final.decided_at == case.decided_at
        assert (case.due_at is not None) is (expected is Outcome.APPROVED)
        assert settled == 1 or final.is_released
    if state is CaseState.IN_REVIEW:
        assert Claim.objects.filter(case=case).exists()


def walk(seed: int) -> set[int]:
    """Presses at random; the numbers of those that did something."""
    chance, now = random.Random(seed), NOON
    case, boss = submitted(customer(paid=(5000 if seed % 2 else 300_000,))), staff(Role.ADMIN)
    people = [reviewer() for _ in range(3)]
    by, done = people[0], set()
    for _ in range(STEPS):
        now += chance.choice(PAUSES)
        by = by if chance.random() < 0.6 else chance.choice(people)
        acts = presses(case, by, boss, now)
        number = chance.randrange(len(acts))
        with contextlib.suppress(Refusal, Conflict):
            acts[number]()
            done.add(number)
        case = cases.case_by_id(case.pk)
        look(case)
    return done


def test_no_order_of_presses_makes_two_decisions_or_half_of_one() -> None:
    done = [walk(seed) for seed in SEEDS]
    assert set.union(*done) == set(range(10))
    assert verify().broken == ()
