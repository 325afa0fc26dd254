"""An HTTP server that answers what it is told and keeps what it was sent."""

import contextlib
import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, bytes]
Seen = tuple[str, dict[str, str], Any]


class _Server(ThreadingHTTPServer):
    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = answers
        self.seen: list[Seen] = []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def do_GET(self) -> None:
        self._answer(None)

    def _answer(self, body: Any) -> None:
        self.server.seen.append((self.path, dict(self.headers), body))
        status, content = self.server.answers[self.command]
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextlib.contextmanager
def recorder(
    post: Answer, *, get: Answer = (405, b""), tls: ssl.SSLContext | None = None
) -> Iterator[tuple[str, list[Seen]]]:
    """Its address without a slash, and what was sent to it: path, headers, JSON body or None."""
    server = _Server({"POST": post, "GET": get})
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://localhost:{server.server_port}", server.seen
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
