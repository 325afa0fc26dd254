"""Photos in the closing, by plain pages: what is asked, taken, shown, and refused in words."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from signoff.audit.models import AuditRow
from signoff.closing.listing import listed
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.config import config
from signoff.evidence.models import Advice, CaseKey, Evidence, Viewing
from signoff.evidence.rules import MAX_BYTES
from signoff.idcheck.verdicts import Advice as Noticed
from signoff.idcheck.verdicts import Quality, Verdict, reason, to_json
from signoff.kernel.clock import now
from signoff.project.uploads import STOP_AT
from signoff.review.claims import take
from signoff.review.questions import ask_more
from signoff.review.rules import MoreKind
from tests import hostile_files as files
from tests.papers import (
    BACK,
    CONTACT,
    FRONT,
    PLAIN,
    cleaned_quickly,
    drafted,
    page_of,
    photo,
    with_papers,
)
from tests.portal import PASSWORD, errors, send, signed_in, text, value_of
from tests.world import NOON, Customer, customer, reviewer, submitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick_cleaning(monkeypatch: pytest.MonkeyPatch) -> None:
    """The decoding program has tests of its own; here its answer is enough."""
    cleaned_quickly(monkeypatch)


def questioned(who: Customer, *what: MoreKind) -> Case:
    """A reviewer has asked for more."""
    case, by = submitted(who, now=now()), reviewer()
    case = take(case=case, reviewer=by, now=now())
    return ask_more(case=case, reviewer=by, what=what, text="Please send it once more.", now=now())


def test_from_the_contact_to_the_check_with_an_identity_card() -> None:
    who = customer()
    client = signed_in(who)
    preview = f"/close/{who.lines[0].reference}/preview/"
    assert "You also send photos" in text(client.get(preview).content)
    client.post(preview)
    case = Case.objects.get()
    client.post(f"/close/case/{case.number}/reason/", {"reason": "price"})
    answer = client.post(f"/close/case/{case.number}/contact/", CONTACT)
    assert answer["Location"] == f"/cases/{case.number}/photos/"
    papers = text(client.get(answer["Location"]).content)
    assert "One of these papers is enough" in papers
    assert "Photos of documents are deleted with the decision" in papers
    for kind, title in ((FRONT, "Front of the identity card"), (BACK, "Back of the")):
        assert title in text(client.get(page_of(case, kind)).content)
        assert client.post(page_of(case, kind), photo())["Location"] == page_of(case, kind)
    shown = client.get(page_of(case, BACK))
    assert f'href="/close/case/{case.number}/check/"' in shown.content.decode()
    check = client.get(f"/close/case/{case.number}/check/")
    assert "Front of the identity card Back of the identity card" in text(check.content)
    send(client, case)
    assert Case.objects.get().state == "submitted"


def test_what_is_missing_is_named_on_the_check_and_keeps_the_case_from_being_sent() -> None:
    who = customer()
    client = signed_in(who)
    case = drafted(who, client)
    client.post(page_of(case), photo())
    check = f"/close/case/{case.number}/check/"
    page = client.get(check)
    assert "A photo is still missing Back of the identity card" in text(page.content)
    assert f'href="{page_of(case, BACK)}"' in page.content.decode()
    asked = client.post(check, {"settlement": value_of(page.content, "settlement")})
    refused = client.post(asked["Location"], {"password": PASSWORD})
    assert errors(refused.content) == [
        "Still missing: the back of the identity card. Add it under “Photos”."
    ]
    assert Case.objects.get().state == "draft"


def test_a_passport_alone_is_enough() -> None:
    who = customer()
    client = signed_in(who)
    case = drafted(who, client)
    with_papers(case, ["passport"])
    page = client.get(f"/close/case/{case.number}/check/")
    assert "missing" not in text(page.content)


def test_where_the_rule_pack_asks_for_nothing_there_are_no_photos() -> None:
    who = customer(country="DE")
    client = signed_in(who)
    preview = f"/close/{who.lines[0].reference}/preview/"
    assert "photos" not in text(client.get(preview).content)
    client.post(preview)
    case = Case.objects.get()
    client.post(f"/close/case/{case.number}/reason/", {"reason": "price"})
    answer = client.post(f"/close/case/{case.number}/contact/", CONTACT)
    check = f"/close/case/{case.number}/check/"
    assert answer["Location"] == check
    page = client.get(check)
    assert "Photos" not in text(page.content)
    assert client.get(f"/cases/{case.number}/photos/")["Location"] == check
    assert client.post(page_of(case), photo()).status_code == 404
    send(client, case)
    assert Case.objects.get().state == "submitted"


def test_a_photo_is_shown_to_its_owner_and_each_look_is_on_record() -> None:
    who = customer()
    client = signed_in(who)
    case = drafted(who, client)
    client.post(page_of(case), photo())
    row = Evidence.objects.get()
    page = client.get(page_of(case)).content.decode()
    assert f'src="/cases/{case.number}/pictures/{row.pk}/"' in page
    answer = client.get(f"/cases/{case.number}/pictures/{row.pk}/")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "no-store")
    assert answer.content == PLAIN
    assert Viewing.objects.get().viewer == who.user
    assert AuditRow.objects.latest("seq").event in {"evidence_viewed", "evidence_added"}


def test_removing_and_sending_another_one() -> None:
    who = customer()
    client = signed_in(who)
    case = drafted(who, client)
    for _time in range(2):
        client.post(page_of(case), photo())
    assert Evidence.objects.filter(state="ready").count() == 1
    for _press in range(2):
        assert client.post(f"{page_of(case)}remove/")["Location"] == page_of(case)
    assert not Evidence.objects.filter(state="ready").exists()
    assert b"Send this photo" in client.get(page_of(case)).content


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose a photo first."),
        (photo(b""), "This file is empty."),
        (photo(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "neither a photo"),
        (photo(PLAIN + files.archive()), "a picture and something else"),
        (photo(b"\xff\xd8\xff" + bytes(MAX_BYTES)), "This file is 12.1 MB; at most 12 MB"),
        (photo(name="../../etc/passwd\x00.php", content=b"%PDF-1.4 /JavaScript"), "a program"),
    ],
    ids=["nothing", "empty", "svg", "archive", "large", "pdf"],
)
def test_what_is_not_taken_is_said_and_leaves_nothing(
    sent: dict[str, SimpleUploadedFile], said: str
) -> None:
    who = customer()
    client = signed_in(who)
    case = drafted(who, client)
    page = client.post(page_of(case), sent)
    assert page.status_code == 200
    assert said in errors(page.content)[0]
    assert not Evidence.objects.exists() and not CaseKey.objects.exists()


def test_one_file_is_taken_into_memory_and_never_more(tmp_path: Path) -> None:
    who = customer()
    client = signed_in(who)
    case = drafted(who, client)
    both = {"camera": SimpleUploadedFile("a.jpg", PLAIN), **photo(b"not a picture")}
    assert client.post(page_of(case), both).status_code == 302
    huge = io.BytesIO(bytes(STOP_AT + 200_000))
    huge.name = "a.jpg"
    refused = client.post(page_of(case, BACK), {"picture": huge})
    assert refused.status_code == 200
    assert errors(refused.content) == ["Choose a photo first."]
    assert client.post("/status/", {"other": SimpleUploadedFile("a", b"x")}).status_code == 200


def test_the_tries_are_counted_for_each_case() -> None:
    who = customer()
    client = signed_in(who)
    case = drafted(who, client)
    answers = [
        client.post(page_of(case), photo(b"no"), REMOTE_ADDR=f"10.0.0.{n % 2}").status_code
        for n in range(41)
    ]
    assert answers == [200] * 40 + [429]


def test_advice_comes_by_itself_and_keeps_nobody_from_going_on() -> None:
    who = customer()
    client = signed_in(who)
    case = drafted(who, client)
    row = with_papers(case)[0]
    advice = Advice.objects.create(evidence=row, tries=1, asked_at=NOON)
    waiting = client.get(page_of(case)).content.decode()
    assert f'hx-get="{page_of(case)}look/"' in waiting
    assert f'<a href="{page_of(case)}">Look again</a>' in waiting
    assert 'id="use-photo"' in waiting
    assert client.get(f"{page_of(case)}look/").status_code == 204
    noticed = Noticed(Verdict.LOOKS_WRONG, (reason("number_different"),),
                      Quality((reason("blurred"),), {}))  # fmt: skip
    advice.content, advice.given_at = to_json(noticed), NOON
    advice.save()
    part = client.get(f"{page_of(case)}look/").content.decode()
    assert "hx-get" not in part
    assert 'id="use-photo"' in part  # by its id htmx keeps the focus on it
    assert "It may be hard to read" in part
    assert "not the one registered" not in part  # who is on it, a person looks at
    page = client.get(page_of(case)).content.decode()
    assert "Use it anyway" in page and f'href="/close/case/{case.number}/' in page


def test_a_button_pressed_after_the_sign_in_is_over_leads_back_to_its_page() -> None:
    who = customer()
    case = drafted(who, signed_in(who))
    for page, led_to in (
        (f"http://testserver{page_of(case)}?again", f"{page_of(case)}%3Fagain"),
        ("https://elsewhere.example/evil/", f"{page_of(case)}remove/"),
        ("http://testserver//elsewhere.example/", "/elsewhere.example/"),
    ):
        answer = Client().post(f"{page_of(case)}remove/", headers={"referer": page})
        assert answer["Location"] == f"/sign-in/login/?next={led_to}"


def test_a_draft_that_is_thrown_away_leaves_no_answer_and_no_photo() -> None:
    who = customer()
    client = signed_in(who)
    case = drafted(who, client)
    client.post(f"/close/case/{case.number}/reason/", {"reason": "other", "text": "Too far"})
    client.post(page_of(case), photo())
    assert b"Your answers are deleted" in client.get(f"/cases/{case.number}/undo/").content
    client.post(f"/cases/{case.number}/undo/")
    case.refresh_from_db()
    assert (case.state, case.reason, case.reason_text) == ("withdrawn", "", "")
    assert (case.contact_name, case.contact_email, case.contact_phone) == ("", "", "")
    row = Evidence.objects.get()
    assert (row.state, bytes(row.content), row.sha256) == ("erased", b"", "")
    assert not CaseKey.objects.exists()
    assert "You asked us to close" not in text(client.get(f"/cases/{case.number}/").content)
    assert not listed([CaseState.WITHDRAWN])  # the desk was never asked for anything


# Somebody else's, and what is broken


def test_photos_of_another_customer_are_not_there() -> None:
    owner, other = customer(), customer()
    mine = signed_in(owner)
    case = drafted(owner, mine)
    mine.post(page_of(case), photo())
    row = Evidence.objects.get()
    stranger = signed_in(other)
    foreign = drafted(other, stranger)
    for path in (
        f"/cases/{case.number}/photos/",
        page_of(case),
        f"{page_of(case)}look/",
        f"{page_of(case)}phone/",
        f"{page_of(case)}phone/arrived/",
        f"/cases/{case.number}/pictures/{row.pk}/",
    ):
        assert stranger.get(path).status_code == 404, path
        assert Client().get(path)["Location"].startswith("/sign-in/login/"), path
    assert stranger.post(page_of(case), photo()).status_code == 404
    assert stranger.post(f"{page_of(case)}remove/").status_code == 404
    # the id of a picture in the address of one's own case is as good as none
    assert stranger.get(f"/cases/{foreign.number}/pictures/{row.pk}/").status_code == 409
    assert Evidence.objects.filter(state="ready").count() == 1
    assert not Viewing.objects.exists()


def test_a_case_that_was_sent_takes_no_photos() -> None:
    who = customer()
    case = submitted(who)
    client = signed_in(who)
    for path in (f"/cases/{case.number}/photos/", page_of(case), f"{page_of(case)}phone/"):
        assert client.get(path)["Location"] == f"/cases/{case.number}/", path
    assert client.post(page_of(case), photo())["Location"] == f"/cases/{case.number}/"
    assert client.post(f"{page_of(case)}remove/")["Location"] == f"/cases/{case.number}/"
    assert not Evidence.objects.exists()


def test_only_what_the_reviewer_asked_for_is_taken_with_an_answer() -> None:
    who = customer()
    case = questioned(who, MoreKind.PASSPORT, MoreKind.OTHER)
    client = signed_in(who)
    assert client.get(page_of(case)).status_code == 404
    assert client.get(f"/cases/{case.number}/photos/")["Location"].endswith("/answer/")
    assert client.post(page_of(case, "passport"), photo()).status_code == 302
    page = client.get(page_of(case, "passport")).content.decode()
    assert f'class="button" href="/cases/{case.number}/answer/"' in page


@pytest.fixture
def no_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The operator's keys are gone."""
    monkeypatch.delenv("SIGNOFF_EVIDENCE_KEYS", raising=False)
    monkeypatch.setenv("SIGNOFF_HOME", str(tmp_path))
    config.cache_clear()
    yield
    monkeypatch.undo()
    config.cache_clear()


@pytest.mark.usefixtures("no_keys")
def test_missing_keys_are_a_page_that_names_no_file() -> None:
    who = customer()
    client = signed_in(who)
    case = drafted(who, client)
    page = client.post(page_of(case), photo())
    assert page.status_code == 503
    assert "Photos cannot be handled just now" in text(page.content)
    assert "evidence-keys" not in page.content.decode()


def test_a_picture_that_was_tampered_with_is_not_shown() -> None:
    who = customer()
    client = signed_in(who)
    case = drafted(who, client)
    client.post(page_of(case), photo())
    row = Evidence.objects.get()
    Evidence.objects.update(content=bytes(row.content)[:-1] + b"x")
    assert client.get(f"/cases/{case.number}/pictures/{row.pk}/").status_code == 503
    assert not Viewing.objects.exists()


def test_the_pages_ask_the_database_as_often_for_three_photos_as_for_two() -> None:
    who = customer()
    client = signed_in(who)
    case = drafted(who, client)
    pages = (f"/cases/{case.number}/photos/", page_of(case), f"{page_of(case)}look/")
    with_papers(case, [FRONT, BACK])
    counts = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as found:
            for page in pages:
                assert client.get(page).status_code == 200
        counts.append(len(found))
        if not _time:
            with_papers(case, ["passport"])
    assert counts[0] == counts[1] < 90
