"""One TCP connection with a deadline for everything that happens on it."""

import socket
import time
from types import TracebackType
from typing import Self

from signoff.ports.errors import Permanent, Temporary

SYSTEM = "hlr"
_LARGEST_ANSWER = 65_536


class Connection:
    """Bytes to and from osmo-hlr. Every failure of the network is Temporary."""

    def __init__(self, address: tuple[str, int], timeout: float) -> None:
        """Connects. `timeout`: seconds for the whole conversation, not for each read."""
        self._ends = time.monotonic() + timeout
        self._unread = b""
        try:
            self._socket = socket.create_connection(address, timeout)
        except OSError as error:
            raise _no_answer(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def send(self, content: bytes) -> None:
        """Raises Temporary if it cannot be sent in time."""
        try:
            self._socket.settimeout(self._seconds_left())
            self._socket.sendall(content)
        except OSError as error:
            raise _no_answer(error) from error

    def read_exactly(self, length: int) -> bytes:
        """Raises Temporary if the connection ends before."""
        while len(self._unread) < length:
            self._receive()
        found, self._unread = self._unread[:length], self._unread[length:]
        return found

    def read_until(self, *ends: bytes) -> bytes:
        """Everything up to where nothing comes after one of `ends`; raises Temporary."""
        while not self._unread.endswith(ends):
            self._receive()
        found, self._unread = self._unread, b""
        return found

    def _receive(self) -> None:
        try:
            self._socket.settimeout(self._seconds_left())
            received = self._socket.recv(4096)
        except OSError as error:
            raise _no_answer(error) from error
        if not received:
            raise Temporary(SYSTEM, "it hung up before the answer was complete", raw=self._text())
        self._unread += received
        if len(self._unread) > _LARGEST_ANSWER:
            raise Permanent(SYSTEM, "the answer does not end", raw=self._text()[:1000])

    def _seconds_left(self) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left

    def _text(self) -> str:
        return self._unread.decode("utf-8", "backslashreplace")


def _no_answer(error: OSError) -> Temporary:
    reason = "it took too long" if isinstance(error, TimeoutError) else error.strerror or str(error)
    return Temporary(SYSTEM, f"no answer: {reason}")
