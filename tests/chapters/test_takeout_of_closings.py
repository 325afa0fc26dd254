"""What a person said to us and we to them is theirs: all of it, and nothing that is ours alone."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from signoff.accounts.models import Role, User
from signoff.closing.models import Case
from signoff.closing.operations import save_reason
from signoff.closing.queries import cases_of
from signoff.closing.rules import Reason
from signoff.evidence.models import Evidence, Viewing
from signoff.evidence.registered import Told, take_in
from signoff.hotline.calls import confirm_call, deny_call, end_call, start_call
from signoff.hotline.operations import verify_caller
from signoff.hotline.rules import Direction, Fact
from signoff.notice.models import Notice
from signoff.notice.operations import mark_sent
from signoff.portal.takeout_sources import later_rows
from signoff.review import operations as review
from signoff.review.appeals import appeal
from signoff.review.questions import answer_more, ask_more
from signoff.review.rules import UNDO_WITHIN, MoreKind, RefusalReason
from signoff.takeout.operations import make_takeout
from signoff.talk.operations import file_ticket, mark_read, say
from tests.chapters.test_takeout import unpacked
from tests.papers import with_papers
from tests.world import NOON, Customer, customer, staff, submitted

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
LATER = NOON + timedelta(hours=1)
APPEAL = "The contract ended in May, as the letter shows."


def rui() -> User:
    user = staff(Role.REVIEWER)
    user.first_name, user.last_name = "Rui", "Secretname"
    user.save()
    return user


def taken(who: Customer) -> dict[str, bytes]:
    cases = cases_of(who.account)
    made = make_takeout(
        account=who.account,
        cases={case.pk: case.number for case in cases},
        later=later_rows(who.account, cases, now=LATER),
        now=LATER,
    )
    return unpacked(made.content)


def read(files: dict[str, bytes], path: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(files[path])
    return rows


def refused_and_appealed(who: Customer, by: User) -> Case:
    """Asked, answered, refused, and appealed against."""
    case = review.take(case=submitted(who), reviewer=by, now=NOON)
    case = ask_more(
        case=case, reviewer=by, what=[MoreKind.OTHER], text="When did it end?", now=NOON
    )
    case = answer_more(case=case, text="In May.", now=NOON + 2 * MINUTE)
    case = review.refuse(
        case=review.take(case=case, reviewer=by, now=NOON + 3 * MINUTE),
        reviewer=by,
        reason_code=RefusalReason.CONTRACT_BOUND,
        text="The contract of this line runs on.",
        now=NOON + 4 * MINUTE,
    )
    return appeal(case=case, text=APPEAL, now=NOON + 9 * MINUTE)


def test_messages_of_both_sides_are_in_it_with_their_times() -> None:
    who, by = customer(), rui()
    case = submitted(who)
    asked = say(about=who.account, author=who.account, text="Which plan?", now=NOON)
    mark_read(about=who.account, reader=by, up_to=asked.pk, now=NOON + MINUTE)
    say(about=case, author=by, text="It is on its way.", now=NOON + 2 * MINUTE)
    files = taken(who)
    mine, ours = read(files, "conversations/messages.json")
    assert mine == {
        "case": None,
        "from": "you",
        "written_by": None,
        "by": "page",
        "written_at": NOON.isoformat(),
        "read_at": (NOON + MINUTE).isoformat(),
        "text": "Which plan?",
        "attachments_not_kept": 0,
        "was_cut": False,
    }
    assert (ours["case"], ours["from"], ours["read_at"]) == (case.number, "us", None)
    assert ours["written_by"] == "Rui, reviewer"
    listed = {entry["path"] for entry in json.loads(files["MANIFEST.json"])["files"]}
    assert "conversations/messages.json" in listed
    assert "conversations: every message" in files["README.txt"].decode()


def test_questions_answers_refusals_and_appeals_are_in_it_word_for_word() -> None:
    who = customer()
    case = refused_and_appealed(who, rui())
    files = taken(who)
    (question,) = read(files, "closings/questions.json")
    assert (question["case"], question["asked_for"]) == (case.number, ["other"])
    assert (question["question"], question["answer"]) == ("When did it end?", "In May.")
    assert question["answered_at"] == (NOON + 2 * MINUTE).isoformat()
    (refusal,) = read(files, "closings/refusals.json")
    assert refusal["text"] == "The contract of this line runs on."
    assert refusal["ground"] == "contract_bound"
    (asked_again,) = read(files, "closings/appeals.json")
    assert (asked_again["case"], asked_again["text"]) == (case.number, APPEAL)
    (closing,) = read(files, "closings/closings.json")
    assert (closing["number"], closing["state"]) == (case.number, "submitted")
    assert closing["lines"] == [who.lines[0].reference]
    assert closing["reason"] == "price"


def test_nothing_of_the_desk_alone_and_nothing_of_anybody_else_is_in_it() -> None:
    who, other, by = customer(), customer(), rui()
    case = refused_and_appealed(other, by)
    say(about=other.account, author=other.account, text="Of the other.", now=NOON)
    say(about=case, author=by, text="To the other.", now=NOON)
    mine = submitted(who)
    say(about=mine, author=by, text="To me.", now=NOON)
    agent = staff(Role.HOTLINE)
    file_ticket(account=who.account, case=mine, by=agent, text="Sounds in a hurry.", now=NOON)
    everything = b"".join(taken(who).values()).decode()
    assert "To me." in everything
    for hidden in ("other.", "hurry", "Secretname", by.username, agent.username, APPEAL, "In May."):
        assert hidden not in everything, hidden


def test_a_question_that_may_still_be_taken_back_has_not_been_asked() -> None:
    who, by = customer(), rui()
    case = review.take(case=submitted(who), reviewer=by, now=NOON)
    ask_more(case=case, reviewer=by, what=[MoreKind.OTHER], text="When was that?", now=LATER)
    files = taken(who)
    assert read(files, "closings/questions.json") == []
    assert read(files, "closings/closings.json")[0]["state"] == "in_review"
    cases = cases_of(who.account)
    after = later_rows(who.account, cases, now=LATER + UNDO_WITHIN)
    assert [row["question"] for row in after["closings/questions"]] == ["When was that?"]


def test_a_reason_in_ones_own_words_stays_ones_own() -> None:
    who = customer()
    case = submitted(who)
    Case.objects.filter(pk=case.pk).update(state="draft", submitted_at=None)
    case.refresh_from_db()
    save_reason(case=case, reason=Reason.OTHER, text="I move to the mountains.")
    (closing,) = read(taken(who), "closings/closings.json")
    assert closing["reason_in_your_words"] == "I move to the mountains."


def test_calls_are_in_it_with_what_was_said_on_the_page_and_callers_with_what_they_were_asked() -> (
    None
):
    who, mei = customer(lines=2, paid=(5000,)), staff(Role.HOTLINE)
    mei.first_name, mei.last_name = "Mei", "Secretname"
    mei.save()
    case = submitted(Customer(who.user, who.account, who.lines[:1]))
    call = start_call(about=case, agent=mei, direction=Direction.OURS, now=NOON)
    confirm_call(call=call, account=who.account, now=NOON + MINUTE)
    end_call(call=call, agent=mei, now=NOON + 2 * MINUTE)
    call = start_call(
        about=who.account, agent=mei, direction=Direction.THEIRS, now=NOON + MINUTE * 3
    )
    deny_call(call=call, account=who.account, now=NOON + 4 * MINUTE)
    forgotten = start_call(about=case, agent=mei, direction=Direction.OURS, now=NOON + 5 * MINUTE)
    on = start_call(about=case, agent=mei, direction=Direction.OURS, now=LATER - MINUTE)
    verify_caller(case=case, agent=mei, said={Fact.PLAN: "Another"}, now=NOON + 6 * MINUTE)
    files = taken(who)
    ours, theirs, third, fourth = read(files, "conversations/calls.json")
    assert ours == {
        "case": case.number,
        "began_by": "us",
        "on_our_side": "Mei, hotline",
        "began_at": NOON.isoformat(),
        "ended_at": (NOON + 2 * MINUTE).isoformat(),
        "ended_by": "us",
        "yes_said_at": (NOON + MINUTE).isoformat(),
        "no_said_at": None,
    }
    assert (theirs["case"], theirs["began_by"], theirs["ended_by"]) == (
        None,
        "the caller",
        "your no",
    )
    assert theirs["ended_at"] == theirs["no_said_at"] == (NOON + 4 * MINUTE).isoformat()
    assert (third["ended_at"], third["ended_by"]) == (forgotten.ends_at.isoformat(), "time")
    assert (fourth["began_at"], fourth["ended_at"], fourth["ended_by"]) == (
        on.started_at.isoformat(),
        None,
        None,
    )
    (caller,) = read(files, "conversations/callers.json")
    assert caller == {
        "case": case.number,
        "asked_at": (NOON + 6 * MINUTE).isoformat(),
        "asked_about": ["plan", "activated", "last_payment"],
        "was_believed": False,
    }
    everything = b"".join(files.values()).decode()
    assert "Secretname" not in everything and mei.username not in everything
    assert "conversations/calls:" in files["README.txt"].decode()
    (none,) = read(taken(customer()), "personal/identity_document.json")
    assert none == {"number_is_kept": False, "as_of": None}
    assert read(taken(customer()), "conversations/calls.json") == []


def test_what_was_sent_is_in_it_and_what_waits_or_is_another_persons_is_not() -> None:
    who = customer()
    case = submitted(who)
    submitted(customer())
    letter = Notice.objects.get(case=case.pk, channel="letter")
    mark_sent(key=letter.key, message_id="m1", now=NOON + MINUTE)
    (sent,) = read(taken(who), "conversations/sent.json")
    assert sent == {
        "case": case.number,
        "by": "e-mail",
        "to": letter.recipient,
        "subject": letter.subject,
        "text": letter.text,
        "sent_at": (NOON + MINUTE).isoformat(),
    }


def test_of_photos_it_says_when_they_came_were_looked_at_and_went() -> None:
    who, by = customer(), rui()
    case = submitted(who)
    front, back = with_papers(case, at=NOON)
    for minutes in (2, 1):
        Viewing.objects.create(evidence=front, viewer=by, at=NOON + minutes * MINUTE)
    gone = {"state": "removed", "content": b"", "sha256": "", "deleted_at": NOON + 3 * MINUTE}
    Evidence.objects.filter(pk=back.pk).update(**gone)
    with_papers(submitted(customer()), at=NOON)
    files = taken(who)
    second, first = read(files, "closings/photos.json")
    assert first == {
        "case": case.number,
        "paper": "id_card_front",
        "page": 1,
        "added_at": NOON.isoformat(),
        "state": "ready",
        "looked_at": [(NOON + minutes * MINUTE).isoformat() for minutes in (1, 2)],
        "deleted_at": None,
    }
    assert (second["state"], second["looked_at"]) == ("removed", [])
    assert second["deleted_at"] == (NOON + 3 * MINUTE).isoformat()


def test_that_the_number_of_a_paper_is_kept_is_in_it_and_the_number_is_not() -> None:
    who = customer()
    take_in([Told(who.account, "11010519491231002X")], as_of=NOON)
    files = taken(who)
    (kept,) = read(files, "personal/identity_document.json")
    assert kept == {"number_is_kept": True, "as_of": NOON.isoformat()}
    assert b"11010519491231002X" not in b"".join(files.values())
    assert "identity_document" in files["README.txt"].decode()


def test_more_cases_and_messages_cost_no_more_queries() -> None:
    who, by = customer(lines=5), rui()
    each = [Customer(who.user, who.account, [line]) for line in who.lines]

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            taken(who)
        return len(seen)

    def called(case: Case) -> None:
        agent = staff(Role.HOTLINE)
        call = start_call(about=case, agent=agent, direction=Direction.OURS, now=NOON)
        end_call(call=call, agent=agent, now=NOON)

    def photographed(case: Case) -> None:
        for photo in with_papers(case):
            Viewing.objects.create(evidence=photo, viewer=by, at=NOON)

    case = refused_and_appealed(each[0], by)
    say(about=case, author=by, text="One.", now=NOON)
    called(case)
    photographed(case)
    for_one = count()
    for one in each[1:]:
        case = refused_and_appealed(one, rui())
        say(about=case, author=staff(Role.REVIEWER), text="Another.", now=NOON)
        called(case)
        photographed(case)
    assert count() == for_one
