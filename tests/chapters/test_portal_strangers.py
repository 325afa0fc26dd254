"""What belongs to somebody else does not exist; and what a stranger may look up is little."""

import pytest
from django.core.cache import cache
from django.test import Client

from signoff.closing.models import Case
from signoff.closing.queries import access_code
from tests.portal import errors, signed_in, text
from tests.world import Customer, approved, customer, submitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_tries_before() -> None:
    cache.clear()


def pages_of(who: Customer, case: Case) -> list[str]:
    line = who.lines[0].reference
    return [
        f"/cases/{case.number}/", f"/cases/{case.number}/sent/", f"/cases/{case.number}/progress/",
        f"/cases/{case.number}/undo/", f"/cases/{case.number}/certificate.json",
        f"/close/case/{case.number}/reason/", f"/close/case/{case.number}/contact/",
        f"/close/case/{case.number}/check/", f"/lines/{line}/", f"/lines/{line}/pause/",
        f"/lines/{line}/resume/", f"/close/{line}/", f"/close/{line}/preview/",
        f"/cases/{case.number}/confirm/", f"/cases/{case.number}/place/",
        f"/cases/{case.number}/place/account/",
    ]  # fmt: skip


def test_another_customers_things_are_not_there_by_get_nor_by_post() -> None:
    owner, other = customer(), customer()
    case = submitted(owner)
    client = signed_in(other)
    for path in pages_of(owner, case):
        assert client.get(path).status_code == 404, path
        assert client.post(path, {"reason": "price", "sure": "1"}).status_code in {404, 405}, path
    case.refresh_from_db()
    assert case.state == "submitted"
    owner.lines[0].refresh_from_db()
    assert owner.lines[0].state == "active"


def test_a_case_that_does_not_exist_looks_the_same_as_another_customers() -> None:
    owner, other = customer(), customer()
    client = signed_in(other)
    foreign = client.get(f"/cases/{submitted(owner).number}/")
    missing = client.get("/cases/SO-0000-0000-0/")
    rubbish = client.get("/cases/'%20OR%201=1/")
    assert foreign.status_code == missing.status_code == rubbish.status_code == 404
    assert text(foreign.content) == text(missing.content) == text(rubbish.content)


def test_number_and_code_open_a_timeline_without_anything_personal() -> None:
    who = customer()
    case = approved(who)
    stranger = Client()
    answer = stranger.post("/status/", {"number": case.number, "code": access_code(case)})
    assert answer["Location"] == f"/cases/{case.number}/"
    page = stranger.get(answer["Location"])
    shown = page.content.decode()
    assert "You asked us to close" in shown
    for personal in (who.account.name, who.account.email, who.lines[0].msisdn[-4:], "75.00",
                     "Voice mail", "Visa", "Undo this closing"):  # fmt: skip
        assert personal not in shown, personal
    assert stranger.get(f"/cases/{case.number}/certificate.json").status_code == 404
    assert stranger.get(f"/cases/{case.number}/sent/").status_code == 404
    for part in ("undo", "confirm", "place", "place/account"):
        away = stranger.get(f"/cases/{case.number}/{part}/")
        assert away["Location"].startswith("/sign-in/login/"), part


def test_number_and_code_may_be_typed_as_people_type() -> None:
    case = submitted(customer())
    code = access_code(case)
    typed = {
        "number": f" {case.number.lower().replace('-', ' ')} ",
        "code": f"{code[:3]} {code[3:]}",
    }
    assert Client().post("/status/", typed).status_code == 302
    wide = {sign: sign + 0xFEE0 for sign in range(0x21, 0x7F)}  # as a Chinese keyboard may type
    typed = {"number": case.number.translate(wide), "code": code.translate(wide)}
    assert Client().post("/status/", typed).status_code == 302


def test_wrong_number_wrong_code_and_draft_get_the_same_answer() -> None:
    case = submitted(customer())
    wrong_code = f"{(int(access_code(case)) + 1) % 1_000_000:06d}"
    draft = submitted(customer())
    Case.objects.filter(pk=draft.pk).update(state="draft")
    tries = [
        {"number": case.number, "code": wrong_code},
        {"number": "SO-0000-0000-0", "code": wrong_code},
        {"number": "no number", "code": "abc"},
        {"number": draft.number, "code": access_code(draft)},
    ]
    said = [errors(Client().post("/status/", typed).content) for typed in tries]
    assert len(said[0]) == 1
    assert said == [said[0]] * 4


def test_guessing_codes_of_one_case_ends_after_ten_from_wherever_they_come() -> None:
    case = submitted(customer())
    wrong = {"number": case.number, "code": "000000" if access_code(case) != "000000" else "1" * 6}
    answers = [
        Client(REMOTE_ADDR=f"10.0.0.{n}").post("/status/", wrong).status_code for n in range(12)
    ]
    assert answers == [200] * 10 + [429] * 2
    right = {"number": case.number, "code": access_code(case)}
    page = Client(REMOTE_ADDR="10.0.1.1").post("/status/", right)
    assert page.status_code == 429
    assert "Please wait a moment" in text(page.content)


def test_a_cookie_that_was_tampered_with_opens_nothing() -> None:
    case = submitted(customer())
    for cookie in ("signoff_sent", "signoff_seen"):
        client = Client()
        client.cookies[cookie] = f"{case.number}:1sabcd:forged"
        assert client.get(f"/cases/{case.number}/").status_code == 404


def test_the_cookie_of_one_case_opens_no_other() -> None:
    case, other = submitted(customer()), submitted(customer())
    client = Client()
    client.post("/status/", {"number": case.number, "code": access_code(case)})
    assert client.get(f"/cases/{case.number}/").status_code == 200
    assert client.get(f"/cases/{other.number}/").status_code == 404


RUBBISH = [
    "\x00",
    "<script>alert(1)</script>",
    "'; drop table case; --",
    "%s%n{0}",
    "a" * 5000,
    "𝕏😀\u202e",
]


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_in_every_field_is_answered_in_words_and_changes_nothing(rubbish: str) -> None:
    who = customer()
    client = signed_in(who)
    client.post(f"/close/{who.lines[0].reference}/preview/")
    case = Case.objects.get()
    before = Case.objects.values().get()
    posts = {
        f"/close/case/{case.number}/reason/": ["reason"],
        f"/close/case/{case.number}/contact/": ["email", "phone", "name"],
        "/status/": ["number", "code"],
    }
    for path, fields in posts.items():
        page = client.post(path, dict.fromkeys(fields, rubbish))
        assert page.status_code == 200, path
        assert errors(page.content), path
        assert b"<script>alert" not in page.content
    for path in ("/close/", "/search"):
        page = client.get(path, {"what": rubbish, "q": rubbish})
        assert page.status_code == 200
        assert b"<script>alert" not in page.content
    assert client.post("/check/", {"text": rubbish}).status_code == 200
    assert client.get("/bills/", {"page": rubbish}).status_code == 200
    assert Case.objects.values().get() == before


def test_an_address_that_no_database_can_hold_is_answered_in_words() -> None:
    client = signed_in(customer())
    for path in ("/bills/%00/", "/lines/a%00b/", "/cases/%00/", "/close/%00/"):
        page = client.get(path)
        assert page.status_code == 400, path
        assert "Nothing was changed" in text(page.content)
    for path in ("/bills/%F0%9F%98%80/", "/lines/%E2%80%AE/", "/bills/" + "9" * 3000 + "/"):
        assert client.get(path).status_code == 404, path


def test_nothing_answers_to_a_method_that_it_does_not_know() -> None:
    client = signed_in(customer())
    for path in ("/", "/settings/", "/bills/", "/search", "/close/", "/official/"):
        assert client.post(path).status_code == 405, path
    assert client.delete("/status/").status_code == 405
