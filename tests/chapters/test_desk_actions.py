"""What a reviewer does at the desk beside yes and no; and what is shown only to who asks."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from signoff.accounts.models import Role
from signoff.audit.models import AuditRow
from signoff.closing import operations as closing
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import Reason, Scope
from signoff.closing.state import stream_of
from signoff.evidence import operations as evidence
from signoff.evidence import sandbox
from signoff.evidence.models import Advice, Evidence, Viewing
from signoff.evidence.rules import media_type_of
from signoff.evidence.sandbox import Cleaned, Picture
from signoff.idcheck import verdicts
from signoff.kernel.clock import now
from signoff.notice.models import Notice
from signoff.review.appeals import appeal
from signoff.review.models import Claim, Decision, Question
from signoff.review.questions import answer_more
from signoff.review.rules import UNDO_WITHIN
from tests import hostile_files as files
from tests.desk import at_the_desk
from tests.portal import errors, text
from tests.world import customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db

PLAIN = files.saved(files.picture(), "JPEG")
ASKED = {"what": ["other", "passport"], "text": "The photo is dark. Please send another."}
REFUSED = {"reason": "contract_bound", "text": "The contract of this line runs until May 2027."}


def page_of(client: Client, case: Case) -> str:
    return text(client.get(f"/desk/{case.number}/").content)


def taken(client: Client, case: Case) -> Case:
    assert client.post(f"/desk/{case.number}/take/").status_code == 302
    return case


def later(case: Case) -> None:
    """The minute in which a decision can be taken back is over."""
    over = now() - UNDO_WITHIN
    Decision.objects.filter(case=case).update(decided_at=over)
    Question.objects.filter(case=case).update(asked_at=over)


def events(case: Case) -> list[str]:
    rows = AuditRow.objects.filter(stream=stream_of(case)).order_by("seq")
    return [row.event for row in rows]


def test_who_has_taken_a_case_gives_it_back() -> None:
    client = at_the_desk()
    case = taken(client, submitted(customer()))
    for _time in range(2):
        assert client.post(f"/desk/{case.number}/release/").status_code == 302
    assert "It is back in the queue." in page_of(client, case)
    assert not Claim.objects.exists()
    assert at_the_desk().post(f"/desk/{case.number}/release/").status_code in {302, 409}


def test_who_had_a_case_for_too_long_is_not_told_that_nobody_else_takes_it() -> None:
    client = at_the_desk()
    case = taken(client, submitted(customer()))
    assert "nobody else takes it" in page_of(client, case)
    Claim.objects.update(expires_at=now() - timedelta(seconds=1))
    page = page_of(client, case)
    assert "now anybody may take it. Decide, and it is yours." in page
    assert "nobody else takes it" not in page
    assert client.post(f"/desk/{case.number}/approve/").status_code == 302
    case.refresh_from_db()
    assert case.state == "cooling_off"


def test_asking_for_more_says_what_and_by_when_and_the_clock_stands_still() -> None:
    client = at_the_desk()
    case = taken(client, submitted(customer(), now=now()))
    form = client.get(f"/desk/{case.number}/more/").content
    assert re.search(r"The customer can answer until \d+ \w+ \d{4}", text(form))
    assert "Until then our clock stands still" in text(form)
    offered = BeautifulSoup(form, "html.parser").select("input[name=what]")
    assert {str(box["value"]) for box in offered} == {
        "id_card_front", "id_card_back", "passport", "contact", "other"}  # fmt: skip
    for _time in range(2):
        assert client.post(f"/desk/{case.number}/more/", ASKED).status_code == 302
    page = page_of(client, case)
    assert "The clock stands still" in page
    assert "has asked the customer for more; the answer is due by" in page
    assert Question.objects.get(case=case).what == ["other", "passport"]
    assert Notice.objects.filter(case=case.pk, kind="more_info").count() == 1
    assert "They can answer until" in page
    answer_more(case=Case.objects.get(pk=case.pk), text="Here it is.", now=now())
    assert "Here it is." in page_of(client, case)


def test_of_a_case_that_its_customer_has_undone_no_answer_is_expected() -> None:
    client = at_the_desk()
    case = taken(client, submitted(customer(), now=now()))
    client.post(f"/desk/{case.number}/more/", ASKED)
    closing.withdraw(case=Case.objects.get(pk=case.pk), actor="customer", now=now())
    page = page_of(client, case)
    assert str(ASKED["text"]) in page
    assert "They can answer until" not in page


def test_of_a_case_that_was_late_when_it_was_asked_about_no_days_are_said_to_be_left() -> None:
    client = at_the_desk()
    case = taken(client, submitted(customer(), now=now() - timedelta(days=60)))
    client.post(f"/desk/{case.number}/more/", ASKED)
    assert "The clock stands still; after the answer it is due at once." in page_of(client, case)
    queue = text(client.get("/desk/").content)
    assert "Waits for the customer; after that it is due at once" in queue
    assert "days are left" not in queue


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ["Choose what you need.", "Write what you need and why"]),
        ({"what": "selfie", "text": "x" * 20}, ["Choose from the list what you need."]),
        ({"what": "other", "text": "More."}, ["Write at least 10 characters; these are 5."]),
        ({"what": "other", "text": "x" * 1001}, ["Write at most 1000 characters"]),
    ],
)
def test_a_question_without_subject_or_words_is_no_question(
    given: dict[str, str], said: list[str]
) -> None:
    client = at_the_desk()
    case = taken(client, submitted(customer()))
    found = errors(client.post(f"/desk/{case.number}/more/", given).content)
    assert len(found) == len(said)
    assert all(one.startswith(begin) for one, begin in zip(found, said, strict=True)), found
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("action", "given"), [("approve", {}), ("refuse", REFUSED), ("more", ASKED)]
)
def test_for_a_minute_whoever_decided_takes_it_back(action: str, given: dict[str, str]) -> None:
    client, other = at_the_desk(), at_the_desk()
    case = taken(client, submitted(customer()))
    client.post(f"/desk/{case.number}/{action}/", given)
    assert "No letter has gone yet. You can take it back until" in page_of(client, case)
    assert "take it back" not in page_of(other, case)
    assert other.post(f"/desk/{case.number}/undo/").status_code == 409
    for _time in range(2):
        assert client.post(f"/desk/{case.number}/undo/").status_code == 302
    page = page_of(client, case)
    assert "Taken back. No letter has gone to the customer" in page
    assert "You are looking at it." in page
    client.post(f"/desk/{case.number}/{action}/", given)
    later(case)
    assert "You can take it back until" not in page_of(client, case)
    answer = client.post(f"/desk/{case.number}/undo/")
    assert answer.status_code == 409
    assert "can be taken back for a minute" in text(answer.content)


def test_a_large_refund_needs_a_second_person_and_the_page_says_so() -> None:
    client = at_the_desk()
    case = taken(client, submitted(customer(paid=(900_000,))))
    assert "Two persons have to say yes here" in page_of(client, case)
    for _time in range(2):
        assert client.post(f"/desk/{case.number}/approve/").status_code == 302
    page = page_of(client, case)
    assert "Your yes is noted. A second person has to decide" in page
    assert "You have decided on this case before: another person must look at it." in page
    assert client.post(f"/desk/{case.number}/take/").status_code == 409
    second = at_the_desk()
    assert "Second person needed" in text(second.get("/desk/").content)
    assert "has said yes; a second person decides." in page_of(second, case)
    taken(second, case)
    assert "Two persons have to say yes" not in page_of(second, case)
    second.post(f"/desk/{case.number}/approve/")
    case.refresh_from_db()
    assert case.state == "cooling_off"
    assert "first of two persons" in page_of(second, case)


def test_after_an_appeal_another_person_reads_all_that_was_said() -> None:
    rui = reviewer()
    first = at_the_desk(rui)
    case = taken(first, submitted(customer(), now=now()))
    refuse = f"/desk/{case.number}/refuse/"
    assert "The customer can appeal" in text(first.get(refuse).content)
    first.post(refuse, REFUSED)
    later(case)
    words = "The contract ended in May: I have the letter here."
    appeal(case=Case.objects.get(pk=case.pk), text=words, now=now())
    assert first.post(f"/desk/{case.number}/take/").status_code == 409
    other = at_the_desk()
    page = page_of(other, case)
    for told in (words, REFUSED["text"], f"by {rui.username}", "The customer appeals: read"):
        assert told in page
    taken(other, case)
    assert "cannot ask for another person again" in text(other.get(refuse).content)


def test_who_comes_too_late_reads_who_has_it_and_until_when() -> None:
    rui = reviewer()
    rui.first_name = "Rui"
    rui.save()
    case = taken(at_the_desk(rui), submitted(customer()))
    until = Claim.objects.get().expires_at
    for action, given in (("take", {}), ("approve", {}), ("refuse", REFUSED), ("more", ASKED)):
        answer = at_the_desk(reviewer()).post(f"/desk/{case.number}/{action}/", given)
        assert answer.status_code == 409, action
        assert "Rui was first" in text(answer.content)
        assert f"Rui has it until {until:%H:%M}" in text(answer.content)
    case.refresh_from_db()
    assert case.state == "in_review"


def test_personal_data_is_masked_until_somebody_asks_and_asking_is_on_record() -> None:
    who = customer()
    case = submitted(who)
    Case.objects.filter(pk=case.pk).update(contact_phone="+8613900077777")
    rui = reviewer()
    client = at_the_desk(rui)
    line = who.lines[0]
    secrets = {
        "email": [who.account.email],
        "phone": ["+86 139 0007 7777"],
        "numbers": [f"{line.msisdn[-8:-4]} {line.msisdn[-4:]}"],
        "sims": [line.imsi, line.profile.iccid],
    }
    masked = page_of(client, case).replace("\u00a0", " ")
    for kind, values in secrets.items():
        answer = client.post(f"/desk/{case.number}/unmask/", {"what": kind})
        page = text(answer.content).replace("\u00a0", " ")
        for value in values:
            assert value not in masked, kind
            assert value in page, kind
        assert [v for k, vs in secrets.items() if k != kind for v in vs if v in page] == []
        assert answer["Cache-Control"] == "no-store"
    assert page_of(client, case).replace("\u00a0", " ").count(who.account.email) == 0
    rows = AuditRow.objects.filter(event="personal_data_shown").order_by("seq")
    assert [(row.actor, row.facts) for row in rows] == [
        (f"user:{rui.pk}", {"what": kind}) for kind in secrets
    ]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FINANCE, Role.ADMIN, Role.HOTLINE])
def test_nobody_but_a_reviewer_unmasks_or_looks_at_papers(role: Role) -> None:
    case = with_papers()
    client = at_the_desk(staff(role))
    picture = Evidence.objects.first()
    assert picture is not None
    assert client.post(f"/desk/{case.number}/unmask/", {"what": "email"}).status_code == 403
    assert client.get(f"/desk/{case.number}/papers/{picture.pk}/").status_code == 403
    assert "personal_data_shown" not in events(case)
    page = client.get(f"/desk/{case.number}/").content
    assert b"/unmask/" not in page
    assert b"<img" not in page


def test_asking_for_nothing_shows_nothing() -> None:
    case = submitted(customer())
    answer = at_the_desk().post(f"/desk/{case.number}/unmask/", {"what": "password"})
    assert answer.status_code == 302
    assert "personal_data_shown" not in events(case)


@pytest.fixture(autouse=True)
def quick_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that cleans and marks pictures has tests of its own."""

    def clean(content: bytes) -> Cleaned:
        return Cleaned(media_type_of(content), (Picture(PLAIN, 320, 240),), 0)

    monkeypatch.setattr(sandbox, "clean", clean)
    monkeypatch.setattr(sandbox, "marked", lambda content, words: content + words.encode())


def with_papers() -> Case:
    """A case with a passport, of which the machine has said something."""
    who = customer()
    case = closing.start_draft(
        account=who.account, lines=who.lines, scope=Scope.LINE, language="en", now=now()
    )
    closing.save_reason(case=case, reason=Reason.PRICE, text="")
    row = evidence.add(case=case, kind="passport", content=PLAIN, allowed=["passport"], now=now())
    advice = verdicts.Advice(
        verdicts.Verdict.LOOKS_WRONG,
        (verdicts.reason("name_different"),),
        verdicts.Quality((verdicts.reason("blurred"),), {}),
    )
    Advice.objects.filter(evidence=row).delete()
    Advice.objects.create(
        evidence=row, asked_at=now(), given_at=now(), content=verdicts.to_json(advice)
    )
    shown = cases.preview(who.account, who.lines, scope=Scope.LINE, now=now(), case=case)
    return closing.submit(
        case=case, settlement_digest=shown.settlement.digest, session_key="", now=now()
    )


def test_papers_are_links_until_one_has_the_case_and_every_look_is_on_record() -> None:
    case = with_papers()
    rui = reviewer()
    client = at_the_desk(rui)
    page = client.get(f"/desk/{case.number}/").content
    assert BeautifulSoup(page, "html.parser").select("main img") == []
    assert "Look at: Passport" in text(page)
    assert "Looks wrong" in text(page)
    assert "To our machine a paper looks wrong" in text(page)
    assert not Viewing.objects.exists()
    taken(client, case)
    image = BeautifulSoup(client.get(f"/desk/{case.number}/").content, "html.parser").select_one(
        "main img"
    )
    assert image is not None
    answer = client.get(str(image["src"]))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "no-store"
    assert f"{case.number}  {rui.username}".encode() in answer.content
    assert Viewing.objects.get().viewer == rui
    assert events(case)[-1] == "evidence_viewed"


def test_a_picture_that_cannot_be_drawn_just_now_is_not_said_to_be_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = with_papers()
    picture = Evidence.objects.get(case=case)

    def busy(_content: bytes, _words: str) -> bytes:
        raise sandbox._busy()

    monkeypatch.setattr(sandbox, "marked", busy)
    answer = at_the_desk().get(f"/desk/{case.number}/papers/{picture.pk}/")
    assert answer.status_code == 409
    assert "Please try again in a minute." in text(answer.content)
    assert not Viewing.objects.exists()


def test_a_picture_of_another_case_is_not_there() -> None:
    case, other = with_papers(), submitted(customer())
    picture = Evidence.objects.get(case=case)
    client = at_the_desk()
    assert client.get(f"/desk/{other.number}/papers/{picture.pk}/").status_code == 404
    assert client.get(f"/desk/{case.number}/papers/{case.pk}/").status_code == 404
    assert not Viewing.objects.exists()


def test_everything_on_the_page_has_a_heading_and_a_way_to_it() -> None:
    case = with_papers()
    client = at_the_desk()
    page = BeautifulSoup(client.get(f"/desk/{case.number}/").content, "html.parser")
    ways = [str(a["href"]).removeprefix("#") for a in page.select(".sections a")]
    assert ways == [
        "risks",
        "facts",
        "preview",
        "money",
        "papers",
        "timeline",
        "conversation",
        "told",
        "record",
    ]
    for way in ways:
        found = page.select_one(f"#{way} h2")
        assert found is not None, way
    assert page.select("main details:not(td details)") == []


def test_old_decisions_are_not_taken_back_by_the_clock_of_the_page() -> None:
    client = at_the_desk()
    case = taken(client, submitted(customer()))
    client.post(f"/desk/{case.number}/approve/")
    Decision.objects.update(decided_at=now() - timedelta(seconds=30))
    page = page_of(client, case)
    left = re.search(r"\((\d+) seconds from when", page)
    assert left is not None
    assert 25 <= int(left[1]) <= 30
