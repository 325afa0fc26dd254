"""A reader of Chinese meets no English on any page, whatever its state."""

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, Comment, Doctype
from django.test import Client
from django.urls import URLPattern, reverse
from tools import catalogue

from signoff.accounts.models import Role
from signoff.closing.models import Case
from signoff.kernel.clock import now
from signoff.notice.words import CaseWords, letter
from signoff.portal import urls as portal_urls
from signoff.review.claims import take
from signoff.review.operations import refuse
from signoff.review.questions import ask_more
from signoff.review.rules import UNDO_WITHIN, MoreKind, RefusalReason
from signoff.settlement.models import BillPayment, Usage
from signoff.talk.operations import say
from signoff.termination.rules import StepKind
from tests.closings import changed, draft, with_deposit
from tests.desk import at_the_desk, stopped_at
from tests.docs.roles import addresses, routes
from tests.docs.roles_world import LINES, make_world, values_of
from tests.papers import with_papers
from tests.portal import PASSWORD, signed_in
from tests.world import approved, bill_for, customer, reviewer, submitted
from tests.world import staff as staff_with

pytestmark = pytest.mark.django_db

PLACE = re.compile(r"%\(\w+\)[sd]|</?\w+[^>]*>")
SENTENCE = re.compile(r"[A-Za-z]{2,}(?:['’][a-z]+)?(?:,? [A-Za-z]{2,}){2,}")
SPOKEN = ("title", "alt", "aria-label", "placeholder")


def _texts() -> Iterator[str]:
    for message in catalogue.kept():
        if message.id:
            yield from (message.id,) if isinstance(message.id, str) else message.id


WHOLE = {text for text in _texts() if not PLACE.search(text) and re.search("[a-z]{2}", text)}
PARTS = {part.strip() for text in _texts() for part in PLACE.split(text) if part.count(" ") > 2}


def chinese(client: Client) -> Client:
    client.cookies["django_language"] = "zh-hans"
    return client


def said(content: bytes) -> Iterator[str]:
    """What is read or read out, piece by piece; not what is marked as being in English."""
    soup = BeautifulSoup(content, "html.parser")
    for foreign in soup.select('[lang="en"], script, code, pre'):
        foreign.decompose()
    for node in soup.find_all(string=True):
        if not isinstance(node, Comment | Doctype):
            yield re.sub(r"\s+", " ", node).strip()
    for tag in soup.find_all(True):
        yield from (str(tag[name]) for name in SPOKEN if tag.get(name))


def english(content: bytes) -> list[str]:
    """What should have been Chinese."""
    return [
        piece
        for piece in said(content)
        if piece in WHOLE or SENTENCE.search(piece) or any(part in piece for part in PARTS)
    ]


def read(client: Client, path: str, *, status: int = 200) -> str:
    """The page, after making sure that it is in Chinese."""
    page = client.get(path)
    assert page.status_code == status, path
    return _in_chinese(page.content, path)


def _in_chinese(content: bytes, path: str) -> str:
    assert BeautifulSoup(content, "html.parser").select_one('html[lang="zh-hans"]'), path
    assert english(content) == [], path
    return " ".join(said(content))


def names(patterns: list[URLPattern]) -> set[str]:
    return {str(pattern.name) for pattern in patterns}


def test_english_is_noticed() -> None:
    assert english(b"<p>Sign in</p>") == ["Sign in"]
    assert english(b"<p>You can change your mind until 2026</p>")
    assert english(b'<p aria-label="Something never translated"></p>')
    assert english("<p>登录 Boom</p><span lang='en'>English</span>".encode()) == []


def test_every_page_of_the_portal_is_in_chinese() -> None:
    who = customer(lines=2, services=2)
    client = chinese(signed_in(who))
    line, other = (line.reference for line in who.lines)
    bill = bill_for(who, ("Boom 30", 3000), number="B-1").number
    client.post(f"/close/{line}/preview/")
    draft = Case.objects.get().number
    contact = {"name": "李伟", "email": "li@example.org", "phone": "+86 139 0013 8000"}
    client.post(f"/close/case/{draft}/reason/", {"reason": "price", "text": "贵"})
    client.post(f"/close/case/{draft}/contact/", contact)
    case = submitted(customer_again := customer(lines=1))
    pages: dict[str, list[tuple[str, ...]]] = {
        "home": [()], "settings": [()], "account": [()], "data": [()], "search": [()],
        "bills": [()], "bill": [(bill,)], "bill_pay": [(bill,)],
        "bill_dispute": [(bill, "1")], "line": [(line,), (other,)], "pause": [(other,)],
        "resume": [], "close": [()], "close_instead": [("account",), (other,)],
        "close_preview": [("account",), (other,)], "ask_reason": [(draft,)],
        "ask_contact": [(draft,)], "check_answers": [(draft,)], "status": [()], "official": [()],
        "check": [()], "remove_esim": [()], "take_along": [()], "messages": [()], "appeal_of_a_case": [()],
        "photos": [(draft,)], "photo": [(draft, "id_card_front"), (draft, "passport")],
        "photo_code": [(draft, "id_card_front")], "calling": [()], "sent": [()],
    }  # fmt: skip
    elsewhere = {"case", "case_sent", "case_progress", "case_undo", "case_certificate"}
    elsewhere |= {"bill_payment", "bill_payment_go", "bill_payment_cancel", "bill_payment_progress",
                  "case_confirm", "case_place", "case_place_account", "due_pay", "case_pay"}  # fmt: skip
    elsewhere |= {"talk", "case_messages", "case_messages_new", "case_messages_read", "case_feed",
                  "messages_new", "messages_read", "calling_now", "call_answer", "case_call_denied",
                  "case_device",
                  "push_worker",
                  "case_answer", "case_appeal", "photos_of_a_case", "photo_look", "photo_remove",
                  "photo_arrived", "photos_delete", "picture", "phone", "feed_atom", "feed_json"}  # fmt: skip
    assert set(pages) | elsewhere == names(portal_urls.urlpatterns)
    for name, places in pages.items():
        for place in places:
            read(client, reverse(f"portal:{name}", args=place))
    read(client, reverse("portal:case_undo", args=[draft]))
    owner = chinese(signed_in(customer_again))
    for name in ("case", "case_undo", "case_messages", "case_feed"):
        read(owner, reverse(f"portal:{name}", args=[case.number]))
    say(about=customer_again.account, author=reviewer(), text="您好。", now=now())
    for path in ("/", "/talk/", "/talk/messages/"):
        read(owner, path)
    progress = owner.get(reverse("portal:case_progress", args=[case.number]))
    assert english(progress.content) == []


def test_every_state_of_a_case_is_told_in_chinese() -> None:
    for who, case in (
        (one := customer(), approved(one)),
        (two := customer(services=2), stopped_at(two, StepKind.LETTER_DONE)),
        (three := customer(), stopped_at(three, StepKind.WITHDRAW_PROFILE)),
    ):
        client = chinese(signed_in(who))
        read(client, f"/cases/{case.number}/")
        read(client, "/")
        read(client, f"/lines/{who.lines[0].reference}/")


def test_every_page_of_money_is_in_chinese() -> None:
    richer = with_deposit(lines=2)
    client = chinese(signed_in(richer))
    case, _there = draft(client, richer)
    there = f"/cases/{case.number}/place/"
    for path in (there, f"{there}account/"):
        read(client, path)
    who = customer()
    bill_for(who, ("Boom 30", 3000), number="B-1")
    client = chinese(signed_in(who))
    client.post("/bills/B-1/pay/", {"amount": "10"})
    row = BillPayment.objects.get()
    for state in ("asked", "open", "paid", "failed", "expired"):
        BillPayment.objects.update(state=state)
        read(client, f"/bills/payments/{row.pk}/")
    read(client, "/bills/B-1/")
    changing = customer(country="DE", paid=(5000,))
    case = changed(changing)
    client = chinese(signed_in(changing))
    Usage.objects.update(description="国际漫游")  # the carrier's own words
    read(client, f"/cases/{case.number}/")
    read(client, f"/cases/{case.number}/confirm/")
    sure = {"reason": "twice", "amount": "1"}
    client = chinese(signed_in(who))
    _in_chinese(client.post("/bills/B-1/items/1/", sure).content, "dispute")
    client.post("/bills/B-1/items/1/", {**sure, "sure": "1"})
    read(client, "/bills/B-1/")


def test_paying_what_a_closing_comes_to_is_in_chinese() -> None:
    who = customer(paid=())
    Usage.objects.create(
        reference="U1", line=who.lines[0], description="国际漫游", amount_minor=1200, used_at=now()
    )
    read(chinese(signed_in(who)), f"/close/{who.lines[0].reference}/pay/")


def test_questions_refusals_and_appeals_are_in_chinese() -> None:
    who, other, asked_at = customer(), customer(), now() - UNDO_WITHIN
    case, by = submitted(who, now=asked_at), reviewer()
    ask_more(
        case=take(case=case, reviewer=by, now=asked_at), reviewer=by,
        text="请再发一次身份证正面的照片。", what=[MoreKind.ID_CARD_FRONT, MoreKind.OTHER],
        now=asked_at,
    )  # fmt: skip
    client = chinese(signed_in(who))
    for path in ("", "answer/", "photos/id_card_front/", "messages/"):
        read(client, f"/cases/{case.number}/{path}")
    no = submitted(other, now=now())
    refuse(
        case=take(case=no, reviewer=by, now=now()), reviewer=by, now=now(),
        reason_code=RefusalReason.CONTRACT_BOUND, text="合同要到明年三月才到期，请在三月以后再次提交注销申请。",
    )  # fmt: skip
    with_papers(no)
    client = chinese(signed_in(other))
    for path in ("", "appeal/", "delete-photos/"):
        read(client, f"/cases/{no.number}/{path}")


def test_sign_in_and_its_settings_are_in_chinese() -> None:
    stranger = chinese(Client())
    for path in ("/sign-in/login/", "/sign-in/password/reset/", "/sign-in/signup/",
                 "/sign-in/inactive/", "/nothing/"):  # fmt: skip
        read(stranger, path, status=404 if path == "/nothing/" else 200)
    client = chinese(signed_in(customer()))
    for path in ("/sign-in/password/change/", "/sign-in/2fa/", "/sign-in/sessions/",
                 "/sign-in/logout/"):  # fmt: skip
        read(client, path)
    there = client.get("/sign-in/2fa/totp/activate/")["Location"]
    read(client, there)
    client.post(there, {"password": PASSWORD})
    read(client, "/sign-in/2fa/totp/activate/")
    staff = chinese(at_the_desk())
    for path in ("/sign-in/2fa/", "/sign-in/2fa/totp/deactivate/"):
        page = staff.get(path, follow=True)
        _in_chinese(page.content, path)


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/sign-in/login/", {"login": "nobody", "password": "wrong"}),
        ("/sign-in/login/", {}),
        ("/sign-in/password/reset/", {"email": "not an address"}),
        ("/status/", {}),
        ("/status/", {"number": "SO-0000-0000-0", "code": "123456"}),
        ("/status/", {"number": "X", "code": "x"}),
        ("/check/", {}),
        ("/check/", {"pasted": "https://boom.example.evil.example/ +8613800138000 password"}),
    ],
)
def test_errors_and_answers_are_in_chinese(path: str, sent: dict[str, str]) -> None:
    client = chinese(Client())
    assert english(client.post(path, sent).content) == []


@pytest.mark.parametrize("kind", ["received", "approved", "refused", "withdrawn", "done"])
def test_every_letter_is_in_chinese(kind: str) -> None:
    words = CaseWords(
        "SO-7K4M-92QD-X", "123456", "李伟", "+86 … 8002", "2026年11月22日", "¥1.00", "无"
    )
    wording = letter(kind, "zh-hans", words)
    for piece in (wording.subject, *wording.text.split("\n\n")):
        assert not SENTENCE.search(piece), piece
        assert re.search("[\u4e00-\u9fff]", piece) or piece == "Boom", piece


def test_every_page_of_the_desk_is_in_chinese() -> None:
    owner = customer(lines=LINES)
    portal = signed_in(owner)
    portal.get("/")
    desk = [route for route in routes() if route.startswith("desk/")]
    pages = addresses(values_of(make_world(owner, portal)), desk)
    staff = chinese(at_the_desk(by := staff_with(*Role)))
    shown = [path for path in pages.values() if _is_page(staff, path)]
    assert len(shown) > 20
    for path in shown:
        read(staff, path)
    for show in ("recent", "tickets", "done"):
        read(staff, f"/desk/talk/?show={show}")
    stopped = stopped_at(customer(services=2), StepKind.LETTER_DONE, raw="ERROR 1")
    taken = take(case=submitted(customer()), reviewer=by, now=now())
    for case in (stopped, taken, approved(customer(lines=2))):
        read(staff, f"/desk/{case.number}/")
    for action, given in (("refuse", {"text": "短"}), ("more", {"text": "短"})):
        path = f"/desk/{taken.number}/{action}/"
        read(staff, path)
        _in_chinese(staff.post(path, given).content, path)


def _is_page(client: Client, path: str) -> bool:
    answer = client.get(path)
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return False
    assert english(answer.content) == [], path
    return b"<html" in answer.content  # else a part of a page that asks for it again and again
