"""One bound connection to an SMSC, in which a delivery is acknowledged by us and nobody else.

Not thread-safe: one session is one call.
"""

import collections
import contextlib
import socket
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from smpp34 import DeliverSm, SmppError, decode

from signoff.adapters.smpp import pdu, status
from signoff.ports.errors import RemoteError, Temporary

_PARTING = 1.0
"""Seconds we wait for the SMSC's farewell, so that our last acknowledgement is read."""


class Session:
    """A TCP connection to an SMSC. Every method raises Temporary when the connection is lost."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        """Connects. `timeout`: seconds for the connection and for each answer."""
        self._timeout = timeout
        self._sequence = 0
        self._buffer = bytearray()
        self._unread: collections.deque[DeliverSm] = collections.deque()
        try:
            self._socket = socket.create_connection((host, port), timeout)
        except OSError as error:
            raise Temporary("smsc", f"no connection: {_words(error)}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._part()
        self._socket.close()

    def bind(self, system_id: str, password: str) -> str:
        """As a transceiver. Returns the SMSC's name for itself; raises RemoteError."""
        answer = self.ask(pdu.BIND_TRANSCEIVER, pdu.bind_body(system_id, password), "bind")
        try:
            return pdu.read_c_string(answer.body)[0]
        except pdu.MalformedPduError:
            return ""  # bound all the same

    def ask(self, command: int, body: bytes, doing: str) -> pdu.Pdu:
        """Sends a request and returns its answer; raises RemoteError for a refusal."""
        answer = self.answer_to(command, body)
        if answer.status != status.OK:
            raise status.refusal(answer.status, doing)
        return answer

    def answer_to(self, command: int, body: bytes) -> pdu.Pdu:
        """Sends a request and returns its answer, whatever its status.

        Deliveries that come in between are kept for `next_delivery`.
        """
        self._sequence += 1
        sequence = self._sequence
        self._write(pdu.built(command, sequence, body))
        until = time.monotonic() + self._timeout
        while True:
            came = self._read(until)
            if came is None:
                raise Temporary("smsc", "no answer in time")
            is_answer = came.command_id in {command | pdu.RESPONSE, pdu.GENERIC_NACK}
            if is_answer and came.sequence == sequence:
                return came
            self._attend(came)

    def next_delivery(self, seconds: float) -> DeliverSm | None:
        """The next deliver_sm, not yet acknowledged; None if none comes in `seconds`."""
        until = time.monotonic() + seconds
        while not self._unread:
            came = self._read(until)
            if came is None:
                return None
            self._attend(came)
        return self._unread.popleft()

    def acknowledge(self, delivery: DeliverSm, answer: int) -> None:
        """Tells the SMSC what became of a delivery: `status.OK` lets it forget the receipt."""
        self._write(
            pdu.built(pdu.DELIVER_SM | pdu.RESPONSE, delivery.sequence_number, b"\0", status=answer)
        )

    def _attend(self, came: pdu.Pdu) -> None:
        """Deals with what the SMSC begins by itself."""
        if came.command_id == pdu.DELIVER_SM:
            self._keep(came)
        elif came.command_id in {pdu.ENQUIRE_LINK, pdu.UNBIND}:
            self._write(pdu.built(came.command_id | pdu.RESPONSE, came.sequence))
            if came.command_id == pdu.UNBIND:
                raise Temporary("smsc", "the SMSC ended the session")
        elif not came.command_id & pdu.RESPONSE:
            self._write(pdu.built(pdu.GENERIC_NACK, came.sequence, status=status.UNKNOWN_COMMAND))

    def _keep(self, came: pdu.Pdu) -> None:
        try:
            delivery = decode(came.wire)
        except SmppError:
            # The framing is intact: only this one PDU is of no use, and must not block the rest.
            self._write(
                pdu.built(
                    came.command_id | pdu.RESPONSE, came.sequence, b"\0", status=status.NOT_FOR_ME
                )
            )
            return
        if isinstance(delivery, DeliverSm):
            self._unread.append(delivery)

    def _read(self, until: float) -> pdu.Pdu | None:
        """The next PDU; None if it is not here at the moment `until`."""
        try:
            if not self._fill(4, until) or not self._fill(pdu.length_of(self._buffer[:4]), until):
                return None
            length = pdu.length_of(self._buffer[:4])
            wire = bytes(self._buffer[:length])
            del self._buffer[:length]
            return pdu.parsed(wire)
        except pdu.MalformedPduError as error:
            raise Temporary("smsc", f"not an SMPP answer: {error}") from error

    def _fill(self, length: int, until: float) -> bool:
        while len(self._buffer) < length:
            left = until - time.monotonic()
            if left <= 0:
                return False
            try:
                self._socket.settimeout(left)
                piece = self._socket.recv(65_536)
            except TimeoutError:
                return False
            except OSError as error:
                raise Temporary("smsc", f"connection lost: {_words(error)}") from error
            if not piece:
                raise Temporary("smsc", "the SMSC closed the connection")
            self._buffer += piece
        return True

    def _write(self, wire: bytes) -> None:
        try:
            self._socket.settimeout(self._timeout)
            self._socket.sendall(wire)
        except OSError as error:
            raise Temporary("smsc", f"connection lost: {_words(error)}") from error

    def _part(self) -> None:
        """Unbinds, and stays until the SMSC has read it: closing at once could drop our last word.

        The work is done by now, so nothing that goes wrong here is of interest.
        """
        with contextlib.suppress(RemoteError):
            self._sequence += 1
            self._write(pdu.built(pdu.UNBIND, self._sequence))
            until = time.monotonic() + _PARTING
            while (came := self._read(until)) is not None:
                if came.command_id == pdu.UNBIND | pdu.RESPONSE:
                    return


@contextlib.contextmanager
def bound(host: str, port: int, system_id: str, password: str, timeout: float) -> Iterator[Session]:
    """A session that is bound, and unbound at the end. Raises RemoteError."""
    with Session(host, port, timeout) as session:
        session.bind(system_id, password)
        yield session


def _words(error: OSError) -> str:
    """What the operating system says, without addresses."""
    return error.strerror or type(error).__name__
