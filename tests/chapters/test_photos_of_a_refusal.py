"""The photos of a refused case: there for the other person who may look, gone when nobody can."""

from datetime import UTC, datetime, timedelta

import pytest

from signoff.audit.models import AuditRow
from signoff.closing.models import Case
from signoff.closing.promises import rules_of
from signoff.evidence.erasing import delete_at_wish
from signoff.evidence.models import CaseKey, Evidence, EvidenceState
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.notice.models import Notice
from signoff.review import operations as review
from signoff.review.appeals import appeal
from signoff.review.photos import stay_until
from signoff.review.rules import UNDO_WITHIN, RefusalReason
from signoff.sagas.photos import erase_when_due
from tests.papers import with_papers
from tests.portal import signed_in, text
from tests.world import NOON, Customer, customer, reviewer, submitted

pytestmark = pytest.mark.django_db

WORDS = "The contract of this line runs until 1 May 2027."
APPEAL = "The contract ended in May: I have the letter here."
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
OVER = datetime(2026, 12, 6, 16, tzinfo=UTC)
"""Midnight in Shanghai after the last of the fourteen days for an appeal."""


def with_photos(who: Customer | None = None, at: datetime = NOON) -> Case:
    case = submitted(who or customer(), now=at)
    with_papers(case, at=at)
    CaseKey.objects.create(case=case, wrapped=b"...", key_id="k", created_at=at)
    return case


def refused(case: Case, at: datetime = NOON) -> Case:
    by = reviewer()
    ground = RefusalReason.CONTRACT_BOUND
    case = review.take(case=case, reviewer=by, now=at)
    return review.refuse(case=case, reviewer=by, reason_code=ground, text=WORDS, now=at)


def there(case: Case) -> int:
    return Evidence.objects.filter(case=case, state=EvidenceState.READY).count()


def letter(kind: str) -> str:
    return str(Notice.objects.get(kind=kind, channel="letter").text)


def test_they_stay_until_the_time_to_appeal_is_over() -> None:
    case = refused(with_photos())
    assert str(stay_until(case)) == "2026-12-06"
    erase_when_due(now=OVER - SECOND)
    assert there(case) == 2
    erase_when_due(now=OVER)
    assert there(case) == 0
    assert not CaseKey.objects.exists()


def test_an_appeal_is_decided_with_them_and_then_they_go_by_the_clock() -> None:
    case = appeal(case=refused(with_photos()), text=APPEAL, now=NOON + DAY)
    erase_when_due(now=NOON + 100 * DAY)
    assert there(case) == 2
    case = refused(case, NOON + 2 * DAY)
    erase_when_due(now=NOON + 2 * DAY + UNDO_WITHIN)
    assert there(case) == 0
    assert "photos" not in letter("refused_finally")


def test_an_operator_may_let_them_go_with_the_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    case = refused(with_photos())
    rule = rules_of(case).evidence_through_appeal.with_own(value=False)
    shorter = rules_of(case).model_copy(update={"evidence_through_appeal": rule})
    monkeypatch.setattr("signoff.review.photos.rules_of", lambda _case: shorter)
    erase_when_due(now=NOON + UNDO_WITHIN)
    assert there(case) == 0


def test_the_letter_says_until_when_and_only_if_there_are_any() -> None:
    refused(with_photos())
    assert "Your photos stay with us until 6 December 2026" in letter("refused")
    assert "an appeal is decided without them" in letter("refused")
    Notice.objects.all().delete()
    refused(submitted(customer()))
    assert "photos" not in letter("refused")


def test_the_customer_sees_until_when_and_deletes_them_at_once() -> None:
    who, at = customer(), now() - 2 * UNDO_WITHIN
    case = refused(with_photos(who, at), at)
    client = signed_in(who)
    page, sure = f"/cases/{case.number}/", f"/cases/{case.number}/delete-photos/"
    assert "so that another person can look at them if you appeal" in text(client.get(page).content)
    assert "Another person then decides without them" in text(client.get(sure).content)
    assert there(case) == 2
    for _press in range(2):
        assert client.post(sure)["Location"] == page
    assert there(case) == 0
    assert AuditRow.objects.filter(event="evidence_erased", actor="customer").count() == 1
    assert "If you appeal, another person decides without them" in text(client.get(page).content)
    shown = text(client.get(f"/cases/{case.number}/appeal/").content)
    assert "Your photos are deleted: another person decides without them" in shown


def test_nobody_deletes_what_is_being_decided_with_or_what_is_somebody_elses() -> None:
    who, at = customer(), now() - 2 * UNDO_WITHIN
    case = refused(with_photos(who, at), at)
    stranger = signed_in(customer())
    assert stranger.post(f"/cases/{case.number}/delete-photos/").status_code == 404
    case = appeal(case=case, text=APPEAL, now=now())
    with pytest.raises(Refusal):
        delete_at_wish(case=case, now=now())
    client = signed_in(who)
    assert client.post(f"/cases/{case.number}/delete-photos/")["Location"].endswith("/")
    assert there(case) == 2
