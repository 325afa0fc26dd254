"""One ESME's connection to the box's SMSC: framing, and requests of ours that await an answer.

Source: SMPP 3.4. `smpp34` encodes and decodes submit_sm and deliver_sm; its own server is not used
because it does not show replace_if_present_flag, has no query_sm and cannot hang up midway.
"""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass

from smpp34 import DeliverSm

GENERIC_NACK = 0x80000000
RESPONSE = 0x80000000
BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER = 0x01, 0x02, 0x09
QUERY_SM, SUBMIT_SM, DELIVER_SM, UNBIND, ENQUIRE_LINK = 0x03, 0x04, 0x05, 0x06, 0x15

_HEADER = struct.Struct(">IIII")
_LONGEST = 70_000
_ANSWER_TIMEOUT = 5.0


@dataclass(frozen=True, slots=True)
class Request:
    """A PDU as it came; `wire` is the whole of it."""

    command: int
    status: int
    sequence: int
    wire: bytes

    def texts(self, count: int) -> list[str]:
        """The first `count` C-strings of the body. Raises ValueError if there are fewer."""
        pieces = self.wire[_HEADER.size :].split(b"\0")
        if len(pieces) <= count:
            raise ValueError("a text without its end")
        return [piece.decode("latin-1") for piece in pieces[:count]]


class EsmeSession:
    """A connection. `system_id` is None until the ESME has bound."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._sequence = 0
        self._answers: dict[int, asyncio.Future[int]] = {}
        self.system_id: str | None = None
        self.receives = False

    async def requests(self) -> AsyncIterator[Request]:
        """Every request until the connection ends; answers to ours are taken out."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await self._reader.readexactly(_HEADER.size)
                length, command, status, sequence = _HEADER.unpack(head)
                if not _HEADER.size <= length <= _LONGEST:
                    self.answer(GENERIC_NACK & ~RESPONSE, sequence, status=0x02)
                    return
                wire = head + await self._reader.readexactly(length - _HEADER.size)
                if not command & RESPONSE:
                    yield Request(command, status, sequence, wire)
                elif (waiting := self._answers.pop(sequence, None)) and not waiting.done():
                    waiting.set_result(status)

    def answer(self, command: int, sequence: int, body: bytes = b"", status: int = 0) -> None:
        """The response to a request with this command and sequence."""
        length = _HEADER.size + len(body)
        self.write(_HEADER.pack(length, command | RESPONSE, status, sequence) + body)

    def write(self, wire: bytes) -> None:
        """Whatever, also what is not SMPP."""
        if not self._writer.is_closing():
            self._writer.write(wire)

    async def deliver(self, pdu: DeliverSm, *, times: int = 1) -> int | None:
        """Offers a deliver_sm. The ESME's command_status; None if it did not answer."""
        answer: asyncio.Future[int] | None = None
        for _ in range(times):
            self._sequence += 1
            answer = asyncio.get_running_loop().create_future()
            self._answers[self._sequence] = answer
            wire = pdu.encode()
            head = _HEADER.pack(len(wire), DELIVER_SM, 0, self._sequence)
            self.write(head + wire[_HEADER.size :])
        if answer is None or self._writer.is_closing():
            return None
        try:
            async with asyncio.timeout(_ANSWER_TIMEOUT):
                return await answer
        except TimeoutError:
            return None

    def hang_up(self) -> None:
        """At once, without a word."""
        self._writer.transport.abort()

    def close(self) -> None:
        """After what was written is sent."""
        self._writer.close()
        for waiting in self._answers.values():
            waiting.cancel()
