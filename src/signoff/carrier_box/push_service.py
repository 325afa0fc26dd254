"""A push service, as the maker of a browser runs one: RFC 8030, with VAPID (RFC 8292).

It keeps messages until the browser fetches them, and cannot read them. Unlike the standard's, its
browsers fetch by GET instead of an HTTP/2 push; and only operators that sign may send.
"""

import base64
import json
import re
import secrets
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from signoff.carrier_box.faults import Faults
from signoff.carrier_box.http import with_faults
from signoff.carrier_box.store import BoxStore, Kind, Row
from signoff.kernel.clock import now

SYSTEM = "push"
_LONGEST_BODY = 4096  # RFC 8030 section 7.2
_DAY = 24 * 3600
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")  # section 5.4
_URGENCIES = {"very-low", "low", "normal", "high"}
_VAPID = re.compile(r"vapid t=([\w-]+\.[\w-]+)\.([\w-]+), ?k=([\w-]+)", re.ASCII)


class NotAllowed(Exception):
    """A push that is not signed as it should be. status: 401 or 403 (RFC 8292 section 4.2)."""

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        super().__init__(why)


def routes(store: BoxStore, faults: Faults) -> list[Route]:
    """What browsers and operators call."""
    service = _PushService(store)
    push = with_faults(
        service.push,
        faults=faults,
        system=SYSTEM,
        operation="push",
        busy=lambda: Response("Too Many Requests", 429, headers={"Retry-After": "5"}),
        refused=lambda: Response("Forbidden", 403),
    )
    return [
        Route("/push/subscribe", service.subscribe, methods=["POST"]),
        Route("/push/subscriptions/{id}", service.fetch, methods=["GET"]),
        Route("/push/subscriptions/{id}", service.unsubscribe, methods=["DELETE"]),
        Route("/push/messages/{id}", service.acknowledge, methods=["DELETE"]),
        Route("/push/to/{id}", push, methods=["POST"]),
    ]


class _PushService:
    """A subscription's row: vapid, to (the last part of the endpoint). A message's row:
    subscription, topic, ttl, urgency, body (base64)."""

    def __init__(self, store: BoxStore) -> None:
        self._store = store

    async def subscribe(self, request: Request) -> Response:
        """RFC 8030 section 4; the body names the one key that may send (RFC 8292 section 4.1)."""
        try:
            vapid = json.loads(await request.body())["vapid"]
            _point(vapid)
        except (ValueError, KeyError, TypeError):
            return Response("vapid must be a public key on P-256", 400)
        identity, to = secrets.token_urlsafe(18), secrets.token_urlsafe(18)
        self._store.put(Kind.PUSH_SUBSCRIPTIONS, identity, {"vapid": vapid, "to": to})
        return Response(
            status_code=201,
            headers={
                "Location": f"/push/subscriptions/{identity}",
                "Link": f'</push/to/{to}>; rel="urn:ietf:params:push"',
            },
        )

    async def push(self, request: Request) -> Response:
        """RFC 8030 section 5."""
        found = self._subscription(request.path_params["id"])
        if found is None:
            known = self._store.get(Kind.PUSH_ENDED, request.path_params["id"])
            return Response("Gone" if known else "Not Found", 410 if known else 404)
        identity, subscription = found
        body = await request.body()
        if len(body) > _LONGEST_BODY:
            return Response("Payload Too Large", 413)
        try:
            wanted = _asked(request)
            _check(request, subscription["vapid"])
        except NotAllowed as error:
            return Response(str(error), error.status, headers={"WWW-Authenticate": "vapid"})
        except ValueError as error:
            return Response(str(error), 400)
        row = {"subscription": identity, "body": base64.b64encode(body).decode(), **wanted}
        name = self._keep(row)
        return Response(
            status_code=201,
            headers={"Location": f"/push/messages/{name}", "TTL": str(row["ttl"])},
        )

    def _subscription(self, to: str) -> tuple[str, Row] | None:
        rows = self._store.all(Kind.PUSH_SUBSCRIPTIONS).items()
        return next(((identity, row) for identity, row in rows if row["to"] == to), None)

    def _keep(self, row: Row) -> str:
        """A message of the same topic that still waits is replaced (section 5.4)."""
        with self._store.transaction():
            for name, other in self._store.all(Kind.PUSH_MESSAGES).items():
                same = (other["subscription"], other["topic"])
                if row["topic"] and same == (row["subscription"], row["topic"]):
                    self._store.delete(Kind.PUSH_MESSAGES, name)
            name = f"m{self._store.next_number('push_message'):06d}"
            self._store.put(Kind.PUSH_MESSAGES, name, row)
            self._store.record_effect(SYSTEM, "push", row["subscription"], row["topic"])
        return name

    async def fetch(self, request: Request) -> Response:
        """What waits for a browser, oldest first (section 6)."""
        identity = request.path_params["id"]
        if self._store.get(Kind.PUSH_SUBSCRIPTIONS, identity) is None:
            return Response("Not Found", 404)
        rows = self._store.all(Kind.PUSH_MESSAGES).items()
        mine = [{"id": name, **row} for name, row in rows if row["subscription"] == identity]
        return JSONResponse(mine)

    async def acknowledge(self, request: Request) -> Response:
        """The browser has it (section 6.2)."""
        there = self._store.delete(Kind.PUSH_MESSAGES, request.path_params["id"])
        return Response(status_code=204 if there else 404)

    async def unsubscribe(self, request: Request) -> Response:
        """From now on its endpoint is gone (section 7.3)."""
        identity = request.path_params["id"]
        with self._store.transaction():
            row = self._store.get(Kind.PUSH_SUBSCRIPTIONS, identity)
            if row is None:
                return Response("Not Found", 404)
            self._store.put(Kind.PUSH_ENDED, row["to"], {"at": now().isoformat()})
            self._store.delete(Kind.PUSH_SUBSCRIPTIONS, identity)
        return Response(status_code=204)


def _asked(request: Request) -> dict[str, Any]:
    """The sender's headers. Raises ValueError in words for it."""
    ttl = request.headers.get("ttl", "")
    if not ttl.isdecimal():
        raise ValueError("TTL is missing, or no number of seconds")  # section 5.2
    topic = request.headers.get("topic", "")
    if topic and not _TOPIC.fullmatch(topic):
        raise ValueError("Topic must be up to 32 signs of base64url")
    urgency = request.headers.get("urgency", "normal")
    if urgency not in _URGENCIES:
        raise ValueError("Urgency is unknown")
    if request.headers.get("content-encoding") != "aes128gcm":
        raise ValueError("Content-Encoding must be aes128gcm")  # RFC 8291 section 4
    return {"ttl": int(ttl), "topic": topic, "urgency": urgency}


def _check(request: Request, vapid: str) -> None:
    """Raises NotAllowed (RFC 8292 sections 2 and 4.2)."""
    found = _VAPID.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise NotAllowed(401, "Authorization: vapid is missing")
    signed, signature, key = found.groups()
    if key != vapid:
        raise NotAllowed(403, "another key than the subscription's")
    try:
        raw = _base64url(signature)
        r, s = (int.from_bytes(half, "big") for half in (raw[:32], raw[32:]))
        _point(key).verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
        head, claims = (json.loads(_base64url(part)) for part in signed.split("."))
    except (InvalidSignature, ValueError):
        raise NotAllowed(403, "the signature does not fit") from None
    _check_claims(head, claims, f"{request.url.scheme}://{request.url.netloc}")


def _check_claims(head: Row, claims: Row, origin: str) -> None:
    moment = now().timestamp()
    if head.get("alg") != "ES256" or claims.get("aud") != origin:
        raise NotAllowed(403, "signed for another service")
    if not moment < claims.get("exp", 0) <= moment + _DAY:
        raise NotAllowed(403, "expired, or valid for more than a day")
    if urlsplit(str(claims.get("sub", ""))).scheme not in {"mailto", "https"}:
        raise NotAllowed(403, "sub names nobody")


def _point(key: object) -> ec.EllipticCurvePublicKey:
    """Raises ValueError."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _base64url(str(key)))


def _base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
