"""Somewhere for a payment service to send its events: keeps each body and signature as they came."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class EventListener:
    """`answers`: statuses for the next deliveries; 200 when there are none left."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[int] = []
        self.came: list[tuple[bytes, str]] = []
        self.paths: set[str] = set()
        self._news = threading.Condition()

    def take(self, path: str, body: bytes, signature: str) -> int:
        """One delivery. Returns the status to answer."""
        with self._news:
            self.paths.add(path)
            self.came.append((body, signature))
            self._news.notify_all()
            return self.answers.pop(0) if self.answers else 200

    def wait_for(self, count: int, seconds: float = 15) -> list[tuple[bytes, str]]:
        """The first `count` deliveries, as soon as they are there."""
        with self._news:
            enough = self._news.wait_for(lambda: len(self.came) >= count, seconds)
            assert enough, f"{len(self.came)} deliveries instead of {count}"
            return self.came[:count]


class _Handler(BaseHTTPRequestHandler):
    listener: EventListener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.listener.take(self.path, body, self.headers.get("Stripe-Signature", ""))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextlib.contextmanager
def event_listener() -> Iterator[EventListener]:
    """Listens until the end of the block."""
    listener = EventListener()
    handler = type("_Bound", (_Handler,), {"listener": listener})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    listener.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
