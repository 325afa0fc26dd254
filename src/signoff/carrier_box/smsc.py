"""The box's SMSC (SMPP 3.4).

A message is delivered a moment after it was taken, if the network lets the subscriber have
messages then. Its receipt is kept until an ESME with the same system_id acknowledges it, and is
offered again after every bind, as SMPP 3.4 section 2.11 and common SMSCs do.
"""

import asyncio
import contextlib
from collections.abc import Callable

from smpp34 import SmppError, SubmitSm, decode

from signoff.carrier_box import smpp_session as smpp
from signoff.carrier_box.connections import TcpServer
from signoff.carrier_box.faults import FaultKind, Faults, Misbehaviour
from signoff.carrier_box.short_messages import ShortMessages, receipt_of
from signoff.carrier_box.smpp_session import EsmeSession, Request
from signoff.carrier_box.store import BoxStore

_OK, _BAD_LENGTH, _UNKNOWN_COMMAND, _NOT_BOUND = 0x00, 0x02, 0x03, 0x04
_BAD_DESTINATION, _BAD_MESSAGE_ID, _BAD_PASSWORD, _THROTTLED = 0x0B, 0x0C, 0x0E, 0x58
_FORGET = {0x65, 0x66}
"""An ESME that answers a receipt so does not want to see it again."""
_GARBAGE = b"<html>It works!</html>\r\n\r\n"
_OPERATIONS = {
    smpp.BIND_RECEIVER: "bind",
    smpp.BIND_TRANSMITTER: "bind",
    smpp.BIND_TRANSCEIVER: "bind",
    smpp.SUBMIT_SM: "submit_sm",
    smpp.QUERY_SM: "query_sm",
}
_Answer = tuple[int, bytes]


class SmscServer(TcpServer):
    """A BoxServer. Operations for faults: bind, submit_sm, query_sm, deliver_sm.

    delivery_seconds: how long a message is on its way.
    retry_seconds: after which a receipt that nobody took is offered again.
    password: None lets everybody in, since only loopback is served.
    """

    def __init__(
        self,
        store: BoxStore,
        faults: Faults,
        host: str,
        port: int,
        *,
        delivery_seconds: float = 0.2,
        retry_seconds: float = 0.5,
        password: str | None = None,
    ) -> None:
        super().__init__(faults, "smsc", host, port)
        self._messages = ShortMessages(store)
        self._delivery_seconds = delivery_seconds
        self._retry_seconds = retry_seconds
        self._password = password
        self._tasks: set[asyncio.Task[None]] = set()
        self._on_their_way: set[asyncio.Task[None]] = set()
        self._in_flight: set[str] = set()
        self._news: dict[EsmeSession, asyncio.Event] = {}

    async def start(self) -> int:
        """Also goes on with what was on its way when the box was stopped."""
        for message_id in self._messages.on_their_way():
            self._send_on_its_way(message_id)
        return await super().start()

    async def stop(self) -> None:
        """Messages that are on their way stay so."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await super().stop()

    def forget(self) -> None:
        """The store was put back to its first day: nothing of before may still arrive."""
        for task in list(self._on_their_way):
            task.cancel()
        self._messages.forget()

    def _send_on_its_way(self, message_id: str) -> None:
        task = self._spawn(self._carry(message_id))
        self._on_their_way.add(task)
        task.add_done_callback(self._on_their_way.discard)

    def _spawn(self, work: "asyncio._CoroutineLike[None]") -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One ESME, from bind to unbind."""
        session = EsmeSession(reader, writer)
        courier = self._spawn(self._courier(session))
        try:
            async for request in session.requests():
                if not await self._serve(session, request):
                    break
        finally:
            courier.cancel()
            session.close()

    async def _serve(self, session: EsmeSession, request: Request) -> bool:
        """Answers one request. False: the conversation is over."""
        if request.command in {smpp.ENQUIRE_LINK, smpp.UNBIND}:
            session.answer(request.command, request.sequence)
            return request.command != smpp.UNBIND
        operation = _OPERATIONS.get(request.command)
        if operation is None:
            session.answer(smpp.GENERIC_NACK, request.sequence, status=_UNKNOWN_COMMAND)
            return True
        told = self.faults.take("smsc", operation)
        await asyncio.sleep(told.seconds)
        if told.hangs_up_at_once:
            session.hang_up()
            return False
        status, body = self._refused(told, operation) or self._done(session, request)
        return _say(session, request, status, body, told)

    def _refused(self, told: Misbehaviour, operation: str) -> _Answer | None:
        if told.kind is FaultKind.BUSY:
            return _THROTTLED, b""
        if told.kind is FaultKind.REFUSE:
            no = {"bind": _BAD_PASSWORD, "submit_sm": _BAD_DESTINATION}
            return no.get(operation, _BAD_MESSAGE_ID), b""
        return None

    def _done(self, session: EsmeSession, request: Request) -> _Answer:
        handlers: dict[int, Callable[[EsmeSession, Request], _Answer]] = {
            smpp.SUBMIT_SM: self._submit,
            smpp.QUERY_SM: self._query,
        }
        handler = handlers.get(request.command, self._bind)
        if handler != self._bind and session.system_id is None:
            return _NOT_BOUND, b""
        try:
            return handler(session, request)
        except (ValueError, SmppError):
            return _BAD_LENGTH, b""

    def _bind(self, session: EsmeSession, request: Request) -> _Answer:
        system_id, password = request.texts(2)
        if session.system_id is not None:
            return 0x05, b""
        if self._password is not None and password != self._password:
            return _BAD_PASSWORD, b""
        session.system_id = system_id
        session.receives = request.command != smpp.BIND_TRANSMITTER
        self._tell_couriers()
        return _OK, b"BOX-SMSC\0"

    def _submit(self, session: EsmeSession, request: Request) -> _Answer:
        pdu = decode(request.wire)
        if not isinstance(pdu, SubmitSm):
            return _BAD_LENGTH, b""
        if not pdu.destination_addr.isdigit():
            return _BAD_DESTINATION, b""
        message_id = self._messages.take(pdu, session.system_id or "")
        self._send_on_its_way(message_id)
        return _OK, message_id.encode() + b"\0"

    def _query(self, _session: EsmeSession, request: Request) -> _Answer:
        message_id = request.texts(1)[0]
        state = self._messages.state(message_id)
        if state is None:
            return _BAD_MESSAGE_ID, b""
        return _OK, message_id.encode() + b"\0\0" + bytes([state, 0])

    async def _carry(self, message_id: str) -> None:
        """To the telephone, if it may have messages when we get there."""
        await asyncio.sleep(self._delivery_seconds)
        self._messages.arrive(message_id)
        self._tell_couriers()

    def _tell_couriers(self) -> None:
        for news in self._news.values():
            news.set()

    async def _courier(self, session: EsmeSession) -> None:
        """Offers the receipts that are owed to this ESME, for as long as it is here."""
        news = self._news[session] = asyncio.Event()
        try:
            while True:
                news.clear()
                owner = session.system_id if session.receives else None
                for message_id in self._messages.owed(owner):
                    if message_id not in self._in_flight:
                        await self._offer(session, message_id)
                # Not wait_for: in Python 3.11 it may swallow the cancelling of this task, and a
                # courier without a line would keep the receipts from everybody else.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._retry_seconds):
                        await news.wait()
        finally:
            del self._news[session]

    async def _offer(self, session: EsmeSession, message_id: str) -> None:
        self._in_flight.add(message_id)
        try:
            told = self.faults.take("smsc", "deliver_sm")
            await asyncio.sleep(told.seconds)
            if told.hangs_up_at_once:
                session.hang_up()
                return
            if told.kind is FaultKind.GARBAGE:
                session.write(_GARBAGE)
                return
            if self._messages.state(message_id) is None:
                return
            receipt = receipt_of(message_id, self._messages.row(message_id))
            answer = await session.deliver(receipt, times=1 + (told.kind is FaultKind.TWICE))
            if answer == _OK or answer in _FORGET:
                self._messages.acknowledged(message_id)
        finally:
            self._in_flight.discard(message_id)


def _say(
    session: EsmeSession, request: Request, status: int, body: bytes, told: Misbehaviour
) -> bool:
    """Answers, as well as we are told to. False: the conversation is over."""
    if told.kind is FaultKind.DROP_AFTER:
        session.hang_up()
        return False
    if told.kind is FaultKind.GARBAGE:
        session.write(_GARBAGE)
        return True
    for _ in range(1 + (told.kind is FaultKind.TWICE)):
        session.answer(request.command, request.sequence, body, status)
    return True
