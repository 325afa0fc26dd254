"""One suite for the box's payment service and for localstripe."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from moneyed import Money

from signoff.adapters.stripe.payments import StripePayments
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.payments import RefundState
from tests.peers.box import RunningBox
from tests.peers.cutting import Address, cutting
from tests.peers.ports import free_port
from tests.peers.stripe_server import API_KEY, pay, pay_by_intent, running_localstripe

CREATE = b"POST /v1/refunds"
EUR5 = Money("5.00", "EUR")


@dataclass
class PaymentPeer:
    """`pay(amount, currency)`, in Stripe's units, makes a payment and tells its reference."""

    url: str
    pay: Callable[[int, str], str]
    pay_by_intent: Callable[[int, str], str]

    @property
    def address(self) -> Address:
        host, _, port = self.url.removeprefix("http://").partition(":")
        return host, int(port)

    def payments(self, address: Address | None = None, timeout: float = 3) -> StripePayments:
        url = f"http://{address[0]}:{address[1]}" if address else self.url
        return StripePayments(API_KEY, url, timeout)

    def refunds(self, payment: str) -> list[dict[str, object]]:
        """All of a payment, as the peer itself tells them."""
        name = "payment_intent" if payment.startswith("pi_") else "charge"
        answer = httpx.get(
            f"{self.url}/v1/refunds",
            params={name: payment, "limit": "100"},
            headers={"Authorization": f"Bearer {API_KEY}"},
        )
        return list(answer.raise_for_status().json()["data"])


@pytest.fixture(scope="module")
def localstripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_localstripe(tmp_path_factory.mktemp("localstripe")) as url:
        yield url


def _of_box(box: RunningBox) -> PaymentPeer:
    count = iter(range(1, 100))

    def payer(prefix: str) -> Callable[[int, str], str]:
        def paid(amount: int, currency: str) -> str:
            payment = f"{prefix}{next(count)}"
            box.put("payments", payment, {"amount": amount, "currency": currency})
            return payment

        return paid

    return PaymentPeer(box.addresses.http_url, payer("ch_"), payer("pi_"))


@pytest.fixture(params=["box", "localstripe"])
def peer(request: pytest.FixtureRequest, box: RunningBox, localstripe: str) -> PaymentPeer:
    if request.param == "box":
        return _of_box(box)
    url = localstripe
    return PaymentPeer(
        url,
        lambda amount, currency: pay(url, amount, currency),
        lambda amount, currency: pay_by_intent(url, amount, currency),
    )


@pytest.fixture(params=["a charge", "a payment intent"])
def payment(request: pytest.FixtureRequest, peer: PaymentPeer) -> str:
    maker = peer.pay if request.param == "a charge" else peer.pay_by_intent
    return maker(5000, "EUR")


def test_a_refund_is_made_and_found_by_its_step(peer: PaymentPeer, payment: str) -> None:
    payments = peer.payments()
    answer = payments.refund(payment=payment, amount=EUR5, key="k1", case="SO-1", step="refund")
    assert answer.state is RefundState.PAID
    assert payments.find_refund(payment=payment, case="SO-1", step="refund") == answer
    assert payments.find_refund(payment=payment, case="SO-1", step="other") is None
    assert payments.find_refund(payment=payment, case="SO-2", step="refund") is None
    (refund,) = peer.refunds(payment)
    assert (refund["amount"], refund["currency"]) == (500, "eur")


def test_another_attempt_is_another_refund(peer: PaymentPeer, payment: str) -> None:
    payments = peer.payments()
    of: dict[str, Any] = {"payment": payment, "case": "SO-1", "step": "refund"}
    first = payments.refund(**of, amount=EUR5, key="a1")
    assert payments.find_refund(**of, attempt=2) is None
    second = payments.refund(**of, amount=EUR5, key="a2", attempt=2)
    assert first.reference != second.reference
    assert payments.find_refund(**of) == payments.find_refund(**of, attempt=1) == first
    assert payments.find_refund(**of, attempt=2) == second
    assert payments.find_refund(**of, attempt=3) is None


def test_a_lost_answer_is_temporary_and_the_refund_is_found(
    peer: PaymentPeer, payment: str
) -> None:
    with cutting(peer.address) as line:
        line.lose_answer_to(CREATE)
        with pytest.raises(Temporary):
            peer.payments(line.address).refund(
                payment=payment, amount=EUR5, key="k2", case="SO-1", step="refund"
            )
        assert line.cuts == 1
    found = peer.payments().find_refund(payment=payment, case="SO-1", step="refund")
    assert found is not None
    assert [refund["id"] for refund in peer.refunds(payment)] == [found.reference]


def test_a_refund_is_found_behind_many_others(peer: PaymentPeer) -> None:
    """More than one page of Stripe's list."""
    payment = peer.pay(100_000, "EUR")
    payments = peer.payments()
    first = payments.refund(payment=payment, amount=EUR5, key="0", case="SO-1", step="first")
    for number in range(1, 105):
        payments.refund(
            payment=payment, amount=EUR5, key=f"n{number}", case="SO-1", step=f"step {number}"
        )
    assert payments.find_refund(payment=payment, case="SO-1", step="first") == first


def test_a_payment_that_nobody_knows_is_permanent(peer: PaymentPeer) -> None:
    payments = peer.payments()
    with pytest.raises(Permanent, match=r"no such payment|refused"):
        payments.refund(payment="ch_nobody", amount=EUR5, key="k", case="SO-1", step="refund")
    with pytest.raises(Permanent, match=r"no such payment|refused"):
        payments.find_refund(payment="ch_nobody", case="SO-1", step="refund")


@pytest.mark.parametrize("reference", ["", "cus_1", "ch_1/../../v1/balance", "ch_1?x=y", "pi_"])
def test_a_reference_that_is_none_never_becomes_a_url(peer: PaymentPeer, reference: str) -> None:
    with pytest.raises(Permanent, match="reference"):
        peer.payments().refund(payment=reference, amount=EUR5, key="k", case="SO-1", step="refund")
    with pytest.raises(Permanent, match="reference"):
        peer.payments().find_refund(payment=reference, case="SO-1", step="refund")


def test_a_refund_in_another_currency_is_refused_before_anything_is_sent(
    peer: PaymentPeer, payment: str
) -> None:
    with pytest.raises(Permanent, match="EUR, not in CNY"):
        peer.payments().refund(
            payment=payment, amount=Money("5.00", "CNY"), key="k3", case="SO-1", step="refund"
        )
    assert peer.refunds(payment) == []


def test_yen_have_no_small_unit(peer: PaymentPeer) -> None:
    payment = peer.pay(1000, "JPY")
    peer.payments().refund(
        payment=payment, amount=Money(700, "JPY"), key="k4", case="SO-1", step="refund"
    )
    assert [refund["amount"] for refund in peer.refunds(payment)] == [700]


def test_a_wrong_api_key_is_permanent_and_not_repeated(peer: PaymentPeer) -> None:
    with pytest.raises(Permanent) as refused:
        StripePayments("wrong_secret", peer.url, 3).ping()
    assert "wrong_secret" not in f"{refused.value} {refused.value.raw}"


def test_the_service_answers_a_ping(peer: PaymentPeer) -> None:
    assert "127.0.0.1" in peer.payments().ping()


def test_nobody_there_is_temporary() -> None:
    with pytest.raises(Temporary):
        StripePayments(API_KEY, f"http://127.0.0.1:{free_port()}", 1).ping()


# From here on only the box. localstripe ignores Idempotency-Key and refunds more than was paid,
# so what Stripe documents about both can be expected of the box alone.


def test_the_same_key_is_one_refund(box: RunningBox) -> None:
    peer = _of_box(box)
    payment = peer.pay(5000, "EUR")
    answers = {
        peer.payments().refund(payment=payment, amount=EUR5, key="k", case="SO-1", step="refund")
        for _ in range(3)
    }
    assert len(answers) == 1
    assert [(effect["subject"], effect["key"]) for effect in box.effects("payments")] == [
        (payment, "k")
    ]


def test_a_refund_that_failed_says_why_and_leaves_its_money_for_the_next_attempt(
    box: RunningBox,
) -> None:
    peer = _of_box(box)
    payment = peer.pay(500, "EUR")
    payments = peer.payments()
    of: dict[str, Any] = {"payment": payment, "case": "SO-1", "step": "refund"}
    box.fault("payments", "pending", "create_refund", times=1)
    sent = payments.refund(**of, amount=EUR5, key="a1")
    assert (sent.state, sent.failure) == (RefundState.SENT, "")
    with pytest.raises(Permanent, match="in full already"):
        payments.refund(**of, amount=EUR5, key="a2", attempt=2)
    box.ends_refund(sent.reference, "fail", reason="lost_or_stolen_card")
    failed = payments.find_refund(**of)
    assert failed is not None
    assert (failed.state, failed.failure) == (RefundState.FAILED, "lost_or_stolen_card")
    assert payments.refund(**of, amount=EUR5, key="a2", attempt=2).state is RefundState.PAID
    assert payments.find_refund(**of) == failed


def test_a_refund_that_was_paid_can_come_back_later(box: RunningBox) -> None:
    peer = _of_box(box)
    payments = peer.payments()
    of: dict[str, Any] = {"payment": peer.pay(500, "EUR"), "case": "SO-1", "step": "refund"}
    paid = payments.refund(**of, amount=EUR5, key="a1")
    box.ends_refund(paid.reference, "fail", reason="expired_or_canceled_card")
    found = payments.find_refund(**of)
    assert found is not None
    assert found.state is RefundState.FAILED


def test_the_same_key_for_another_refund_is_permanent(box: RunningBox) -> None:
    peer = _of_box(box)
    payment = peer.pay(5000, "EUR")
    payments = peer.payments()
    payments.refund(payment=payment, amount=EUR5, key="k", case="SO-1", step="refund")
    with pytest.raises(Permanent, match="same key"):
        payments.refund(
            payment=payment, amount=Money(6, "EUR"), key="k", case="SO-1", step="refund"
        )
    assert len(peer.refunds(payment)) == 1


def test_no_more_comes_back_than_was_paid(box: RunningBox) -> None:
    peer = _of_box(box)
    payment = peer.pay(5000, "EUR")
    payments = peer.payments()
    payments.refund(payment=payment, amount=Money(45, "EUR"), key="a", case="SO-1", step="one")
    with pytest.raises(Permanent, match="more is asked than is left"):
        payments.refund(payment=payment, amount=Money(6, "EUR"), key="b", case="SO-1", step="two")
    payments.refund(payment=payment, amount=EUR5, key="c", case="SO-1", step="two")
    with pytest.raises(Permanent, match="in full already"):
        payments.refund(payment=payment, amount=EUR5, key="d", case="SO-1", step="three")
    assert sum(int(str(refund["amount"])) for refund in peer.refunds(payment)) == 5000


@pytest.mark.parametrize(
    ("kind", "error"),
    [("busy", Temporary), ("refuse", Permanent), ("drop_before", Temporary), ("down", Temporary)],
)
@pytest.mark.parametrize("operation", ["create_refund", "get_payment"])
def test_a_refusal_is_sorted_and_nothing_is_refunded(
    box: RunningBox, operation: str, kind: str, error: type[Exception]
) -> None:
    peer = _of_box(box)
    payment = peer.pay(5000, "EUR")
    box.fault("payments", kind, operation, times=1)
    with pytest.raises(error):
        peer.payments().refund(payment=payment, amount=EUR5, key="k", case="SO-1", step="refund")
    assert box.effects("payments") == []


@pytest.mark.parametrize("kind", ["drop_after", "garbage", "twice", "slow"])
def test_whatever_happens_to_an_answer_one_refund_is_made(box: RunningBox, kind: str) -> None:
    peer = _of_box(box)
    payment = peer.pay(5000, "EUR")
    box.fault("payments", kind, "create_refund", times=1, seconds=0.8 if kind == "slow" else 0)
    with contextlib.suppress(Temporary, Permanent):
        peer.payments(timeout=0.4).refund(
            payment=payment, amount=EUR5, key="k", case="SO-1", step="refund"
        )
    again = peer.payments().refund(
        payment=payment, amount=EUR5, key="k", case="SO-1", step="refund"
    )
    assert peer.payments().find_refund(payment=payment, case="SO-1", step="refund") == again
    assert len(box.effects("payments")) == 1


def test_an_answer_that_is_not_stripes_is_permanent_and_kept(box: RunningBox) -> None:
    peer = _of_box(box)
    payment = peer.pay(5000, "EUR")
    box.fault("payments", "garbage", "create_refund", times=1)
    with pytest.raises(Permanent, match="cannot be read") as garbage:
        peer.payments().refund(payment=payment, amount=EUR5, key="k", case="SO-1", step="refund")
    assert "It works!" in garbage.value.raw


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"amount": "5"}, "payment_intent or charge"),
        ({"charge": "ch_1", "payment_intent": "pi_1"}, "payment_intent or charge"),
        ({"charge": "ch_1", "amount": "0"}, "positive"),
        ({"charge": "ch_1", "amount": "-1"}, "Invalid integer"),
        ({"charge": "ch_1", "amount": "1.5"}, "Invalid integer"),
        ({"charge": "ch_1", "amount": "٣"}, "Invalid integer"),
        ({"charge": "ch_1", "amont": "1"}, "unknown parameter"),
        ({"charge": "ch_9"}, "No such payment"),
    ],
)
def test_the_box_says_what_is_wrong_with_a_request(
    box: RunningBox, form: dict[str, str], words: str
) -> None:
    box.put("payments", "ch_1", {"amount": 100, "currency": "EUR"})
    answer = httpx.post(
        f"{box.addresses.http_url}/v1/refunds",
        data=form,
        headers={"Authorization": f"Bearer {API_KEY}"},
    )
    assert answer.status_code in {400, 404}
    assert words in answer.json()["error"]["message"]
    assert box.effects("payments") == []
