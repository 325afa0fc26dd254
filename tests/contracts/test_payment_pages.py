"""Payment pages at the box, over the official client. localstripe has no Checkout, so what the
box answers is compared with the resources that the client knows."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from moneyed import Money

from signoff.kernel.clock import now
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.payments import PaymentPage, PaymentState, RefundState
from tests.paying import BACK, EUR12, SUBJECT, payments, press, start
from tests.peers.box import RunningBox
from tests.peers.cutting import cutting


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
