"""Events as they come over the wire, from the box and from localstripe, read by our reader."""

import json
from collections.abc import Iterator

import httpx
import pytest
from moneyed import Money

from signoff.adapters.stripe.events import StripeEvents
from signoff.adapters.stripe.payments import StripePayments
from signoff.carrier_box.addresses import WEBHOOK_SECRET
from signoff.ports.payment_events import PATH, Forged, PaymentEvent, PaymentEventKind
from signoff.ports.payments import PaymentPage, PaymentState, RefundState
from tests.peers.box import RunningBox, running_box
from tests.peers.events import EventListener, event_listener
from tests.peers.stripe_server import API_KEY, decline_by_intent, running_localstripe

EUR12 = Money("12.50", "EUR")
READER = StripeEvents(WEBHOOK_SECRET)


@pytest.fixture(scope="module")
def wired() -> Iterator[tuple[RunningBox, EventListener]]:
    with event_listener() as listener, running_box(operator_url=listener.url) as box:
        yield box, listener


@pytest.fixture
def box(wired: tuple[RunningBox, EventListener]) -> RunningBox:
    wired[0].reset()
    return wired[0]


@pytest.fixture
def listener(box: RunningBox, wired: tuple[RunningBox, EventListener]) -> EventListener:
    """Has heard nothing yet."""
    wired[1].came.clear()
    wired[1].answers.clear()
    return wired[1]


def payments(box: RunningBox) -> StripePayments:
    return StripePayments(API_KEY, box.addresses.http_url, 3)


def start(box: RunningBox, subject: str = "subject") -> PaymentPage:
    return payments(box).start_payment(
        amount=EUR12, key=subject, subject=subject, return_url="http://x.example/", language="en"
    )


def heard(listener: EventListener, count: int) -> dict[PaymentEventKind, PaymentEvent]:
    """The first `count` events by their kind."""
    events = [READER.read(*delivery) for delivery in listener.wait_for(count)]
    return {event.kind: event for event in events}


def test_a_payment_is_told_before_the_customer_is_back(
    box: RunningBox, listener: EventListener
) -> None:
    page = start(box)
    httpx.post(page.url, data={"does": "pay"})
    assert len(listener.came) == 2
    event = heard(listener, 2)[PaymentEventKind.PAYMENT_PAID]
    asked = payments(box).payment(page.reference)
    assert (event.reference, event.state) == (page.reference, PaymentState.PAID)
    assert (event.paid_by, event.amount) == (asked.paid_by, EUR12)
    assert event.subject == "subject"
    assert listener.paths == {PATH}


def test_a_declined_try_and_a_page_that_is_closed_are_told(
    box: RunningBox, listener: EventListener
) -> None:
    page = start(box)
    httpx.post(page.url, data={"does": "decline"})
    payments(box).cancel_payment(page.reference)
    events = heard(listener, 2)
    declined = events[PaymentEventKind.PAYMENT_FAILED]
    assert (declined.state, declined.subject) == (PaymentState.OPEN, "subject")
    assert (declined.failure, declined.method) == ("generic_decline", "Visa ···· 4242")
    closed = events[PaymentEventKind.PAYMENT_EXPIRED]
    assert (closed.reference, closed.state) == (page.reference, PaymentState.EXPIRED)


@pytest.mark.parametrize(
    ("ends", "kind", "state"),
    [
        ("arrive", PaymentEventKind.PAYMENT_PAID, PaymentState.PAID),
        ("bounce", PaymentEventKind.PAYMENT_FAILED, PaymentState.FAILED),
    ],
)
def test_a_slow_bank_is_told_when_it_has_answered(
    box: RunningBox,
    listener: EventListener,
    ends: str,
    kind: PaymentEventKind,
    state: PaymentState,
) -> None:
    page = start(box)
    box.pays(page.reference, "pay_slowly")
    assert set(heard(listener, 1)) == {PaymentEventKind.OTHER}
    box.pays(page.reference, ends)
    events = [READER.read(*delivery) for delivery in listener.wait_for(3)]
    (event,) = (event for event in events if event.kind is kind and event.reference)
    assert (event.reference, event.state) == (page.reference, state)


@pytest.mark.parametrize(
    ("does", "reason", "state", "told"),
    [
        ("succeed", "", RefundState.PAID, ["refund.updated"]),
        (
            "fail", "expired_or_canceled_card", RefundState.FAILED,
            ["charge.refund.updated", "refund.failed"],
        ),
    ],
)  # fmt: skip
def test_a_refund_that_takes_its_time_is_told_twice(
    box: RunningBox,
    listener: EventListener,
    does: str,
    reason: str,
    state: RefundState,
    told: list[str],
) -> None:
    box.put("payments", "ch_1", {"amount": 5000, "currency": "EUR"})
    box.fault("payments", "pending", "create_refund", times=1)
    made = payments(box).refund(payment="ch_1", amount=EUR12, key="k", case="C", step="refund:1")
    assert made.state is RefundState.SENT
    created = heard(listener, 1)[PaymentEventKind.REFUND_CHANGED]
    assert (created.reference, created.state) == (made.reference, RefundState.SENT)
    assert (created.case, created.step, created.attempt) == ("C", "refund:1", 1)
    box.ends_refund(made.reference, does, **({"reason": reason} if reason else {}))
    deliveries = listener.wait_for(1 + len(told))[1:]
    assert sorted(json.loads(body)["type"] for body, _ in deliveries) == told
    for delivery in deliveries:
        event = READER.read(*delivery)
        assert (event.reference, event.state, event.failure) == (made.reference, state, reason)
    found = payments(box).find_refund(payment="ch_1", case="C", step="refund:1")
    assert found is not None
    assert (found.state, found.failure) == (state, reason)


def test_an_event_comes_again_until_it_is_taken(box: RunningBox, listener: EventListener) -> None:
    listener.answers = [500, 409]
    box.pays(start(box).reference, "expire")
    deliveries = listener.wait_for(3)
    assert len({READER.read(*delivery).id for delivery in deliveries}) == 1
    assert len({body for body, _ in deliveries}) == 1


def test_an_event_can_come_twice_be_forged_or_be_lost_on_its_way(
    box: RunningBox, listener: EventListener
) -> None:
    box.fault("payments", "twice", "webhook", times=1)
    box.pays(start(box, "a").reference, "expire")
    twice = listener.wait_for(2)
    assert READER.read(*twice[0]) == READER.read(*twice[1])
    box.fault("payments", "garbage", "webhook", times=1)
    box.pays(start(box, "b").reference, "expire")
    with pytest.raises(Forged):
        READER.read(*listener.wait_for(3)[2])
    box.fault("payments", "drop_before", "webhook", times=1)
    box.pays(start(box, "c").reference, "expire")
    assert READER.read(*listener.wait_for(4)[3]).subject == "c"


def test_a_later_event_can_overtake_an_earlier_one(
    box: RunningBox, listener: EventListener
) -> None:
    box.put("payments", "ch_1", {"amount": 5000, "currency": "EUR"})
    box.fault("payments", "pending", "create_refund", times=1)
    box.fault("payments", "slow", "webhook", times=1, seconds=0.5)
    made = payments(box).refund(payment="ch_1", amount=EUR12, key="k", case="C", step="s")
    box.ends_refund(made.reference, "succeed")
    states = [READER.read(*delivery).state for delivery in listener.wait_for(2)]
    assert states == [RefundState.PAID, RefundState.SENT]


def test_an_old_event_can_be_sent_again_newly_signed(
    box: RunningBox, listener: EventListener
) -> None:
    box.pays(start(box).reference, "expire")
    first = READER.read(*listener.wait_for(1)[0])
    assert box.sends_again(first.id)["answered"] == 200
    assert READER.read(*listener.wait_for(2)[1]) == first
    url = f"{box.addresses.http_url}/control/payment_events"
    assert httpx.post(f"{url}/evt_none", json={"does": "send_again"}).status_code == 404
    assert httpx.post(f"{url}/{first.id}", json={"does": "forget"}).status_code == 400


def test_a_refund_does_only_what_refunds_can(box: RunningBox) -> None:
    box.put("payments", "ch_1", {"amount": 5000, "currency": "EUR"})
    made = payments(box).refund(payment="ch_1", amount=EUR12, key="k", case="C", step="s")
    url = f"{box.addresses.http_url}/control/refunds"
    assert httpx.post(f"{url}/re_none", json={"does": "succeed"}).status_code == 404
    assert httpx.post(f"{url}/{made.reference}", json={"does": "succeed"}).status_code == 409
    assert httpx.post(f"{url}/{made.reference}", json={"does": "vanish"}).status_code == 400
    whim = httpx.post(f"{url}/{made.reference}", json={"does": "fail", "reason": "whim"})
    assert "none of" in whim.json()["error"]


def test_localstripe_signs_as_we_read(
    listener: EventListener, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Another maker's signature. It has no Checkout and tells nothing of refunds."""
    with running_localstripe(tmp_path_factory.mktemp("localstripe")) as url:
        hook = {"url": listener.url, "secret": "whsec_other"}
        httpx.post(f"{url}/_config/webhooks/1", json=hook).raise_for_status()
        decline_by_intent(url, 1250, "EUR", subject="subject-9")
        delivery = _of_kind(listener, "payment_intent.payment_failed")
    event = StripeEvents("whsec_other").read(*delivery)
    assert (event.kind, event.state) == (PaymentEventKind.PAYMENT_FAILED, PaymentState.OPEN)
    assert (event.subject, event.amount) == ("subject-9", EUR12)
    assert event.failure == "card_declined"
    with pytest.raises(Forged):
        READER.read(*delivery)


def _of_kind(listener: EventListener, kind: str) -> tuple[bytes, str]:
    """It tells of customers and cards too."""
    for count in range(1, 20):
        delivery = listener.wait_for(count)[-1]
        if json.loads(delivery[0])["type"] == kind:
            return delivery
    raise AssertionError(f"no {kind}")
