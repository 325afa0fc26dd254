"""Payment pages at the box, over the official client. localstripe has no Checkout, so what the
box answers is compared with the resources that the client knows."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import stripe
from moneyed import Money

from signoff.adapters.stripe.payments import StripePayments
from signoff.kernel.clock import now
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.payments import PaymentPage, PaymentState, RefundState
from tests.peers.box import RunningBox
from tests.peers.cutting import cutting
from tests.peers.stripe_server import API_KEY

BACK = "http://127.0.0.1:8600/bills/payments/1/"
SUBJECT = "7f3c1f0e-5f0f-4d0e-8a58-2f6f3f6c2f10"
EUR12 = Money("12.50", "EUR")


def payments(box: RunningBox, url: str = "", timeout: float = 3) -> StripePayments:
    return StripePayments(API_KEY, url or box.addresses.http_url, timeout)


def start(box: RunningBox, key: str = "k", url: str = "", **more: Any) -> PaymentPage:
    wanted: dict[str, Any] = {
        "amount": EUR12, "subject": SUBJECT, "return_url": BACK, "language": "en"
    } | more  # fmt: skip
    return payments(box, url).start_payment(key=key, **wanted)


def press(page: PaymentPage, does: str) -> httpx.Response:
    """A button of the page, without following where it leads."""
    return httpx.post(page.url, data={"does": does})


def test_a_customer_pays_and_the_payment_can_be_refunded(box: RunningBox) -> None:
    page = start(box)
    assert (page.state, page.amount, page.subject) == (PaymentState.OPEN, EUR12, SUBJECT)
    assert (page.paid_by, page.method) == ("", "")
    answer = press(page, "pay")
    assert (answer.status_code, answer.headers["location"]) == (303, BACK)
    paid = payments(box).payment(page.reference)
    assert (paid.state, paid.amount, paid.url) == (PaymentState.PAID, EUR12, "")
    assert paid.paid_by.startswith("pi_")
    assert paid.method == "Visa ···· 4242"
    refund = payments(box).refund(
        payment=paid.paid_by, amount=EUR12, key="r", case="C", step="refund"
    )
    assert refund.state is RefundState.PAID
    with pytest.raises(Permanent, match="in full already"):
        payments(box).refund(payment=paid.paid_by, amount=EUR12, key="s", case="C", step="more")


def test_a_charge_is_another_name_of_its_payment(box: RunningBox) -> None:
    page = start(box)
    press(page, "pay")
    paid_by = payments(box).payment(page.reference).paid_by
    charge = paid_by.replace("pi_", "ch_")
    payments(box).refund(payment=charge, amount=Money(10, "EUR"), key="r", case="C", step="a")
    with pytest.raises(Permanent, match="more is asked than is left"):
        payments(box).refund(payment=paid_by, amount=Money(10, "EUR"), key="s", case="C", step="b")


def test_a_declined_card_takes_nothing_and_can_be_followed_by_another(box: RunningBox) -> None:
    page = start(box)
    answer = press(page, "decline")
    assert answer.status_code == 303
    shown = httpx.get(str(answer.url.join(answer.headers["location"]))).text
    assert "The card was declined. Nothing was taken." in shown
    asked = payments(box).payment(page.reference)
    assert (asked.state, asked.paid_by, asked.url) == (PaymentState.OPEN, "", page.url)
    intent = box.row("checkout_sessions", page.reference)["payment_intent"]
    with pytest.raises(Permanent):
        payments(box).refund(payment=intent, amount=EUR12, key="r", case="C", step="s")
    press(page, "pay")
    assert payments(box).payment(page.reference).state is PaymentState.PAID
    assert len(box.effects("payments", "pay")) == 1


def test_who_goes_back_can_return_and_pay(box: RunningBox) -> None:
    page = start(box)
    assert press(page, "cancel").headers["location"] == BACK
    assert payments(box).payment(page.reference).state is PaymentState.OPEN
    assert press(page, "pay").status_code == 303


def test_pressing_twice_pays_once(box: RunningBox) -> None:
    page = start(box)
    assert [press(page, "pay").status_code for _ in range(3)] == [303, 409, 409]
    assert len(box.effects("payments", "pay")) == 1


def test_the_same_key_is_one_page_and_other_arguments_are_refused(box: RunningBox) -> None:
    assert start(box) == start(box)
    assert len(box.rows("checkout_sessions")) == 1
    with pytest.raises(Permanent, match="same key"):
        start(box, amount=Money(13, "EUR"))
    box.put("payments", "ch_1", {"amount": 5000, "currency": "EUR"})
    with pytest.raises(Permanent, match="same key"):
        payments(box).refund(payment="ch_1", amount=EUR12, key="k", case="C", step="s")


def test_a_lost_answer_is_temporary_and_the_page_is_found_by_key_and_by_subject(
    box: RunningBox,
) -> None:
    host, _, port = box.addresses.http_url.removeprefix("http://").partition(":")
    begun = now()
    with cutting((host, int(port))) as line:
        line.lose_answer_to(b"POST /v1/checkout/sessions")
        with pytest.raises(Temporary):
            start(box, url=f"http://{line.address[0]}:{line.address[1]}")
        assert line.cuts == 1
    found = payments(box).find_payment(subject=SUBJECT, since=begun)
    assert found is not None
    assert found == start(box)
    assert list(box.rows("checkout_sessions")) == [found.reference]


def test_a_page_is_found_behind_many_others_and_never_by_another_subject(box: RunningBox) -> None:
    begun = now()
    first = start(box, "first")
    row = box.row("checkout_sessions", first.reference)
    for number in range(101):
        more = {"id": f"cs_test_n{number}", "client_reference_id": f"other {number}"}
        box.put("checkout_sessions", f"cs_test_n{number}", row | more | {"metadata": {}})
    assert payments(box).find_payment(subject=SUBJECT, since=begun) == first
    assert payments(box).find_payment(subject="nobody", since=begun) is None
    later = begun + timedelta(hours=1)
    assert payments(box).find_payment(subject=SUBJECT, since=later) is None


def test_a_cancelled_page_takes_no_money_and_cancelling_again_is_no_error(box: RunningBox) -> None:
    page = start(box)
    for _ in range(2):
        closed = payments(box).cancel_payment(page.reference)
        assert (closed.state, closed.url) == (PaymentState.EXPIRED, "")
    assert press(page, "pay").status_code == 409
    assert "Nothing was taken" in httpx.get(page.url).text
    assert box.effects("payments") == []


def test_a_customer_who_was_faster_has_paid(box: RunningBox) -> None:
    page = start(box)
    press(page, "pay")
    assert payments(box).cancel_payment(page.reference).state is PaymentState.PAID


def test_a_page_ends_after_a_day(box: RunningBox) -> None:
    page = start(box)
    row = box.row("checkout_sessions", page.reference)
    assert row["expires_at"] - row["created"] == 24 * 3600
    over = row | {"expires_at": int(now().timestamp()) - 1}
    box.put("checkout_sessions", page.reference, over)
    assert payments(box).payment(page.reference).state is PaymentState.EXPIRED
    assert press(page, "pay").status_code == 409


@pytest.mark.parametrize(
    ("ends", "state"), [("arrive", PaymentState.PAID), ("bounce", PaymentState.FAILED)]
)
def test_a_slow_bank_is_waited_for(box: RunningBox, ends: str, state: PaymentState) -> None:
    page = start(box)
    box.pays(page.reference, "pay_slowly")
    under_way = payments(box).cancel_payment(page.reference)
    assert (under_way.state, under_way.url, under_way.paid_by) == (PaymentState.OPEN, "", "")
    box.pays(page.reference, ends)
    done = payments(box).payment(page.reference)
    assert done.state is state
    assert bool(done.paid_by) == (state is PaymentState.PAID)


@pytest.mark.parametrize("reference", ["", "pi_1", "cs_", "cs_1/expire", "cs_1?x=y", "cs_ü"])
def test_a_reference_that_is_none_never_becomes_a_url(box: RunningBox, reference: str) -> None:
    with pytest.raises(Permanent, match="reference"):
        payments(box).payment(reference)
    with pytest.raises(Permanent, match="reference"):
        payments(box).cancel_payment(reference)


def test_a_page_that_nobody_knows_is_permanent(box: RunningBox) -> None:
    ask: list[Callable[[str], PaymentPage]] = [
        payments(box).payment, payments(box).cancel_payment
    ]  # fmt: skip
    for question in ask:
        with pytest.raises(Permanent, match="no such payment"):
            question("cs_test_nobody")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Money("0.49", "EUR"), "below the smallest"),
        (Money(49, "JPY"), "below the smallest"),
        (Money("0.005", "EUR"), "steps of"),
        (Money(0, "EUR"), "more than nothing"),
        (Money(-5, "EUR"), "more than nothing"),
        (Money(10**7, "EUR"), "more is asked|amount_too_large"),
    ],
)
def test_an_amount_that_cannot_be_paid_makes_no_page(
    box: RunningBox, amount: Money, words: str
) -> None:
    with pytest.raises(Permanent, match=words):
        start(box, amount=amount)
    assert box.rows("checkout_sessions") == {}


@pytest.mark.parametrize(
    ("kind", "error"),
    [("busy", Temporary), ("refuse", Permanent), ("drop_before", Temporary), ("down", Temporary)],
)
def test_a_refusal_is_sorted_and_no_page_is_made(
    box: RunningBox, kind: str, error: type[Exception]
) -> None:
    box.fault("payments", kind, "create_session", times=1)
    with pytest.raises(error):
        start(box)
    assert box.rows("checkout_sessions") == {}


def test_an_answer_that_is_not_stripes_is_permanent(box: RunningBox) -> None:
    page = start(box)
    box.fault("payments", "garbage", "get_session", times=1)
    with pytest.raises(Permanent, match="cannot be read"):
        payments(box).payment(page.reference)
    row = box.row("checkout_sessions", page.reference)
    box.put("checkout_sessions", page.reference, row | {"currency": "zzz"})
    with pytest.raises(Permanent, match="cannot be read"):
        payments(box).payment(page.reference)


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
