"""Events that are sent to the operator: signed, and again until somebody has taken them.

docs.stripe.com/webhooks. Faults of the operation `webhook` concern the next try to send one: down,
busy, refuse and drop_before lose it, drop_after sends it and hears no answer, twice sends it twice,
garbage signs it with another secret, slow holds it back so that others overtake it.
"""

import asyncio
import hashlib
import hmac
import json

import httpx

from signoff.carrier_box.addresses import WEBHOOK_SECRET
from signoff.carrier_box.faults import FaultKind, Faults
from signoff.carrier_box.store import BoxStore, Kind, Row
from signoff.kernel.clock import now

PATH = "/api/v1/payments/events"
_PAUSES = (0.0, 0.3, 1.0, 3.0, 10.0)
"""Seconds before each try."""
_LOST = {FaultKind.DOWN, FaultKind.BUSY, FaultKind.REFUSE, FaultKind.DROP_BEFORE}


class Events:
    """An event's row: event (as it is sent), tries, answered (HTTP status, 0 for none)."""

    def __init__(self, store: BoxStore, faults: Faults, operator_url: str | None) -> None:
        """`operator_url` without the path, None if nobody is to be told."""
        self._store = store
        self._faults = faults
        self._operator_url = operator_url
        self._noted: list[str] = []
        self._sending: set[asyncio.Task[None]] = set()

    def note(self, kind: str, content: Row) -> None:
        """Call it in the transaction of the change, and `send` after it."""
        event_id = f"evt_{self._store.next_number('payment_event'):014d}"
        event = {
            "id": event_id,
            "object": "event",
            "created": int(now().timestamp()),
            "livemode": False,
            "type": kind,
            "data": {"object": content},
        }
        row = {"event": event, "tries": 0, "answered": None}
        self._store.put(Kind.PAYMENT_EVENTS, event_id, row)
        self._noted.append(event_id)

    def send(self) -> None:
        """Begins to send what was noted. Each goes its own way: the order is not kept."""
        noted, self._noted = self._noted, []
        if self._operator_url is not None:
            for event_id in noted:
                self._begin(self._operator_url, event_id)

    async def sent(self, seconds: float) -> None:
        """Waits for what is on its way, but no longer than that."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=seconds)

    def send_again(self, event_id: str) -> bool:
        """Also if it was taken already. False if there is no such event."""
        if self._store.get(Kind.PAYMENT_EVENTS, event_id) is None:
            return False
        self._noted.append(event_id)
        self.send()
        return True

    def start(self) -> None:
        """Goes on with what nobody has taken."""
        for event_id, row in self._store.all(Kind.PAYMENT_EVENTS).items():
            if not _taken(row["answered"]) and row["tries"] < len(_PAUSES):
                self._noted.append(event_id)
        self.send()

    async def stop(self) -> None:
        """What was not taken stays so."""
        self.forget()
        await asyncio.gather(*self._sending, return_exceptions=True)

    def forget(self) -> None:
        """Nothing that happened is sent any more."""
        self._noted.clear()
        for task in list(self._sending):
            task.cancel()

    def _begin(self, url: str, event_id: str) -> None:
        task = asyncio.create_task(self._deliver(url + PATH, event_id))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _deliver(self, url: str, event_id: str) -> None:
        for pause in _PAUSES:
            await asyncio.sleep(pause)
            row = self._store.get(Kind.PAYMENT_EVENTS, event_id)
            if row is None:
                return
            answered = await self._try(url, row["event"])
            more = {"tries": row["tries"] + 1, "answered": answered}
            self._store.put(Kind.PAYMENT_EVENTS, event_id, row | more)
            if _taken(answered):
                return

    async def _try(self, url: str, event: Row) -> int:
        told = self._faults.take("payments", "webhook")
        await asyncio.sleep(told.seconds)
        if told.kind in _LOST:
            return 0
        secret = "another" if told.kind is FaultKind.GARBAGE else WEBHOOK_SECRET
        if told.kind is FaultKind.TWICE:
            await _post(url, event, secret)
        answered = await _post(url, event, secret)
        return 0 if told.kind is FaultKind.DROP_AFTER else answered


def _taken(answered: int | None) -> bool:
    return answered is not None and 200 <= answered < 300


async def _post(url: str, event: Row, secret: str) -> int:
    body = json.dumps(event, indent=2, ensure_ascii=False)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    headers["Stripe-Signature"] = signature(body, secret, int(now().timestamp()))
    try:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
            answer = await http.post(url, content=body.encode(), headers=headers)
    except httpx.TransportError:
        return 0
    return answer.status_code


def signature(body: str, secret: str, at: int) -> str:
    """docs.stripe.com/webhooks/signature: HMAC-SHA256 of time, dot, body. `at`: Unix seconds."""
    signed = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"
