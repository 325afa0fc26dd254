"""`localstripe`, started as a program. It shows the shape of Stripe's wire, and little more: it
ignores Idempotency-Key and refunds more than was paid (seen with 1.15)."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.peers.ports import free_port

_STARTS_WITHIN = 20.0
API_KEY = "sk_test_12345"


@contextlib.contextmanager
def running_localstripe(folder: Path) -> Iterator[str]:
    """Its base URL. `folder`: an empty one, because it keeps its state where it is started."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(url: str) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while True:
        try:
            httpx.get(f"{url}/v1/refunds", auth=(API_KEY, ""), timeout=2).raise_for_status()
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def pay(url: str, amount: int, currency: str) -> str:
    """A paid charge. `amount` in Stripe's units. Its id."""
    with _client(url) as client:
        customer, card = _customer_with_card(client)
        form = {"customer": customer, "source": card} | _sum(amount, currency)
        return _created(client, "/v1/charges", form)


def pay_by_intent(url: str, amount: int, currency: str) -> str:
    """A paid payment intent. Its id."""
    with _client(url) as client:
        customer, card = _customer_with_card(client)
        form = {"customer": customer, "payment_method": card, "confirm": "true"}
        return _created(client, "/v1/payment_intents", form | _sum(amount, currency))


def decline_by_intent(url: str, amount: int, currency: str, *, subject: str) -> None:
    """A payment intent whose card is declined."""
    with _client(url) as client:
        customer, card = _customer_with_card(client, "4000000000000341")
        form = {"customer": customer, "payment_method": card, "confirm": "true"}
        form |= {"metadata[signoff_subject]": subject} | _sum(amount, currency)
        answer = client.post("/v1/payment_intents", data=form)
        assert answer.status_code == 402, answer.text


def _client(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, auth=(API_KEY, ""), timeout=5)


def _sum(amount: int, currency: str) -> dict[str, str]:
    return {"amount": str(amount), "currency": currency.lower()}


def _customer_with_card(client: httpx.Client, number: str = "4242424242424242") -> tuple[str, str]:
    card = {"number": number, "exp_month": "12", "exp_year": "2040", "cvc": "123"}
    form = {f"card[{name}]": value for name, value in card.items()} | {"type": "card"}
    method = _created(client, "/v1/payment_methods", form)
    customer = _created(client, "/v1/customers", {"name": "C"})
    _created(client, f"/v1/payment_methods/{method}/attach", {"customer": customer})
    return customer, method


def _created(client: httpx.Client, path: str, form: dict[str, str]) -> str:
    return str(client.post(path, data=form).raise_for_status().json()["id"])
