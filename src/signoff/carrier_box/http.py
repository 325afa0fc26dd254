"""HTTP of the box: Starlette routes on uvicorn, which can be made to misbehave.

uvicorn and not granian's embedded server: that one calls itself experimental, does not tell the
port it got, and hides the connection, which the box must be able to hang up in the middle.
"""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from signoff.carrier_box.faults import FaultKind, Faults

Endpoint = Callable[[Request], Awaitable[Response]]


def with_faults(
    endpoint: Endpoint,
    *,
    faults: Faults,
    system: str,
    operation: str,
    busy: Callable[[], Response],
    refused: Callable[[], Response],
) -> Endpoint:
    """`endpoint`, misbehaving as told; `busy` and `refused` say so in the system's own words."""

    async def misbehaving(request: Request) -> Response:
        told = faults.take(system, operation)
        await asyncio.sleep(told.seconds)
        if told.hangs_up_at_once:
            return HangUp()
        if told.kind is FaultKind.BUSY:
            return busy()
        if told.kind is FaultKind.REFUSE:
            return refused()
        request.state.fault = told.kind
        return _spoiled(await endpoint(request), told.kind)

    return misbehaving


def _spoiled(answer: Response, kind: FaultKind | None) -> Response:
    match kind:
        case FaultKind.DROP_AFTER:
            return HangUp()
        case FaultKind.TWICE:
            return SaidTwice(answer)
        case FaultKind.GARBAGE:
            return PlainTextResponse("<html>It works!</html>", media_type="text/html")
    return answer


class HangUp(Response):
    """No answer: the connection is reset."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Returns when the connection is gone, so that the server does not answer for us."""
        scope["state"]["transport"].abort()
        while (await receive())["type"] != "http.disconnect":
            pass


class SaidTwice(Response):
    """The same answer twice on one connection, as a broken proxy does."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The second one goes past the server, which would not let it through."""
        await self._answer(scope, receive, send)
        scope["state"]["transport"].write(_as_sent(self._answer))


def _as_sent(answer: Response) -> bytes:
    status = HTTPStatus(answer.status_code)
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode("ascii")
    headers = b"".join(name + b": " + value + b"\r\n" for name, value in answer.raw_headers)
    return head + headers + b"\r\n" + bytes(answer.body)


class _OpenConnection(H11Protocol):
    """Lets the routes reach the connection itself, as `scope["state"]["transport"]`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the parent
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the whole box."""
        yield


class HttpServer:
    """A BoxServer: the routes of all systems on one port."""

    def __init__(self, routes: list[BaseRoute], host: str, port: int) -> None:
        self._socket = socket.create_server((host, port))
        config = uvicorn.Config(
            Starlette(routes=routes),
            http=_OpenConnection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> int:
        """Answers from now on. Returns the port."""
        self._running = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started:
            if self._running.done():
                self._running.result()
            await asyncio.sleep(0.005)
        port: int = self._socket.getsockname()[1]
        return port

    async def stop(self) -> None:
        """Ends open connections within a second."""
        self._server.should_exit = True
        if self._running:
            await self._running
