"""Sends text messages, each once. The reasoning is in docs/adr/0005-sms-exactly-once.md."""

import time
from collections.abc import Callable
from dataclasses import replace

from smpp34 import DeliverSm

from signoff.adapters.smpp import pdu, receipts, status
from signoff.adapters.smpp.awaited import AwaitedMessage, FinishedMessages
from signoff.adapters.smpp.receipts import MessageState, Receipt
from signoff.adapters.smpp.session import Session, bound
from signoff.adapters.smpp.submission import (
    address_of_sender,
    reference_of,
    refuse_links,
    submission,
)
from signoff.kernel.identifiers import Msisdn
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.texts import Delivery, TextReceipt

_OUTCOME = {
    MessageState.DELIVERED: Delivery.DELIVERED,
    MessageState.EXPIRED: Delivery.UNDELIVERABLE,
    MessageState.DELETED: Delivery.UNDELIVERABLE,
    MessageState.UNDELIVERABLE: Delivery.UNDELIVERABLE,
    MessageState.REJECTED: Delivery.UNDELIVERABLE,
}


class SmppTexts:
    """Text messages through an SMSC. Implements `ports.texts.TextMessages` and `Reachable`.

    timeout: seconds for the connection and for each answer.
    delivery_timeout: seconds to wait for the delivery receipt in one call.
    settle: seconds of silence after the bind that mean "no receipts are waiting"; more than the
        SMSC needs to offer one. It is spent before a submission that may be a repeat.
    query_every: seconds between questions for the state while no receipt comes.
    service_type: None for one made from the key; a text if the SMSC allows only its own, and
        then two messages to one number at the same time may replace each other.
    """

    def __init__(  # noqa: PLR0913 -- settings of one connection, all by name in wiring
        self,
        host: str,
        port: int,
        system_id: str,
        password: str,
        sender: str,
        timeout: float = 10.0,
        delivery_timeout: float = 60.0,
        *,
        settle: float = 2.0,
        query_every: float = 5.0,
        service_type: str | None = None,
    ) -> None:
        """Raises ValueError for a setting that SMPP cannot carry."""
        pdu.bind_body(system_id, password)
        pdu.c_string(sender, 21)
        pdu.c_string(service_type or "", 6)
        self._connection = (host, port, system_id, password, timeout)
        self._sender = address_of_sender(sender)
        self._delivery_timeout = delivery_timeout
        self._settle = settle
        self._query_every = query_every
        self._service_type = service_type
        self._finished = FinishedMessages()

    def ping(self) -> str:
        """Binds and unbinds. Returns the SMSC's name; raises RemoteError."""
        host, port, system_id, password, timeout = self._connection
        with Session(host, port, timeout) as session:
            name = session.bind(system_id, password)
            session.ask(pdu.ENQUIRE_LINK, b"", "enquire_link")
        return f"{name} (SMPP 3.4)" if name else "SMPP 3.4"

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
        """See `ports.texts.TextMessages.send`. Raises Temporary or Permanent."""
        refuse_links(text)
        message = AwaitedMessage(to.digits, reference_of(key), message_id)
        with bound(*self._connection) as session:
            waiting = self._waiting_receipt(session, message) if may_repeat else None
            if message_id is None:
                new_id = self._first_id(session, waiting, to, text, key)
                accepted(new_id)
                message = replace(message, message_id=new_id)
            if waiting:
                return self._concluded(session, message, waiting[1].state, waiting[0])
            return self._outcome(session, message, asked_again=message_id is not None)

    def _first_id(
        self,
        session: Session,
        waiting: tuple[DeliverSm, Receipt] | None,
        to: Msisdn,
        text: str,
        key: str,
    ) -> str:
        """The message id: from a receipt that waits since before a crash, or of a new message."""
        if waiting is None:
            return self._submit(session, to, text, key)
        if waiting[1].message_id is None:
            raise Permanent("smsc", "the SMSC's receipt has no message id")
        return waiting[1].message_id

    def _waiting_receipt(
        self, session: Session, message: AwaitedMessage
    ) -> tuple[DeliverSm, Receipt] | None:
        """Reads what waits at the SMSC until it is silent, or the receipt is found."""
        until = time.monotonic() + 10 * self._settle
        while time.monotonic() < until:
            delivery = session.next_delivery(self._settle)
            if delivery is None:
                return None
            found = self._sort_out(session, delivery, message)
            if found:
                return delivery, found
        return None

    def _submit(self, session: Session, to: Msisdn, text: str, key: str) -> str:
        """Returns the SMSC's message id. Raises RemoteError."""
        message = submission(self._sender, to, text, key=key, service_type=self._service_type)
        body = message.encode()[pdu.HEADER_LENGTH :]
        answer = session.ask(pdu.SUBMIT_SM, body, "submit_sm")
        try:
            message_id, _ = pdu.read_c_string(answer.body)
        except pdu.MalformedPduError:
            message_id = ""
        if not message_id:
            # It may well have been taken: the next try finds its receipt, or replaces it.
            raise Temporary("smsc", "submit_sm was accepted without a message id")
        return message_id

    def _outcome(
        self, session: Session, message: AwaitedMessage, *, asked_again: bool
    ) -> TextReceipt:
        """Waits for the receipt, and asks now and then. Raises Temporary after delivery_timeout.

        A message that this very call has handed over is given time before it is asked for: some
        SMSCs answer before they have stored it.
        """
        until = time.monotonic() + self._delivery_timeout
        can_query, ask_now = True, asked_again
        while True:
            if can_query and ask_now:
                state = self._queried(session, message, must_be_known=asked_again)
                can_query = state is not None
                if state and state.is_final:
                    return self._concluded(session, message, state, None)
            ask_now = True
            left = until - time.monotonic()
            if left <= 0:
                raise Temporary("smsc", "accepted, not yet delivered")
            found = self._receipt_within(session, message, min(left, self._query_every))
            if found:
                return self._concluded(session, message, found[1].state, found[0])

    def _receipt_within(
        self, session: Session, message: AwaitedMessage, seconds: float
    ) -> tuple[DeliverSm, Receipt] | None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            delivery = session.next_delivery(left)
            if delivery is not None:
                found = self._sort_out(session, delivery, message)
                if found:
                    return delivery, found
        return None

    def _sort_out(
        self, session: Session, delivery: DeliverSm, message: AwaitedMessage
    ) -> Receipt | None:
        """The final receipt of `message`, not yet acknowledged; anything else is answered here.

        A receipt of another message belongs to another session, maybe of another process: it is
        handed back, and the SMSC offers it again later.
        """
        receipt = receipts.read(delivery)
        if receipt is None:
            session.acknowledge(delivery, status.NOT_FOR_ME)
        elif message.is_meant_by(receipt):
            if receipt.state.is_final:
                return receipt
            session.acknowledge(delivery, status.OK)
        elif receipt.message_id in self._finished:
            session.acknowledge(delivery, status.OK)
        else:
            session.acknowledge(delivery, status.TRY_ME_LATER)
        return None

    def _queried(
        self, session: Session, message: AwaitedMessage, *, must_be_known: bool
    ) -> MessageState | None:
        """What query_sm says; None if this SMSC does not offer it.

        Raises Permanent if the SMSC knows no such message any more: it was taken once, so sending
        it again could double it.
        """
        body = pdu.query_body(message.message_id or "", *self._sender)
        answer = session.answer_to(pdu.QUERY_SM, body)
        if answer.status == status.UNKNOWN_MESSAGE and must_be_known:
            raise Permanent(
                "smsc",
                "the SMSC took the message, and no longer knows what became of it",
                raw=f"command_status=0x{answer.status:08X}",
            )
        if answer.status != status.OK or answer.command_id == pdu.GENERIC_NACK:
            return None
        try:
            return MessageState(pdu.query_answer(answer.body))
        except ValueError:
            return None

    def _concluded(
        self,
        session: Session,
        message: AwaitedMessage,
        state: MessageState,
        delivery: DeliverSm | None,
    ) -> TextReceipt:
        """Acknowledges last: until then the SMSC keeps the receipt for whoever asks again."""
        message_id = message.message_id or ""
        self._finished.add(message_id)
        if delivery is not None:
            session.acknowledge(delivery, status.OK)
        if state not in _OUTCOME:
            raise Permanent("smsc", f"the SMSC does not know what became of it ({state.name})")
        return TextReceipt(message_id, _OUTCOME[state])
