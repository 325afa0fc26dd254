"""Every address, from everybody, with rubbish in every place of the request.

Never a crash, never a word of another customer's, and nothing written by looking or by somebody
whose it is not. Each answer is taken back again.
"""

import os
import re
from collections.abc import Iterator
from random import Random
from urllib.parse import unquote

import pytest
from django.http import HttpResponse

from tests.docs.roles import SECRET, places, signing_in
from tests.everybody import CANARY, Answer, House, ask, make_house
from tests.rubbish import Sent, made, placed, spoiled

pytestmark = pytest.mark.django_db

SEED = int(os.environ.get("SIGNOFF_RUBBISH", "1"))
"""Another number, and other rubbish is sent."""
STRANGERS = ("stranger", "another customer")
HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Cache-Control": "no-store",
}
EVERYBODYS = {"django_session", "usersessions_usersession", "briefing_reader"}
"""What a request leaves behind wherever it goes: that a browser is signed in, and the language in
which one of the staff reads."""
_LOOKED_AT = {"evidence_viewing", "audit_auditrow", "audit_growth"}
ON_LOOKING = {
    "cases/<str:number>/messages/": {"talk_message"},  # that it was read
    "talk/messages/": {"talk_message"},
    "desk/<str:number>/messages/": {"talk_message"},
    # Each look at a picture is on record.
    "cases/<str:number>/pictures/<uuid:identifier>/": _LOOKED_AT,
    "desk/<str:number>/papers/<uuid:identifier>/": _LOOKED_AT,
}
"""What a GET writes besides."""
UNWELL = {
    "healthz",  # no worker runs here
    "readyz",
    # The papers of this world were never sealed, so they do not open.
    "cases/<str:number>/pictures/<uuid:identifier>/",
    "desk/<str:number>/papers/<uuid:identifier>/",
}
"""May answer with 503."""


@pytest.fixture
def house(db: None) -> House:
    """With one owner of everything."""
    return make_house()


def _tried(house: House, random: Random) -> Iterator[tuple[str, str, str, Sent]]:
    """Route, reader, method and what is sent: each route by each reader, with right and with wrong
    places in its address."""
    for route, right in house.right.items():
        for reader in house.browsers:
            for method in ("GET", "POST"):
                sent = made(
                    random, right, house.names, method=method, stranger=reader == "stranger"
                )
                yield route, reader, method, sent
            if house.values[route]:
                wrong = placed(random, route, places(route), house.values[route])
                yield route, reader, random.choice(("GET", "POST", "HEAD")), Sent(wrong)


def test_rubbish_never_crashes_tells_or_writes(house: House) -> None:
    wrong, owner_sees = [], b""
    for route, reader, method, sent in _tried(house, Random(SEED)):
        answer = ask(house.browsers[reader], method, sent)
        owner_sees += _plain(answer.content) if reader == "customer" else b""
        faults = _faults(house, route, reader, method, sent, answer)
        wrong += [f"{method} {route} by {reader}: {what} ({_shown(sent)})" for what in faults]
    assert wrong == [], "\n" + "\n".join(wrong)
    unseen = {canary for canary in house.canaries if _plain(canary.encode()) not in owner_sees}
    assert CANARY not in unseen and len(house.canaries) - len(unseen) > 10, unseen


def test_signing_in_and_forms_with_one_field_of_rubbish_never_crash(house: House) -> None:
    """Deeper: the other fields are as a person would send them."""
    random, wrong = Random(SEED), []
    for reader, method, sent in [*_at_signing_in(house, random), *_spoiled(house, random)]:
        answer = ask(house.browsers[reader], method, sent)
        if answer.crash or (answer.response and answer.response.status_code >= 500):
            wrong.append(f"{reader}: {answer.crash or answer.response} ({_shown(sent)})")
    assert wrong == [], "\n" + "\n".join(wrong)


def _at_signing_in(house: House, random: Random) -> Iterator[tuple[str, str, Sent]]:
    for route in signing_in():
        for reader in house.browsers:
            for method in ("GET", "POST"):
                to, is_one = f"/{route}", reader == "stranger"
                yield reader, method, made(random, to, house.names, method=method, stranger=is_one)


def _spoiled(house: House, random: Random) -> Iterator[tuple[str, str, Sent]]:
    assert len(house.forms) > 25
    for reader, to, fields in house.forms:
        for _ in range(min(len(fields), 4)):
            yield reader, "POST", spoiled(random, to, fields)


def _plain(content: bytes) -> bytes:
    """Numbers are shown in groups, with spaces that do not break."""
    return content.replace("\u00a0".encode(), b"").replace(b" ", b"")


def _shown(sent: Sent) -> str:
    shown = (sent.address[:150], sent.content_type, dict(sent.headers), sent.body[:150])
    return str(shown)


def _faults(
    house: House, route: str, reader: str, method: str, sent: Sent, answer: Answer
) -> Iterator[str]:
    if answer.crash or answer.response is None:
        yield answer.crash
        return
    status = answer.response.status_code
    if status >= 500 and not (status == 503 and route in UNWELL):
        yield f"status {status}"
    yield from _header_faults(route, answer.response)
    if method in {"GET", "HEAD"}:
        more = answer.written - EVERYBODYS - ON_LOOKING.get(route, set())
        if more:
            yield f"looking writes {more}"
    if reader in STRANGERS and not route.startswith(SECRET):
        if "<" in route and answer.written - EVERYBODYS:
            yield f"it is not theirs, and it writes {answer.written}"
        asked = unquote(sent.address)
        told = _plain(answer.content + " ".join(answer.response.headers.values()).encode())
        for canary in house.canaries:
            if _plain(canary.encode()) in told and canary not in asked:
                yield f"it tells {canary!r}"


KEPT = {"feeds/<str:token>.atom", "feeds/<str:token>.json"}
"""What a feed reader may keep, and asks each time whether it is still so."""


def _header_faults(route: str, response: HttpResponse) -> Iterator[str]:
    """What a browser is told with every answer, also with one that says no."""
    headers = response.headers
    for name, wanted in HEADERS.items():
        if name == "Cache-Control" and route in KEPT and headers.get(name, "").endswith("no-cache"):
            continue
        if wanted not in headers.get(name, ""):
            yield f"{name} is {headers.get(name)!r}"
    if "script-src" in (policy := headers.get("Content-Security-Policy", "")):
        allowed = re.findall(r"(?:script|style)-src ([^;]*)", policy)
        if set(allowed) - {"'self'"}:
            yield f"the policy allows {allowed}"
    for cookie in response.cookies.values():
        if cookie.value and not (cookie["httponly"] and cookie["samesite"] == "Lax"):
            yield f"the cookie {cookie.key} is open to scripts or to other sites"
    name = headers.get("Content-Disposition", "")
    if not re.fullmatch(r'(?:(?:attachment|inline)(?:; filename="[\w.-]+")?)?', name):
        yield f"the name of the file is {name!r}"
