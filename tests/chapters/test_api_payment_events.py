"""The address at which the payment service tells us something: what is answered, what is done."""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import stripe
import structlog
from django.test import Client
from structlog.testing import capture_logs

from signoff.adapters.stripe.events import StripeEvents
from signoff.api import payment_events as endpoint
from signoff.carrier_box.addresses import WEBHOOK_SECRET
from signoff.kernel.errors import Conflict, Refusal
from signoff.ports import payment_events
from signoff.ports.payment_events import PATH, PaymentEvent, PaymentEventKind
from tests.peers.box import running_box

SECRET = WEBHOOK_SECRET
REFUND = {
    "id": "re_1",
    "amount": 500,
    "currency": "eur",
    "status": "succeeded",
    "metadata": {"signoff_case": "alice@example.org", "signoff_step": "refund:1"},
}


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payment_events, "_makers", [lambda: StripeEvents(SECRET)])
    monkeypatch.setattr(payment_events, "_made", [])
    # One that was used before the logging was set up anew, by a command in this process, is deaf.
    monkeypatch.setattr(endpoint, "_log", structlog.get_logger())


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[PaymentEvent]]:
    """What was given to the chapter."""
    events: list[PaymentEvent] = []

    def note(*, event: PaymentEvent, now: datetime) -> bool:
        assert now.tzinfo
        events.append(event)
        return True

    monkeypatch.setattr(endpoint, "take_event", note)
    yield events


def wire(kind: str = "refund.updated", content: dict[str, Any] | None = None) -> str:
    return json.dumps(
        {
            "id": "evt_1",
            "object": "event",
            "created": 1_795_000_000,
            "type": kind,
            "data": {"object": REFUND if content is None else content},
        }
    )


def sent(body: str, *, secret: str = SECRET, age: int = 0, **more: Any) -> Any:
    at = int(time.time()) - age  # noqa: TID251 - the official client compares with this clock
    signature = stripe.WebhookSignature.generate_signature_header(body, secret, at)
    return posted(body, {"Stripe-Signature": signature} | more)


def posted(body: str | bytes, headers: dict[str, str]) -> Any:
    """As from outside: with the check of CSRF tokens that a test client leaves out."""
    client = Client(enforce_csrf_checks=True)
    return client.post(PATH, body, content_type="application/json", headers=headers)


def test_an_event_is_given_to_the_chapter_and_answered_empty(noted: list[PaymentEvent]) -> None:
    answer = sent(wire())
    assert (answer.status_code, answer.content) == (200, b"")
    (event,) = noted
    assert (event.id, event.kind) == ("evt_1", PaymentEventKind.REFUND_CHANGED)
    assert "Set-Cookie" not in answer.headers


def test_an_event_that_is_none_of_ours_to_act_on_is_only_answered(
    noted: list[PaymentEvent],
) -> None:
    assert sent(wire("customer.created", {"email": "alice@example.org"})).status_code == 200
    assert noted == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"Stripe-Signature": ""}, {"Stripe-Signature": "t=1,v1=00"}, {"Stripe-Signature": "ü"}],
)
def test_what_is_not_proven_is_refused_and_not_written_down(
    noted: list[PaymentEvent], headers: dict[str, str]
) -> None:
    with capture_logs() as log:
        for body in (wire(), b"", b"\xff\xfe", b"{"):
            answer = posted(body, headers)
            assert answer.status_code == 403
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["type"].endswith("forged_event")
    assert noted == []
    assert "alice" not in repr(log)


def test_a_wrong_secret_and_a_recording_are_forged(noted: list[PaymentEvent]) -> None:
    assert sent(wire(), secret="whsec_other").status_code == 403
    assert sent(wire(), age=400).status_code == 403
    assert noted == []


@pytest.mark.parametrize("body", ["{", "[]", "7", wire(content={"id": "re_1"})])
def test_what_is_proven_and_not_understood_is_named(noted: list[PaymentEvent], body: str) -> None:
    answer = sent(body)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert noted == []


def test_a_body_that_is_too_big_is_not_read(noted: list[PaymentEvent]) -> None:
    assert sent(wire() + " " * 300_000).status_code == 413
    assert noted == []


@pytest.mark.parametrize("error", [Conflict("first"), Refusal("odd", "This cannot be.")])
def test_what_the_chapter_cannot_take_now_is_to_be_sent_again(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def note(*, event: PaymentEvent, now: datetime) -> bool:
        raise error

    monkeypatch.setattr(endpoint, "take_event", note)
    assert sent(wire()).status_code == 409


def test_the_log_names_the_event_and_nobody(noted: list[PaymentEvent]) -> None:
    with capture_logs() as log:
        sent(wire())
    assert [line["payment_event"] for line in log] == ["evt_1"]
    assert "alice" not in repr(log)


def test_it_is_called_by_post_only() -> None:
    assert Client().get(PATH).status_code == 405


@pytest.mark.django_db
def test_an_event_about_nothing_of_ours_is_answered_alike_however_often_it_comes() -> None:
    with capture_logs() as log:
        answers = [sent(wire()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [line["changed"] for line in log if "changed" in line] == [False, False]


@pytest.mark.django_db(transaction=True)
def test_the_box_reaches_us_over_http(live_server: Any) -> None:
    with running_box(operator_url=live_server.url) as box:
        box.put("refunds", "re_1", REFUND | {"status": "pending"})
        box.ends_refund("re_1", "succeed")
        ((event, _),) = box.rows("payment_events").items()
        assert box.sends_again(event)["answered"] == 200
