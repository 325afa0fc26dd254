"""A connection that is cut after the remote did the work and before we hear of it."""

import contextlib
import socket
import threading
from collections.abc import Iterator

Address = tuple[str, int]


class CuttingProxy:
    """Forwards bytes to a real peer. `lose_answer_to(marker)` and `lose(marker)` cut it once."""

    def __init__(self, target: Address) -> None:
        self._target = target
        self._marker: bytes | None = None
        self._swallow_request = False
        self.cuts = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address: Address = self._listening.getsockname()
        threading.Thread(target=self._accept, daemon=True).start()

    def lose_answer_to(self, marker: bytes) -> None:
        """The request with these bytes arrives; the next thing the peer says does not."""
        self._marker, self._swallow_request = marker, False

    def lose(self, marker: bytes) -> None:
        """What the client says with these bytes does not arrive, nor anything after it."""
        self._marker, self._swallow_request = marker, True

    def close(self) -> None:
        """No new connections."""
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._forward, args=(client,), daemon=True).start()

    def _forward(self, client: socket.socket) -> None:
        server = socket.create_connection(self._target)
        answer_is_lost = threading.Event()

        def down() -> None:
            with contextlib.suppress(OSError):
                while piece := server.recv(65_536):
                    if answer_is_lost.is_set():
                        self.cuts += 1
                        break
                    client.sendall(piece)
            _hang_up(client, server)

        threading.Thread(target=down, daemon=True).start()
        with contextlib.suppress(OSError):
            while piece := client.recv(65_536):
                if self._marker and self._marker in piece:
                    self._marker = None
                    if self._swallow_request:
                        self.cuts += 1
                        break
                    answer_is_lost.set()
                server.sendall(piece)
        _hang_up(client, server)


def _hang_up(*sockets: socket.socket) -> None:
    for end in sockets:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextlib.contextmanager
def cutting(target: Address) -> Iterator[CuttingProxy]:
    """A proxy in front of `target`."""
    proxy = CuttingProxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
