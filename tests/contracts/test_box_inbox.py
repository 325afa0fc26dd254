"""The page of the box on which a person reads what telephones and mailboxes show."""

from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.carrier_box import totp
from signoff.carrier_box.inbox_words import CHINESE, ENGLISH, words_for
from tests.peers.box import RunningBox

EVIL = "<script>alert(1)</script>\"'&"
MESSAGE = {
    "system_id": "signoff",
    "sender": "Boom",
    "service_type": "",
    "reference": 1,
    "receipt_owed": False,
}


def page(box: RunningBox, find: str = "", language: str = "en") -> str:
    answer = httpx.get(
        f"{box.addresses.http_url}/",
        params={"find": find} if find else {},
        headers={"Accept-Language": language},
    )
    assert answer.raise_for_status().headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    return answer.text


def put_message(box: RunningBox, message_id: str, number: str, text: str, state: int = 2) -> None:
    box.put("messages", message_id, MESSAGE | {"number": number, "text": text, "state": state})


def put_letter(box: RunningBox, message_id: str, to: str, subject: str, text: str) -> None:
    row = {"sender": "Boom", "recipients": [to], "subject": subject, "text": text}
    box.put("letters", message_id, row | {"attachments": [], "arrivals": 2, "auto_submitted": ""})


def test_messages_are_shown_newest_first_with_their_state(box: RunningBox) -> None:
    put_message(box, "1", "8613800138000", "first")
    put_message(box, "2", "447400123456", "second", state=5)
    shown = page(box)
    assert shown.index("second") < shown.index("first")
    assert "Not delivered" in shown
    assert "Delivered" in shown


def test_one_number_or_address_can_be_looked_for(box: RunningBox) -> None:
    put_message(box, "1", "8613800138000", "for Alice")
    put_message(box, "2", "447400123456", "for Bob")
    put_letter(box, "<a@b>", "alice@example.org", "Letter", "for Alice too")
    assert "for Bob" not in page(box, "+86 138 0013 8000")
    assert "for Alice" in page(box, "+86 138 0013 8000")
    found = page(box, "ALICE@")
    assert "for Alice too" in found
    assert "for Bob" not in found


def test_what_came_from_outside_is_never_markup(box: RunningBox) -> None:
    put_message(box, "1", EVIL, EVIL)
    put_letter(box, EVIL, EVIL, EVIL, f"{EVIL} https://x.example/\"onload='a'{EVIL}")
    box.put("authenticator", "x", {"user": EVIL, "secret": EVIL})
    shown = page(box) + page(box, EVIL)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert 'href="https://x.example/"' in shown


def test_the_network_shows_who_has_service_and_who_is_gone(box: RunningBox) -> None:
    row = {"id": 1, "msisdn": "8613800138000", "nam_cs": True, "nam_ps": True, "attached": True}
    box.put("subscribers", "460000000000001", row)
    box.put("subscribers", "460000000000002", row | {"nam_cs": False, "nam_ps": False})
    box.put("gone_numbers", "8613800138009", {"imsi": "460000000000009"})
    shown = page(box)
    assert shown.index("Gone") < shown.index("Service off") < shown.index("Service on")


def test_refunds_are_shown_with_amount_and_currency(box: RunningBox) -> None:
    refund = {"amount": 1250, "currency": "eur", "payment_intent": "pi_1", "charge": None}
    box.put("refunds", "re_1", refund | {"id": "re_1"})
    assert "12.50 EUR" in page(box)


def test_the_page_speaks_chinese_to_who_asks_for_it(box: RunningBox) -> None:
    shown = page(box, language="zh-CN,zh;q=0.9,en;q=0.8")
    assert 'lang="zh-Hans"' in shown
    assert "短信" in shown


@given(st.text())
def test_any_wish_for_a_language_gets_one(header: str) -> None:
    assert words_for(header) in (ENGLISH, CHINESE)


def test_both_languages_say_everything() -> None:
    assert ENGLISH.keys() == CHINESE.keys()


SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert totp.code(SECRET, at) == code
    assert totp.code("gezd gnbv gy3t qojq gezd gnbv gy3t qojq", at) == code
    assert 1 <= totp.seconds_left(at) <= 30


def test_the_authenticator_shows_a_code_and_forgives_a_bad_secret(box: RunningBox) -> None:
    box.put("authenticator", "reviewer", {"user": "reviewer", "secret": SECRET})
    box.put("authenticator", "other", {"user": "other", "secret": "1"})
    shown = page(box)
    assert "reviewer" in shown
    assert "seconds left" in shown
    assert "This secret cannot be read." in shown
