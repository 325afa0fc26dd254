"""A carrier that answers at once, in this very process: no network, no waiting.

For tests that are not about the carrier, and for the benchmark, which wants to know what the
engine and our own rows cost. It keeps what was done to it, so that "once" can be counted.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from moneyed import Money

from signoff.kernel.identifiers import Eid, Iccid, Imsi, Msisdn
from signoff.ports.letters import Attachment, LetterReceipt
from signoff.ports.network import Subscriber
from signoff.ports.payments import PaymentPage, PaymentState, RefundAnswer, RefundState
from signoff.ports.profiles import Withdrawal, WithdrawalAnswer
from signoff.ports.services import OrderAnswer, OrderState
from signoff.ports.texts import Delivery, TextReceipt
from signoff.wiring import Ports


class InstantCarrier:
    """Every system of a carrier. `done` counts effects; `before(call)` may pause or raise."""

    def __init__(self) -> None:
        self.done: Counter[tuple[str, str]] = Counter()
        self.before: Callable[[str], None] = lambda call: None
        self._lock = threading.Lock()
        self._known: dict[str, Any] = {}

    def _once(self, call: str, subject: str, key: str, answer: Any) -> Any:
        """The effect of `key`, the first time; the same answer ever after."""
        self.before(call)
        with self._lock:
            if key not in self._known:
                self._known[key] = answer
                self.done[call, subject] += 1
            return self._known[key]

    def look_up(self, imsi: Imsi) -> Subscriber | None:
        """Everybody is there and has service, until something is done to them."""
        self.before("look_up")
        if f"remove:{imsi}" in self._known:
            return None
        return Subscriber(imsi, imsi[-10:], has_service=f"stop:{imsi}" not in self._known)

    def stop_service(self, imsi: Imsi) -> None:
        """See `ports.network`."""
        self._once("stop_service", imsi, f"stop:{imsi}", None)

    def restore_service(self, imsi: Imsi) -> None:
        """See `ports.network`."""
        self.before("restore_service")
        with self._lock:
            self._known.pop(f"stop:{imsi}", None)

    def remove(self, imsi: Imsi) -> None:
        """See `ports.network`."""
        self._once("remove", imsi, f"remove:{imsi}", None)

    def withdraw(
        self, *, iccid: Iccid, eid: Eid | None, matching_id: str, key: str
    ) -> WithdrawalAnswer:
        """See `ports.profiles`."""
        answer = WithdrawalAnswer(Withdrawal.WITHDRAWN, f"call {key}")
        return self._once("withdraw", iccid, key, answer)  # type: ignore[no-any-return]

    def cease(self, *, service: str, key: str) -> OrderAnswer:
        """See `ports.services`."""
        answer = OrderAnswer(f"order {service}", OrderState.COMPLETED)
        return self._once("cease", service, key, answer)  # type: ignore[no-any-return]

    def find_order(self, *, key: str) -> OrderAnswer | None:
        """See `ports.services`."""
        self.before("find_order")
        return self._known.get(key)

    def refund(
        self, *, payment: str, amount: Money, key: str, case: str, step: str, attempt: int = 1
    ) -> RefundAnswer:
        """See `ports.payments`."""
        answer = RefundAnswer(f"re_{payment}", RefundState.PAID)
        return self._once("refund", payment, f"{case}:{step}:{attempt}", answer)  # type: ignore[no-any-return]

    def find_refund(
        self, *, payment: str, case: str, step: str, attempt: int = 1
    ) -> RefundAnswer | None:
        """See `ports.payments`."""
        self.before("find_refund")
        return self._known.get(f"{case}:{step}:{attempt}")

    def start_payment(
        self,
        *,
        amount: Money,
        key: str,
        subject: str,
        return_url: str,
        language: str,
        title: str = "Amount due",
    ) -> PaymentPage:
        """Whoever is sent to this page has paid."""
        page = PaymentPage(
            f"cs_{subject}", return_url, PaymentState.PAID, amount, subject, f"pi_{subject}"
        )
        made: PaymentPage = self._once("start_payment", subject, key, page)
        with self._lock:
            self._known.setdefault(made.reference, made)
        return replace(made, state=PaymentState.OPEN, paid_by="")

    def payment(self, reference: str) -> PaymentPage:
        """See `ports.payments`."""
        self.before("payment")
        return self._known[reference]  # type: ignore[no-any-return]

    def find_payment(self, *, subject: str, since: datetime) -> PaymentPage | None:
        """See `ports.payments`."""
        self.before("find_payment")
        return self._known.get(f"cs_{subject}")

    def cancel_payment(self, reference: str) -> PaymentPage:
        """Too late: see `start_payment`."""
        self.before("cancel_payment")
        return self._known[reference]  # type: ignore[no-any-return]

    def ports(self) -> Ports:
        """All of it, as the steps want it. The two that are called `send` stand apart."""
        return Ports(self, self, self, _Texts(self), _Letters(self), self)


class _Texts:
    def __init__(self, carrier: InstantCarrier) -> None:
        self._carrier = carrier

    def send(
        self,
        *,
        to: Msisdn,
        text: str,
        key: str,
        message_id: str | None,
        accepted: Callable[[str], None],
        may_repeat: bool = True,
    ) -> TextReceipt:
        """See `ports.texts`."""
        answer = TextReceipt(f"sms {key}", Delivery.DELIVERED)
        receipt: TextReceipt = self._carrier._once("text", to, key, answer)
        if message_id is None:
            accepted(receipt.message_id)
        return receipt


class _Letters:
    def __init__(self, carrier: InstantCarrier) -> None:
        self._carrier = carrier

    def send(
        self,
        *,
        to: str,
        subject: str,
        text: str,
        key: str,
        attachments: tuple[Attachment, ...] = (),
        reply_to: str = "",
    ) -> LetterReceipt:
        """See `ports.letters`."""
        receipt: LetterReceipt = self._carrier._once("letter", to, key, LetterReceipt(f"<{key}>"))
        return receipt
