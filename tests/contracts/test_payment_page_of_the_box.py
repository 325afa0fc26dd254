"""The payment page that the carrier box shows: what it takes for an order, and what a browser sees."""

import re

import httpx
import pytest
import stripe

from signoff.ports.payments import PaymentPage, PaymentState
from tests.paying import BACK, EUR12, payments, press, start
from tests.peers.box import RunningBox
from tests.peers.stripe_server import API_KEY


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mode": "subscription"}, "Invalid mode"),
        ({"success_url": "javascript:alert(1)"}, "Not a valid URL"),
        ({"cancel_url": 'http://x/"; script-src *'}, "Not a valid URL"),
        ({"success_url": ""}, "Missing required"),
        ({"locale": "zh-hans"}, "Invalid locale"),
        ({"client_reference_id": "x" * 201}, "200 characters"),
        ({"line_items[0][price_data][currency]": "EUR"}, "Invalid currency"),
        ({"line_items[0][price_data][unit_amount]": "-1"}, "Invalid integer"),
        ({"line_items[0][quantity]": "0"}, "Invalid positive integer"),
        ({"customer_mail": "a@b"}, "unknown parameter"),
    ],
)
def test_the_box_says_what_is_wrong_with_an_order(
    box: RunningBox, change: dict[str, str], words: str
) -> None:
    order = {
        "mode": "payment",
        "success_url": BACK,
        "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][unit_amount]": "1250",
        "line_items[0][price_data][product_data][name]": "Bill",
    }
    url = f"{box.addresses.http_url}/v1/checkout/sessions"
    headers = {"Authorization": f"Bearer {API_KEY}"}
    answer = httpx.post(url, data=order | change, headers=headers)
    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]
    assert box.rows("checkout_sessions") == {}


def test_the_box_has_no_field_that_stripe_has_not(box: RunningBox) -> None:
    """The official client's resources are made from Stripe's own description of its API."""
    page = start(box)
    press(page, "pay")
    headers = {"Authorization": f"Bearer {API_KEY}"}
    with httpx.Client(base_url=f"{box.addresses.http_url}/v1", headers=headers) as http:
        session = http.get(
            f"/checkout/sessions/{page.reference}",
            params={"expand[]": "payment_intent.latest_charge"},
        ).json()
        intent = session["payment_intent"]
        payments(box).refund(payment=intent["id"], amount=EUR12, key="r", case="C", step="s")
        refund = http.get("/refunds").json()["data"][0]
    events = [row["event"] for row in box.rows("payment_events").values()]
    for wire, resource in (
        (session, stripe.checkout.Session),
        (intent, stripe.PaymentIntent),
        (intent["latest_charge"], stripe.Charge),
        (refund, stripe.Refund),
        *((event, stripe.Event) for event in events),
    ):
        assert set(wire) <= _known(resource), resource


def _known(resource: type) -> set[str]:
    known: set[str] = set()
    for part in resource.__mro__:
        known |= set(getattr(part, "__annotations__", {}))
    return known | {"id", "object"}


# The page itself, as a browser without scripts sees it.


def seen(page: PaymentPage, language: str = "") -> httpx.Response:
    return httpx.get(page.url, headers={"Accept-Language": language})


def test_the_page_says_what_is_paid_and_offers_three_buttons(box: RunningBox) -> None:
    answer = seen(start(box, title="Bill of October"))
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>Bill of October</h1>" in answer.text
    assert "12.50 EUR" in answer.text
    assert re.findall(r"<button[^>]*>([^<]*)", answer.text) == ["Pay", "Card declined", "Cancel"]
    assert "<script" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:8600;" in policy


def test_the_page_speaks_the_language_it_was_ordered_in(box: RunningBox) -> None:
    chinese = seen(start(box, language="zh-hans", title="十月账单"), "en")
    assert 'lang="zh-Hans"' in chinese.text
    assert "支付" in chinese.text
    assert 'lang="en"' in seen(start(box, "2", language="en"), "zh-CN").text
    browsers_own = start(box, "3", language="ar")
    assert 'lang="zh-Hans"' in seen(browsers_own, "zh-CN").text
    assert 'lang="en"' in seen(browsers_own, "ar").text


def test_what_was_ordered_is_never_markup(box: RunningBox) -> None:
    evil = "<script>alert(1)</script>\"'&"
    page = start(box, title=evil, return_url="http://127.0.0.1:8600/?a=1&b=2")
    press(page, "pay")
    for language in ("en", "zh"):
        shown = seen(page, language).text
        assert "<script" not in shown
        assert "&lt;script&gt;" in shown
        assert 'href="http://127.0.0.1:8600/?a=1&amp;b=2"' in shown


def test_a_page_that_is_over_says_so_and_has_no_buttons(box: RunningBox) -> None:
    page = start(box)
    press(page, "pay")
    assert "This is paid" in seen(page).text
    assert "<button" not in seen(page).text
    slow = start(box, "2")
    box.pays(slow.reference, "pay_slowly")
    assert "The bank has been asked" in seen(slow).text


def test_a_page_that_is_none_and_a_button_that_is_none(box: RunningBox) -> None:
    unknown = httpx.get(f"{box.addresses.http_url}/pay/cs_test_nobody")
    assert unknown.status_code == 404
    assert "There is no such payment page" in unknown.text
    assert httpx.post(f"{box.addresses.http_url}/pay/cs_test_nobody").status_code == 404
    page = start(box)
    for body in (b"", b"does=steal", b"\xff\xff"):
        answer = httpx.post(page.url, content=body)
        assert answer.status_code == 400
        assert "Choose one of the buttons." in answer.text
    assert payments(box).payment(page.reference).state is PaymentState.OPEN


def test_an_act_that_cannot_be_is_told(box: RunningBox) -> None:
    page = start(box)
    url = f"{box.addresses.http_url}/control/checkout_sessions"
    assert httpx.post(f"{url}/{page.reference}", json={"does": "fly"}).status_code == 400
    assert httpx.post(f"{url}/{page.reference}", content=b"[").status_code == 400
    assert httpx.post(f"{url}/cs_none", json={"does": "pay"}).status_code == 404
    assert httpx.post(f"{url}/{page.reference}", json={"does": "arrive"}).status_code == 409
