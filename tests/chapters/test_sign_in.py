"""Signing in: by name, e-mail or number; nothing tells a stranger whether an account exists."""

import re
from smtplib import SMTPRecipientsRefused

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from tests.portal import PASSWORD, errors, signed_in, text
from tests.world import NOON, Customer, customer

pytestmark = pytest.mark.django_db

LOGIN = "/sign-in/login/"


@pytest.fixture(autouse=True)
def no_tries_before() -> None:
    cache.clear()


@pytest.fixture
def who() -> Customer:
    found = customer()
    found.user.set_password(PASSWORD)
    found.user.save()
    return found


def enters(login: str, password: str = PASSWORD) -> bool:
    client = Client()
    client.post(LOGIN, {"login": login, "password": password})
    return get_user(client).is_authenticated


def test_by_user_name_e_mail_and_number_of_a_line(who: Customer) -> None:
    number = who.lines[0].msisdn
    national = number.removeprefix("+86")
    for login in (who.user.username, who.user.email, number, f"{number[:3]} {number[3:]}",
                  national, f"{national[:3]} {national[3:7]} {national[7:]}"):  # fmt: skip
        assert enters(login), login
        assert not enters(login, "wrong"), login


def test_known_and_unknown_names_get_the_same_answer(who: Customer) -> None:
    said = {
        tuple(errors(Client().post(LOGIN, {"login": login, "password": "x"}).content))
        for login in (who.user.username, "nobody", who.user.email, "nobody@example.org",
                      who.lines[0].msisdn, "+8613911111111", "12345678")
    }  # fmt: skip
    assert len(said) == 1


def test_a_forgotten_password_is_reset_by_a_code(who: Customer) -> None:
    client = Client()
    answer = client.post("/sign-in/password/reset/", {"email": who.user.email})
    (letter,) = mail.outbox
    code = re.search(r"^([A-Z0-9-]{6,})$", str(letter.body), re.MULTILINE)
    assert code
    assert "http" not in letter.body
    wrong = client.post(answer["Location"], {"code": "AAAA-AAAA"})
    assert errors(wrong.content) == ["This code is not right. Type the newest one."]
    answer = client.post(answer["Location"], {"code": code[1]})
    fresh = "another horse 8 battery"
    client.post(answer["Location"], {"password1": fresh, "password2": fresh})
    assert enters(who.user.username, fresh)
    assert not enters(who.user.username)


def test_asking_for_a_reset_says_the_same_for_an_unknown_address(who: Customer) -> None:
    pages = [
        Client().post("/sign-in/password/reset/", {"email": address}, follow=True)
        for address in (who.user.email, "nobody@example.org")
    ]
    shown = [text(page.content).replace(who.user.email, "X").replace("nobody@example.org", "X")
             for page in pages]  # fmt: skip
    assert shown[0] == shown[1]
    assert pages[0].redirect_chain == pages[1].redirect_chain


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Nobody signs in here with it."), ("zh-hans", "这里没有人使用该地址登录。")],
)
def test_who_types_an_unknown_address_is_not_sent_to_sign_up(language: str, said: str) -> None:
    client = Client(headers={"Accept-Language": language})
    client.post("/sign-in/password/reset/", {"email": "nobody@example.org"})
    (letter,) = mail.outbox
    assert said in str(letter.body)
    assert "http" not in letter.body
    assert "sign up" not in letter.body


@pytest.mark.parametrize("known", [True, False])
def test_a_letter_that_cannot_go_is_said_and_its_address_is_not_in_the_log(
    who: Customer,
    known: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    address = who.user.email if known else "nobody@example.org"

    def refuse(*_letters: object) -> int:
        raise SMTPRecipientsRefused({address: (550, b"no such mailbox")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    page = Client().post("/sign-in/password/reset/", {"email": address})
    assert page.status_code == 409
    assert "We could not send a letter to this address." in text(page.content)
    assert "SMTPRecipientsRefused" in caplog.text
    assert address not in caplog.text + capfd.readouterr().err


def test_nobody_signs_up(who: Customer) -> None:
    typed = {"email": "new@example.org", "username": "new", "password1": PASSWORD}
    assert "Nobody signs up here" in text(Client().post("/sign-in/signup/", typed).content)
    assert not enters("new")


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "confirm-email/some:key/"])
def test_no_page_says_that_a_letter_was_sent_to_confirm_an_address(path: str) -> None:
    assert Client().get(f"/sign-in/{path}")["Location"] == "/settings/account/"


def test_a_closed_account_is_told_so_and_only_with_the_right_password(who: Customer) -> None:
    who.account.closed_at = NOON
    who.account.save()
    client = Client()
    page = client.post(LOGIN, {"login": who.user.username, "password": PASSWORD}, follow=True)
    assert "This account is closed" in text(page.content)
    assert not get_user(client).is_authenticated
    page = client.post(LOGIN, {"login": who.user.username, "password": "x"}, follow=True)
    assert "This account is closed" not in text(page.content)


def test_too_many_tries_have_to_wait(who: Customer) -> None:
    client = Client()
    pages = [client.post(LOGIN, {"login": who.user.username, "password": "x"}) for _ in range(6)]
    assert "too many tries" in errors(pages[-1].content)[0]


def test_after_signing_in_the_page_speaks_the_language_of_the_account(who: Customer) -> None:
    who.account.language = "zh-hans"
    who.account.save()
    client = Client()
    client.post(LOGIN, {"login": who.user.username, "password": PASSWORD})
    assert client.get("/")["Content-Language"] == "zh-hans"
    chosen = Client()
    chosen.post("/language/", {"language": "en"})
    chosen.post(LOGIN, {"login": who.user.username, "password": PASSWORD})
    assert chosen.get("/")["Content-Language"] == "en"


def test_staff_go_to_their_desk(who: Customer) -> None:
    who.user.is_staff = True
    who.user.save()
    answer = Client().post(LOGIN, {"login": who.user.username, "password": PASSWORD})
    assert answer["Location"] == "/desk/"


def test_signing_out_takes_a_press_not_a_link(who: Customer) -> None:
    client = signed_in(who)
    client.get("/sign-in/logout/")
    assert get_user(client).is_authenticated
    client.post("/sign-in/logout/")
    assert not get_user(client).is_authenticated


def test_the_takeout_asks_for_the_password_first(who: Customer) -> None:
    client = signed_in(who)
    asked = client.post("/settings/account/data/")
    assert "/reauthenticate/" in asked["Location"]
    answer = client.post(asked["Location"], {"password": PASSWORD})
    assert answer["Content-Type"] == "application/zip"
    assert answer.content.startswith(b"PK")
