"""What the adapters that speak HTTP share: one exchange, its failures sorted into the two kinds."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from signoff.ports.errors import Permanent, RemoteError, Temporary

_Answer = TypeVar("_Answer")
_ONE_ANSWER_A_CONNECTION = httpx.Limits(max_keepalive_connections=0)
# On a connection that is used again, an answer that was said twice (a broken proxy, a retry in
# between) would be taken for the answer to the next request: "done", about another line.
_LATER = {408, 425, 429}  # besides 5xx: time-out, too early, too many requests
_LONGEST = 4_000_000  # bytes of an answer; a list of orders has a few thousand
_SILENCES = 4  # so many timeouts an answer may take as a whole


class NotReached(Temporary):
    """No connection, so nothing was asked."""


def client(
    base_url: str,
    *,
    timeout: float,
    client_cert: tuple[Path, Path] | None = None,
    ca: Path | None = None,
) -> httpx.Client:
    """`timeout`: seconds for connecting and for each silence. `client_cert`: certificate, key.

    `ca`: the only authorities to be trusted, None for the system's. Proxies of the environment
    are not used: these systems are the operator's own. Cookies are not kept: what is said about one
    customer is not brought along for the next. Raises OSError or ssl.SSLError for files that cannot
    be used.
    """
    if client_cert or ca:
        context = ssl.create_default_context(cafile=str(ca) if ca else None)
    else:
        context = _trusting_the_system()
    if client_cert:
        certificate, key = client_cert
        context.load_cert_chain(certificate, key)
    return httpx.Client(
        base_url=base_url.rstrip("/"),
        timeout=timeout,
        verify=context,
        trust_env=False,
        limits=_ONE_ANSWER_A_CONNECTION,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
    )


@lru_cache(maxsize=1)
def _trusting_the_system() -> ssl.SSLContext:
    """Shared by all clients without certificates of their own: reading the system's takes longer
    than an exchange."""
    return ssl.create_default_context()


def exchange(system: str, http: httpx.Client, request: httpx.Request) -> httpx.Response:
    """The answer, whatever its status below 500. Raises Temporary or Permanent.

    One that does not end keeps neither the worker's thread nor its memory.
    """
    whole = _SILENCES * (http.timeout.read or 0)
    with (
        _sorted_failures(system),
        _hung_up_after(whole, request),
        contextlib.closing(http.send(request, stream=True)) as answer,
    ):
        body = b""
        for part in answer.iter_bytes():
            body += part
            if len(body) > _LONGEST:
                raise Permanent(system, "the answer does not end", raw=f"{body[:500]!r}")
    return _or_later(system, _read_answer(answer, body))


def short_exchange(
    system: str, http: httpx.Client, request: httpx.Request, *, most: int, seconds: float
) -> httpx.Response:
    """As `exchange`, with somebody who is not trusted: all of it takes not longer than `seconds`,
    and of the body not more than `most` bytes are read, or as many as come."""
    with (
        _sorted_failures(system),
        _hung_up_after(seconds, request),
        contextlib.closing(http.send(request, stream=True)) as answer,
    ):
        body = _beginning(answer, most)
    return _or_later(system, _read_answer(answer, body))


def _read_answer(answer: httpx.Response, body: bytes) -> httpx.Response:
    headers = [  # as bytes: not everybody keeps to ASCII
        (name, value)
        for name, value in answer.headers.raw
        if name.lower() not in {b"content-encoding", b"transfer-encoding", b"content-length"}
    ]
    return httpx.Response(answer.status_code, headers=headers, content=body)


def _beginning(answer: httpx.Response, most: int) -> bytes:
    """Of the body. One that breaks off is no failure: how it went, the status has said before."""
    body = b""
    with contextlib.suppress(httpx.TransportError):
        for part in answer.iter_raw():
            body += part
            if len(body) >= most:
                break
    return body[:most]


@contextlib.contextmanager
def _hung_up_after(seconds: float, request: httpx.Request) -> Iterator[None]:
    """Cuts the connection of `request` then, whatever is said on it.

    The client's timeout counts silences only: who says a word now and then, or without end that we
    may go on (HTTP 100), would keep a thread of the worker for good.
    """
    late, lines = threading.Event(), list[socket.socket]()

    def hang_up() -> None:
        late.set()
        for line in lines:
            with contextlib.suppress(OSError):  # it is over already
                line.shutdown(socket.SHUT_RDWR)

    def follow(event: str, info: Mapping[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            # Another handle of it: TLS takes the first one away.
            lines.append(info["return_value"].get_extra_info("socket").dup())
            if late.is_set():
                hang_up()

    request.extensions["trace"] = follow
    timer = threading.Timer(seconds, hang_up)
    timer.start()
    try:
        yield
    except httpx.TransportError as cut:
        if late.is_set() and lines:
            raise httpx.ReadTimeout("hung up") from cut
        raise
    finally:
        timer.cancel()
        timer.join()
        for line in lines:
            line.close()


@contextlib.contextmanager
def _sorted_failures(system: str) -> Iterator[None]:
    try:
        yield
    except httpx.ConnectTimeout as nobody:
        raise NotReached(system, "no answer: it took too long") from nobody
    except httpx.TimeoutException as late:
        raise Temporary(system, "no answer: it took too long") from late
    except httpx.TransportError as broken:
        if (tls := _tls_trouble(broken)) is not None:
            raise Permanent(system, f"no trust between us: {tls}") from broken
        if isinstance(broken, httpx.ConnectError):
            raise NotReached(system, f"no answer: {broken}") from broken
        raise Temporary(system, f"no answer: {broken}") from broken
    except httpx.DecodingError as garbled:
        raise Permanent(system, f"the answer cannot be decoded: {garbled}") from garbled


def _or_later(system: str, answer: httpx.Response) -> httpx.Response:
    if answer.status_code >= 500 or answer.status_code in _LATER:
        raise Temporary(
            system,
            f"it answered HTTP {answer.status_code}",
            raw=as_it_came(answer),
            retry_after=_asked_to_wait(answer),
        )
    return answer


def _asked_to_wait(answer: httpx.Response) -> int:
    """Seconds that `Retry-After` asks for (RFC 9110 section 10.2.3), or 0. A date counts from the
    answer's own, so that the clocks of both sides may differ."""
    asked = answer.headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdecimal():
        return int(asked[:9])
    try:
        gap = parsedate_to_datetime(asked) - parsedate_to_datetime(answer.headers["Date"])
    except (KeyError, ValueError, TypeError, OverflowError):
        return 0
    return max(int(gap.total_seconds()), 0)


def refused(system: str, answer: httpx.Response) -> RemoteError:
    """For a status that is neither a success nor a reason to come back."""
    return Permanent(system, f"it refused with HTTP {answer.status_code}", raw=as_it_came(answer))


def parsed(system: str, answer: httpx.Response, model: type[_Answer]) -> _Answer:
    """The body as `model`, which may be a list of models. Raises Permanent if it does not fit."""
    try:
        return TypeAdapter(model).validate_json(answer.content)
    except ValidationError as misfit:
        places = sorted({".".join(map(str, error["loc"])) or "body" for error in misfit.errors()})
        raise Permanent(
            system, f"the answer does not fit at: {', '.join(places)}", raw=as_it_came(answer)
        ) from misfit


def as_it_came(answer: httpx.Response) -> str:
    """The beginning of the body, to be kept with an error. Always as UTF-8: an answer may name any
    charset, also one in which it cannot be read at all."""
    return answer.content[:4000].decode("utf-8", "backslashreplace")[:4000]


def reachable(system: str, http: httpx.Client, path: str) -> str:
    """Asks for `path` and says who answered; any status below 500 shows that somebody is there."""
    answer = exchange(system, http, http.build_request("GET", path))
    server = answer.headers.get("server", "a server without a name")
    return f"{http.base_url.host}: {server}, HTTP {answer.status_code}"


def as_json(body: BaseModel) -> bytes:
    """With the wire's names, without what is not set."""
    return body.model_dump_json(by_alias=True, exclude_none=True).encode()


def _tls_trouble(error: BaseException) -> ssl.SSLError | None:
    """The TLS failure behind `error`, unless it is only that the other side hung up."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError) and not isinstance(
            cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)
        ):
            return cause
        cause = cause.__cause__ or cause.__context__
    return None
