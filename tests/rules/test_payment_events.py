"""Events of the payment service: believed only with its signature, read whole or not at all."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from signoff.adapters.stripe.amounts import money, units
from signoff.adapters.stripe.events import EVENTS, TOLERANCE, StripeEvents
from signoff.adapters.stripe.pages import locale
from signoff.kernel.errors import InvalidValue
from signoff.ports import payment_events
from signoff.ports.payment_events import Forged, NoEventReader, PaymentEvent, PaymentEventKind
from signoff.ports.payments import PaymentState, RefundState

SECRET = "whsec_test"
CREATED = 1_795_000_000
READER = StripeEvents(SECRET)

SESSION = {
    "id": "cs_test_1",
    "object": "checkout.session",
    "amount_total": 1250,
    "client_reference_id": "subject-1",
    "currency": "eur",
    "payment_intent": "pi_1",
    "payment_status": "paid",
    "status": "complete",
    "something_new": {"of": "next year"},
}
REFUND = {
    "id": "re_1",
    "object": "refund",
    "amount": 500,
    "currency": "jpy",
    "metadata": {"signoff_case": "C", "signoff_step": "refund:7", "signoff_attempt": "2"},
    "payment_intent": "pi_1",
    "status": "pending",
}
INTENT = {
    "id": "pi_1",
    "object": "payment_intent",
    "amount": 1250,
    "currency": "eur",
    "status": "requires_payment_method",
    "metadata": {"signoff_subject": "subject-1"},
    "last_payment_error": {
        "code": "card_declined",
        "decline_code": "insufficient_funds",
        "payment_method": {"type": "card", "card": {"brand": "visa", "last4": "0002"}},
    },
}


def wire(kind: str, content: dict[str, Any], **more: Any) -> bytes:
    event = {
        "id": "evt_1",
        "object": "event",
        "created": CREATED,
        "type": kind,
        "data": {"object": content},
        **more,
    }
    return json.dumps(event).encode()


def signed(payload: bytes, *, secret: str = SECRET, age: int = 0) -> str:
    """By the official client, and not by the code that is tested."""
    at = int(time.time()) - age  # noqa: TID251 - the client reads this very clock
    header: str = stripe.WebhookSignature.generate_signature_header(payload.decode(), secret, at)
    return header


def read(kind: str, content: dict[str, Any], **more: Any) -> PaymentEvent:
    payload = wire(kind, content, **more)
    return READER.read(payload, signed(payload))


@pytest.mark.parametrize(
    ("kind", "status", "payment_status", "expected", "state"),
    [
        ("completed", "complete", "paid", "PAYMENT_PAID", "PAID"),
        ("async_payment_succeeded", "complete", "paid", "PAYMENT_PAID", "PAID"),
        ("async_payment_failed", "complete", "unpaid", "PAYMENT_FAILED", "FAILED"),
        ("expired", "expired", "unpaid", "PAYMENT_EXPIRED", "EXPIRED"),
    ],
)
def test_what_happened_to_a_page_is_read(
    kind: str, status: str, payment_status: str, expected: str, state: str
) -> None:
    content = SESSION | {"status": status, "payment_status": payment_status}
    assert read(f"checkout.session.{kind}", content) == PaymentEvent(
        "evt_1",
        PaymentEventKind[expected],
        datetime.fromtimestamp(CREATED, UTC),
        reference="cs_test_1",
        state=PaymentState[state],
        paid_by="pi_1" if state == "PAID" else "",
        amount=Money("12.50", "EUR"),
        subject="subject-1",
    )


def test_a_customer_who_is_done_has_not_paid_yet_at_a_slow_bank() -> None:
    content = SESSION | {"payment_status": "unpaid"}
    assert read("checkout.session.completed", content).kind is PaymentEventKind.OTHER


def test_a_declined_try_leaves_the_page_open() -> None:
    event = read("payment_intent.payment_failed", INTENT)
    assert (event.kind, event.state) == (PaymentEventKind.PAYMENT_FAILED, PaymentState.OPEN)
    assert (event.subject, event.reference) == ("subject-1", "")
    assert (event.failure, event.method) == ("insufficient_funds", "Visa ···· 0002")


@pytest.mark.parametrize(
    "kind", ["refund.created", "refund.updated", "refund.failed", "charge.refund.updated"]
)
@pytest.mark.parametrize(
    ("status", "reason", "state", "failure"),
    [
        ("pending", None, RefundState.SENT, ""),
        ("requires_action", None, RefundState.SENT, ""),
        ("succeeded", None, RefundState.PAID, ""),
        ("failed", "expired_or_canceled_card", RefundState.FAILED, "expired_or_canceled_card"),
        ("failed", None, RefundState.FAILED, "unknown"),
        ("canceled", None, RefundState.FAILED, "canceled"),
    ],
)
def test_how_far_a_refund_is_stands_in_it_and_not_in_the_events_name(
    kind: str, status: str, reason: str | None, state: RefundState, failure: str
) -> None:
    event = read(kind, REFUND | {"status": status, "failure_reason": reason})
    assert (event.kind, event.state) == (PaymentEventKind.REFUND_CHANGED, state)
    assert (event.reference, event.paid_by) == ("re_1", "pi_1")
    assert (event.case, event.step, event.attempt) == ("C", "refund:7", 2)
    assert (event.amount, event.failure) == (Money(500, "JPY"), failure)


def test_a_refund_without_a_number_is_the_first_attempt_and_a_strangers_has_no_case() -> None:
    ours = {"signoff_case": "C", "signoff_step": "s"}
    assert read("refund.created", REFUND | {"metadata": ours}).attempt == 1
    assert read("refund.created", REFUND | {"metadata": None}).case == ""


@pytest.mark.parametrize("kind", ["payment_intent.succeeded", "charge.refunded", "v9.new.thing"])
def test_other_events_are_proven_and_passed_over(kind: str) -> None:
    event = read(kind, {"whatever": 1})
    assert (event.id, event.kind, event.state) == ("evt_1", PaymentEventKind.OTHER, None)


def test_any_of_several_signatures_will_do() -> None:
    payload = wire("refund.created", REFUND)
    at, _, right = signed(payload).partition(",")
    wrong = signed(payload, secret="whsec_old").partition(",")[2]
    assert READER.read(payload, f"{at},{wrong},{right},v0=abc").id == "evt_1"
    with pytest.raises(Forged):
        READER.read(payload, f"{at},{wrong}")
    with pytest.raises(Forged):
        READER.read(payload, f"{at},{right.replace('v1', 'v0')}")


def test_a_recording_is_worthless_after_five_minutes() -> None:
    payload = wire("refund.created", REFUND)
    assert READER.read(payload, signed(payload, age=TOLERANCE - 30)).id == "evt_1"
    with pytest.raises(Forged, match="too old"):
        READER.read(payload, signed(payload, age=TOLERANCE + 5))


def test_one_changed_byte_is_a_forgery() -> None:
    payload = wire("refund.created", REFUND)
    with pytest.raises(Forged, match="wrong"):
        READER.read(payload.replace(b'"amount": 500', b'"amount": 501'), signed(payload))


def test_without_a_secret_nothing_is_believed() -> None:
    payload = wire("refund.created", REFUND)
    for signature in ("", signed(payload), signed(payload, secret="x")):
        with pytest.raises(Forged):
            StripeEvents("").read(payload, signature)


def test_what_a_forgery_says_is_not_repeated() -> None:
    with pytest.raises(Forged) as forged:
        READER.read(b'{"email": "alice@example.org"}', "t=1,v1=alice@example.org")
    assert "alice" not in f"{forged.value} {forged.value.__cause__}"


@given(st.binary(max_size=80), st.text(max_size=80) | st.just("t=1,v1=ä") | st.just("t=1=2,v1"))
def test_rubbish_is_a_forgery_and_nothing_worse(payload: bytes, signature: str) -> None:
    with pytest.raises(Forged):
        READER.read(payload, signature)


@given(st.text(max_size=80))
def test_signed_rubbish_is_named_as_such(text: str) -> None:
    payload = text.encode("utf-8", "replace")
    with pytest.raises(InvalidValue):
        READER.read(payload, signed(payload))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*SESSION, *REFUND, *INTENT, "card", "type"]), inner, max_size=6
        )
    ),
    max_leaves=12,
)


@given(
    st.sampled_from(sorted(EVENTS)),
    st.sampled_from([SESSION, REFUND, INTENT]),
    st.dictionaries(st.sampled_from([*SESSION, *REFUND, *INTENT]), _JSON, max_size=4),
)
def test_content_that_does_not_fit_is_never_guessed_at(
    kind: str, content: dict[str, Any], change: dict[str, Any]
) -> None:
    try:
        event = read(kind, {**content, **change})
    except InvalidValue as unfit:
        assert unfit.field
    else:
        assert event.kind is PaymentEventKind.OTHER or event.state is not None


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        (b"{", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[]", "body"),
        (wire("refund.created", REFUND, created=-1), "created"),
        (wire("refund.created", REFUND, created=10**30), "created"),
        (wire("refund.created", REFUND, data={}), "data.object"),
        (wire("refund.created", REFUND | {"amount": "much"}), "amount"),
        (wire("refund.created", REFUND | {"currency": "xyz"}), "currency"),
        (wire("refund.created", REFUND | {"status": "evaporated"}), "status"),
        (wire("checkout.session.expired", {"id": "cs_1"}), "status, payment_status"),
    ],
)
def test_where_a_signed_event_does_not_fit_is_told(payload: bytes, where: str) -> None:
    with pytest.raises(InvalidValue) as unfit:
        READER.read(payload, signed(payload))
    assert unfit.value.field == where


def test_the_events_to_choose_at_stripe_are_those_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "connect.md").read_text("utf-8")
    assert [kind for kind in sorted(EVENTS) if f"`{kind}`" not in page] == []


def test_a_reader_is_made_when_it_is_first_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payment_events, "_makers", [])
    monkeypatch.setattr(payment_events, "_made", [])
    with pytest.raises(NoEventReader):
        payment_events.reader()
    made: list[StripeEvents] = []

    def make() -> StripeEvents:
        made.append(StripeEvents(SECRET))
        return made[-1]

    payment_events.install(make)
    assert made == []
    assert payment_events.reader() is payment_events.reader()
    assert len(made) == 1


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-hans", "zh"), ("zh-Hant", "zh-TW"), ("zh_HK", "zh-HK"), ("en", "en"), ("de-AT", "de"),
        ("en-GB", "en-GB"), ("ar", "auto"), ("", "auto"), ("x<script>", "auto"),
    ],
)  # fmt: skip
def test_a_language_that_stripe_does_not_speak_is_the_browsers(
    language: str, expected: str
) -> None:
    assert locale(language) == expected


@given(
    st.integers(1, 10**7), st.sampled_from(["EUR", "JPY", "BHD", "ISK", "UGX", "MGA", "KWD", "CNY"])
)
def test_an_amount_comes_back_as_it_went(number: int, code: str) -> None:
    step = {"BHD": 10, "KWD": 10, "ISK": 100, "UGX": 100}.get(code, 1)
    assert units(money(number * step, code.lower())) == number * step
