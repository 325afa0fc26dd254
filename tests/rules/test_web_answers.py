"""What another system answers over HTTP: in any charset, without end, a drop at a time."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from signoff.adapters import web
from signoff.ports.errors import Permanent, Temporary


def exchanged(answer: httpx.Response) -> httpx.Response:
    transport = httpx.MockTransport(lambda _request: answer)
    with httpx.Client(base_url="http://localhost", transport=transport) as http:
        return web.exchange("smdp", http, http.build_request("GET", "/"))


@pytest.mark.parametrize("charset", ["hex", "idna", "undefined", "rot13", "utf-7"])
def test_a_charset_that_is_none_changes_nothing_of_what_an_answer_means(charset: str) -> None:
    headers = {"Content-Type": f"text/plain; charset={charset}"}
    with pytest.raises(Temporary) as later:
        exchanged(httpx.Response(503, headers=headers, content=b"busy +2AA-"))
    assert later.value.raw == "busy +2AA-"
    answer = exchanged(httpx.Response(404, headers=headers, content="没有\xff".encode("gb18030")))
    assert isinstance(web.refused("smdp", answer), Permanent)
    with pytest.raises(Permanent, match="does not fit"):
        web.parsed("smdp", answer, list[int])


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while read < 100_000_000:
            read += 1_000_000
            yield b" " * 1_000_000

    with pytest.raises(Permanent, match="does not end"):
        exchanged(httpx.Response(200, content=endless()))
    assert read < 10_000_000


def test_an_answer_that_comes_a_drop_at_a_time_does_not_keep_the_worker() -> None:
    with _dripping() as port, web.client(f"http://127.0.0.1:{port}", timeout=0.1) as http:
        began = time.monotonic()
        with pytest.raises(Temporary, match="too long"):
            web.exchange("smdp", http, http.build_request("GET", "/"))
        assert time.monotonic() - began < 2


@contextlib.contextmanager
def _dripping() -> Iterator[int]:
    """Its port. Sends a byte of a long answer every 20 ms, for four seconds at most."""
    stop = threading.Event()

    def drip() -> None:
        line, _address = server.accept()
        with line, contextlib.suppress(OSError):
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
            for _ in range(200):
                line.sendall(b" ")
                if stop.wait(0.02):
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            stop.set()
            thread.join()
