"""Whoever has a day is reminded before it goes by, and once: answers, appeals, amounts, places."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DataError

from signoff.accounts.models import Account
from signoff.closing.letters import tell
from signoff.closing.models import Case
from signoff.closing.operations import start_draft
from signoff.closing.queries import case_by_id
from signoff.closing.rules import CaseEvent, CaseState, Scope
from signoff.closing.state import advance
from signoff.desk.words import WORDS
from signoff.evidence.models import CaseKey
from signoff.kernel.formats import date_text
from signoff.notice.models import Notice
from signoff.review import operations as review
from signoff.review import reminders
from signoff.review.appeals import appeal
from signoff.review.models import Reminder
from signoff.review.questions import ask_more
from signoff.review.rules import MoreKind, RefusalReason
from signoff.sagas.reminders import sweep_when_due
from signoff.settlement.models import Refund, RefundState
from tests.papers import with_papers
from tests.world import NOON, Customer, approved, customer, reviewer, submitted

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WORDS_OF_REFUSAL = "The contract of this line runs until 1 May 2027."


def asked() -> Case:
    by = reviewer()
    case = review.take(case=submitted(customer()), reviewer=by, now=NOON)
    text = "The photo is dark. Please send another."
    return ask_more(case=case, reviewer=by, what=[MoreKind.OTHER], text=text, now=NOON)


def refused(who: Customer | None = None) -> Case:
    by = reviewer()
    case = review.take(case=submitted(who or customer()), reviewer=by, now=NOON)
    ground = RefusalReason.CONTRACT_BOUND
    return review.refuse(
        case=case, reviewer=by, reason_code=ground, text=WORDS_OF_REFUSAL, now=NOON
    )


def to_confirm() -> Case:
    case = approved(customer())
    case = advance(case, CaseEvent.ASK_AGAIN, now=NOON, actor="policy", due_at=None)
    _told(case, "confirm_again")
    return case


def without_place() -> Case:
    case = approved(customer())
    Refund.objects.filter(case=case.pk).update(payment=None, released_at=NOON)
    Case.objects.filter(pk=case.pk).update(state="closed")
    _told(case, "place_needed")
    return case


def came_back() -> Case:
    case = approved(customer())
    Refund.objects.filter(case=case.pk).update(state=RefundState.FAILED, released_at=NOON)
    Case.objects.filter(pk=case.pk).update(state="closed")
    _told(case, "refund_failed")
    return case


def draft_with_photos() -> Case:
    who = customer()
    case = start_draft(
        account=who.account, lines=who.lines, scope=Scope.LINE, language="en", now=NOON
    )
    with_papers(case)
    CaseKey.objects.create(case=case, wrapped=b"...", key_id="k", created_at=NOON)
    return case


def _told(case: Case, kind: str) -> None:
    Notice.objects.create(
        key=f"{case.pk}:{kind}", case=case.pk, kind=kind, channel="letter", language="en",
        recipient=case.contact_email, state="sent", created_at=NOON, sent_at=NOON,
    )  # fmt: skip


DEADLINES: list[tuple[Callable[[], Case], str, timedelta, str]] = [
    (asked, "more_info_reminder", 12 * DAY, "6 December 2026"),
    (refused, "appeal_reminder", 12 * DAY, "appeal until 6 December 2026"),
    (to_confirm, "confirm_reminder", 3 * DAY, "nothing is closed until you have looked at it"),
    (without_place, "place_reminder", 7 * DAY, "say where it should go"),
    (came_back, "place_reminder", 7 * DAY, "say where it should go"),
    (lambda: approved(customer()), "cooling_off_ends", timedelta(hours=18), "undo it"),
    (draft_with_photos, "draft_photos", 27 * DAY, "are deleted on 22 December 2026"),
]


@pytest.mark.parametrize(("begun", "kind", "after", "says"), DEADLINES)
def test_each_deadline_of_a_customer_is_reminded_of_in_time_and_once(
    begun: Callable[[], Case], kind: str, after: timedelta, says: str
) -> None:
    case = begun()
    letters = Notice.objects.filter(kind=kind, channel="letter")
    sweep_when_due(now=NOON + after - timedelta(hours=21))  # the day before, in Shanghai too
    assert not letters.exists()
    for moment in (after, after, after + timedelta(minutes=1), after + timedelta(hours=1)):
        sweep_when_due(now=NOON + moment)
    (letter,) = letters
    assert says in letter.text
    assert letter.recipient == case.contact_email
    assert Reminder.objects.filter(case=case).count() == 1
    assert kind in WORDS["notice"]  # the desk has a name for it


def test_a_case_that_breaks_us_keeps_nobody_elses_reminder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = set[UUID]()

    def fragile(case: Case, *what: Any, **more: Any) -> None:
        if case.pk in broken:
            raise DataError("value too long") if len(broken) % 2 else ValueError("ours")
        tell(case, *what, **more)

    monkeypatch.setattr("signoff.review.reminders.tell", fragile)
    for begun, kind, after, _says in DEADLINES:
        broken.add(begun().pk)
        well = begun()
        sweep_when_due(now=NOON + after)
        assert Notice.objects.filter(kind=kind, case=well.pk, channel="letter").count() == 1
    assert not Reminder.objects.filter(case__in=broken).exists()  # tried again


def test_a_case_that_breaks_us_keeps_nobody_elses_question_or_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (broken, silent), (no, other) = (asked(), asked()), (refused(), refused())
    Account.objects.filter(pk=broken.account_id).update(time_zone="Nowhere/Else")
    released: list[UUID] = []

    def release(*, case: UUID) -> None:
        if case == no.pk:
            raise ValueError("ours")
        released.append(case)

    monkeypatch.setattr("signoff.review.sweeps.settlement.release", release)
    sweep_when_due(now=NOON + 20 * DAY)
    assert case_by_id(silent.pk).state == CaseState.SUBMITTED.value
    assert case_by_id(broken.pk).state == CaseState.MORE_INFO.value
    assert released == [other.pk]


def test_an_appeal_that_came_or_cannot_come_any_more_is_not_reminded_of() -> None:
    text = "The contract ended in May: I have the letter here."
    appeal(case=refused(), text=text, now=NOON + DAY)
    again = customer()
    refused(again)
    submitted(again, now=NOON + DAY)  # asked for anew
    refused()
    assert reminders.remind_of_appeals(now=NOON + 15 * DAY) == 0
    assert reminders.remind_of_appeals(now=NOON + 13 * DAY) == 1


def test_the_reminder_of_an_appeal_says_that_the_photos_go() -> None:
    by = reviewer()
    case = submitted(customer())
    with_papers(case)
    case = review.take(case=case, reviewer=by, now=NOON)
    ground = RefusalReason.CONTRACT_BOUND
    review.refuse(case=case, reviewer=by, reason_code=ground, text=WORDS_OF_REFUSAL, now=NOON)
    reminders.remind_of_appeals(now=NOON + 12 * DAY)
    letter = Notice.objects.get(kind="appeal_reminder")
    assert "Your photos are deleted after 6 December 2026" in letter.text


def test_what_was_answered_meanwhile_is_not_asked_again() -> None:
    case, paid, draft = to_confirm(), without_place(), draft_with_photos()
    Case.objects.filter(pk=case.pk).update(state="cooling_off", due_at=NOON + 99 * DAY)
    Refund.objects.filter(case=paid.pk).update(state=RefundState.SENT)
    CaseKey.objects.filter(case=draft).delete()
    for late in range(3, 40, 4):
        assert reminders.remind_to_confirm(now=NOON + late * DAY) == 0
        assert reminders.remind_of_places(now=NOON + late * DAY) == 0
        assert reminders.remind_of_drafts(now=NOON + late * DAY) == 0


def test_the_day_of_a_draft_is_the_one_on_which_its_photos_go() -> None:
    draft_with_photos()
    assert reminders.remind_of_drafts(now=NOON + 29 * DAY) == 1
    gone = (NOON + 30 * DAY).date()
    assert date_text(gone, "en") in Notice.objects.get(kind="draft_photos").text
