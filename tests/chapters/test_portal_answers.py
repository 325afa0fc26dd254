"""Questions of the reviewer and appeals, as the customer and as a stranger see them."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from signoff.closing.models import Case
from signoff.closing.queries import access_code
from signoff.kernel.clock import now
from signoff.review.claims import take
from signoff.review.models import Appeal, Question
from signoff.review.operations import refuse
from signoff.review.questions import answer_more, ask_more, lapse
from signoff.review.rules import UNDO_WITHIN, MoreKind, RefusalReason
from tests.papers import with_papers
from tests.portal import errors, signed_in, text
from tests.world import Customer, customer, reviewer, submitted

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = "The photo of the card is dark. Please send it again."
REASON = "The contract of this line runs until March. Ask again then, or pay the rest."
APPEAL = "The contract ended in January already: I have a letter of yours that says so."


def questioned(who: Customer) -> Case:
    """A reviewer has asked for the front of the card, and for an answer; a minute ago."""
    at = now() - UNDO_WITHIN
    case, by = submitted(who, now=at), reviewer()
    case = take(case=case, reviewer=by, now=at)
    what = (MoreKind.ID_CARD_FRONT, MoreKind.OTHER)
    return ask_more(case=case, reviewer=by, what=what, text=ASKED, now=at)


def refused(who: Customer) -> Case:
    """A reviewer has said no."""
    case, by = submitted(who, now=now()), reviewer()
    case = take(case=case, reviewer=by, now=now())
    return refuse(
        case=case, reviewer=by, reason_code=RefusalReason.CONTRACT_BOUND, text=REASON, now=now()
    )


def looked_up(case: Case) -> Client:
    """A browser that knows number and code."""
    cache.clear()
    client = Client()
    client.post("/status/", {"number": case.number, "code": access_code(case)})
    return client


def test_a_question_says_what_and_by_when_and_is_answered_with_one_button() -> None:
    who = customer()
    case = questioned(who)
    client = signed_in(who)
    page = client.get(f"/cases/{case.number}/")
    assert "Please answer our question by" in text(page.content)
    answer = f"/cases/{case.number}/answer/"
    assert f'class="button" href="{answer}"' in page.content.decode()
    shown = text(client.get(answer).content)
    for part in (ASKED, "the front of the identity card", "an answer to our question",
                 "Front of the identity card Not yet", "Whoever is asked for more has 14 days"):  # fmt: skip
        assert part in shown, part
    assert errors(client.post(answer, {"text": " "}).content) == [
        "Write an answer, or add what we asked for."
    ]
    sent = client.post(answer, {"text": "Here it is <b>again</b>."})
    assert sent["Location"] == f"/cases/{case.number}/"
    assert Question.objects.get().answer == "Here it is <b>again</b>."
    assert Case.objects.get().state == "in_review"
    assert client.post(answer, {"text": "Twice."})["Location"] == f"/cases/{case.number}/"
    assert Question.objects.get().answer == "Here it is <b>again</b>."


def test_a_photo_alone_is_an_answer() -> None:
    who = customer()
    case = questioned(who)
    client = signed_in(who)
    answer = f"/cases/{case.number}/answer/"
    (old,) = with_papers(case, ["id_card_front"])  # it was asked for again
    assert "Front of the identity card From before" in text(client.get(answer).content)
    assert len(errors(client.post(answer, {"text": ""}).content)) == 1
    old.delete()
    with_papers(case, ["id_card_front"], at=now())
    assert "Front of the identity card Added" in text(client.get(answer).content)
    assert client.post(answer, {"text": ""}).status_code == 302
    assert Case.objects.get().state == "in_review"


def test_an_answer_that_comes_late_is_kept() -> None:
    who = customer()
    case = questioned(who)
    lapse(question=Question.objects.get(), now=now() + timedelta(days=20))
    client = signed_in(who)
    assert "Your answer still helps" in text(client.get(f"/cases/{case.number}/").content)
    answer = f"/cases/{case.number}/answer/"
    assert "The day to answer was" in text(client.get(answer).content)
    client.post(answer, {"text": "I was away."})
    assert Question.objects.get().answer == "I was away."
    assert client.get(answer)["Location"] == f"/cases/{case.number}/"


def test_words_for_an_older_question_do_not_answer_a_newer_one() -> None:
    who = customer()
    case = questioned(who)
    client, answer = signed_in(who), f"/cases/{case.number}/answer/"
    old = Question.objects.get()
    assert f'name="asked" value="{old.pk}"' in client.get(answer).content.decode()
    at, by = now() - UNDO_WITHIN, old.reviewer
    case = answer_more(case=case, text="From my telephone.", now=at)
    ask_more(case=case, reviewer=by, what=[MoreKind.OTHER], text="Whose line is it?", now=at)
    page = client.post(answer, {"text": "Here it is.", "asked": old.pk})
    (error,) = errors(page.content)
    assert error.startswith("We have asked something else meanwhile.")
    assert "Whose line is it?" in text(page.content) and "Here it is." in text(page.content)
    newer = Question.objects.exclude(pk=old.pk).get()
    assert (newer.answer, newer.ended_at) == ("", None)
    client.post(answer, {"text": "Mine.", "asked": newer.pk})
    newer.refresh_from_db()
    assert newer.answer == "Mine."


def test_a_refusal_says_the_ground_the_words_the_rule_and_the_last_day_of_the_appeal() -> None:
    who = customer()
    case = refused(who)
    client = signed_in(who)
    page = text(client.get(f"/cases/{case.number}/").content)
    assert REASON in page
    assert "If you do not agree, you can appeal until" in page
    appeal = f"/cases/{case.number}/appeal/"
    shown = text(client.get(appeal).content)
    for part in (REASON, "the line has a contract that still runs", "within 14 days"):
        assert part in shown, part
    for short in ("", "No!"):
        assert len(errors(client.post(appeal, {"text": short}).content)) == 1
    assert Case.objects.get().state == "refused"
    assert client.post(appeal, {"text": APPEAL})["Location"] == f"/cases/{case.number}/"
    assert (Case.objects.get().state, Appeal.objects.get().text) == ("submitted", APPEAL)
    page = text(client.get(f"/cases/{case.number}/").content)
    assert "This is an appeal: another person looks" in page
    assert client.post(appeal, {"text": APPEAL})["Location"] == f"/cases/{case.number}/"
    assert Appeal.objects.count() == 1


def test_a_second_refusal_and_the_last_day_end_it() -> None:
    who = customer()
    case = refused(who)
    Case.objects.update(decided_at=now() - timedelta(days=15))
    client = signed_in(who)
    assert "appeal" not in text(client.get(f"/cases/{case.number}/").content).split("Refused")[0]
    appeal = f"/cases/{case.number}/appeal/"
    assert client.get(appeal)["Location"] == f"/cases/{case.number}/"
    assert client.post(appeal, {"text": APPEAL}).status_code == 302
    assert not Appeal.objects.exists()
    assert Case.objects.get().state == "refused"


def test_who_looked_it_up_sees_the_state_and_nothing_of_what_was_written() -> None:
    asked, other = customer(), customer()
    for case, said in (
        (questioned(asked), "We have asked the customer something"),
        (refused(other), "It can be appealed until"),
    ):
        client = looked_up(case)
        shown = text(client.get(f"/cases/{case.number}/").content)
        assert said in shown
        for personal in (ASKED, REASON, "identity card", "Li Wei", "contract"):
            assert personal not in shown, personal
        for path in ("answer", "appeal"):
            page = client.get(f"/cases/{case.number}/{path}/")
            assert page["Location"].startswith("/sign-in/login/")


def test_another_customer_answers_and_appeals_nothing() -> None:
    owner, other = customer(), customer()
    asked = questioned(owner)
    stranger = signed_in(other)
    address = f"/cases/{asked.number}/answer/"
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"text": "Yes, close it."}).status_code == 404
    assert Question.objects.get().answered_at is None
    third = customer()
    no = refused(third)
    assert stranger.get(f"/cases/{no.number}/appeal/").status_code == 404
    assert stranger.post(f"/cases/{no.number}/appeal/", {"text": APPEAL}).status_code == 404
    assert not Appeal.objects.exists()


def test_the_page_moves_when_a_question_comes_and_not_otherwise() -> None:
    who = customer()
    case = questioned(who)
    client = signed_in(who)
    shown = client.get(f"/cases/{case.number}/").content.decode()
    seen = shown.split("progress/?seen=")[1][:16]
    assert client.get(f"/cases/{case.number}/progress/?seen={seen}").status_code == 204
    client.post(f"/cases/{case.number}/answer/", {"text": "Here it is."})
    assert client.get(f"/cases/{case.number}/progress/?seen={seen}").status_code == 200
