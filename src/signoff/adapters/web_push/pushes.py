"""`Pushes` over RFC 8030."""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric import ec

from signoff.adapters import web
from signoff.adapters.web_push.lookup import SYSTEM, Resolve, public_addresses, resolved
from signoff.adapters.web_push.sealing import sealed
from signoff.adapters.web_push.vapid import authorization
from signoff.kernel.keys import KeyFileError
from signoff.kernel.push_services import Place, PushServices
from signoff.ports.errors import Permanent, RemoteError
from signoff.ports.pushes import Browser, Gone, PushReceipt

KEPT_FOR = timedelta(days=3)
"""So long the service keeps a message for a device that is off (TTL)."""
_READ_AT_MOST = 2000  # bytes of an answer's body; nothing in it is needed
_GONE = {404, 410}  # RFC 8030 section 7.3


class WebPush:
    """Implements `ports.pushes.Pushes` and `Reachable`.

    key: gives our VAPID key, on P-256, or raises KeyFileError: read when it is needed, so that a
    wrong file stops pushes and nothing else. contact: a mailto: or https: address at which a push service can
    reach the operator. timeout: seconds for connecting, for each silence, and for a whole answer.
    """

    def __init__(
        self,
        services: PushServices,
        key: Callable[[], ec.EllipticCurvePrivateKey],
        contact: str,
        timeout: float,
        *,
        resolve: Resolve = resolved,
    ) -> None:
        self._services, self._key, self._contact = services, key, contact
        self._timeout, self._resolve = timeout, resolve
        self._http = web.client("", timeout=timeout)

    def send(self, *, to: Browser, text: bytes, topic: str, now: datetime) -> PushReceipt:
        """See `ports.pushes.Pushes.send`. Raises Temporary, Permanent or Gone."""
        place = self._services.place(to.endpoint)
        if place is None:
            raise Permanent(SYSTEM, "its push service is not on the operator's list")
        key = self._own_key()
        try:
            body = sealed(text, public_key=to.public_key, secret=to.secret)
        except ValueError as error:
            raise Permanent(SYSTEM, f"it cannot be sealed: {error}") from error
        answer = self._answer(
            "POST",
            to.endpoint,
            place,
            content=body,
            headers={
                "Content-Type": "application/octet-stream",
                "Content-Encoding": "aes128gcm",
                "TTL": str(int(KEPT_FOR.total_seconds())),
                "Urgency": "normal",
                "Topic": topic,
                "Authorization": authorization(
                    key=key, origin=place.origin, contact=self._contact, now=now
                ),
            },
        )
        if answer.is_success:
            return PushReceipt(_path(answer.headers.get("Location", ""))[:200])
        raise _refusal(answer)

    def ping(self) -> str:
        """Whether the services that the list names are there; raises RemoteError if none is."""
        self._own_key()
        silent: list[RemoteError] = []
        origins = self._services.named
        for origin in origins:
            try:
                place = self._services.place(f"{origin}/")
                self._answer("GET", f"{origin}/", place or Place(origin, origin, is_own=False))
            except RemoteError as error:
                silent.append(error)
        if origins and len(silent) == len(origins):
            raise silent[0]
        return f"{len(origins) - len(silent)} of {len(origins)} push services answer"

    def _own_key(self) -> ec.EllipticCurvePrivateKey:
        try:
            return self._key()
        except KeyFileError as error:
            raise Permanent(SYSTEM, str(error)) from error

    def _answer(
        self,
        method: str,
        address: str,
        place: Place,
        *,
        content: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Redirects are not followed: they would lead past the list."""
        request = self._http.build_request(method, address, content=content, headers=headers)
        if place.is_own:
            return self._exchange(request)
        # To the address that was looked at, under the name that the certificate must bear.
        request.extensions["sni_hostname"] = place.host
        *others, last = public_addresses(place.host, self._resolve)
        for host in others:
            request.url = request.url.copy_with(host=host)
            with contextlib.suppress(web.NotReached):  # IPv6 that leads nowhere is common
                return self._exchange(request)
        request.url = request.url.copy_with(host=last)
        return self._exchange(request)

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        return web.short_exchange(
            SYSTEM, self._http, request, most=_READ_AT_MOST, seconds=self._timeout
        )


def _path(location: str) -> str:
    """It has the message, whatever it calls it."""
    try:
        return urlsplit(location).path
    except ValueError:
        return ""


def _refusal(answer: httpx.Response) -> RemoteError:
    if answer.status_code in _GONE:
        return Gone(SYSTEM, "the browser takes no messages any more")
    if answer.status_code in {401, 403}:
        return Permanent(SYSTEM, f"the service does not accept our key (HTTP {answer.status_code})")
    return web.refused(SYSTEM, answer)
