"""Every address, from everybody, with rubbish in every place of the request.

Never a crash, never a word of another customer's, and nothing written by looking or by somebody
whose it is not. Each answer is taken back again.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

import signoff
from signoff.accounts.models import Account, Role, StaffRole
from signoff.closing.models import Case
from tests.desk import at_the_desk
from tests.docs.roles import SECRET, addresses, places, routes
from tests.docs.roles_world import LINES, make_world, values_of
from tests.portal import signed_in
from tests.rubbish import Sent, made, placed, spoiled
from tests.world import Customer, customer, staff

pytestmark = pytest.mark.django_db

SEED = int(os.environ.get("SIGNOFF_RUBBISH", "1"))
"""Another number, and other rubbish is sent."""
CANARY = "Wren Canary"
STRANGERS = ("stranger", "another customer")
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


@dataclass(frozen=True, slots=True)
class House:
    """Everybody who asks, what they ask for, and what of the owner nobody else may see."""

    browsers: Mapping[str, Client]
    right: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    names: Sequence[str]
    canaries: Sequence[str]
    forms: Sequence[tuple[str, str, Mapping[str, str]]]


@pytest.fixture
def house(db: None) -> House:
    owner = customer(lines=LINES)
    mine = signed_in(owner)
    mine.get("/")
    world = make_world(owner, mine)
    account = Account.objects.get(pk=owner.account.pk)
    Account.objects.filter(pk=account.pk).update(name=CANARY)
    value = values_of(world)
    everything = staff(Role.ADMIN)
    for role in set(Role) - {Role.ADMIN}:
        StaffRole.objects.create(user=everything, role=role.value)
    browsers = {
        "stranger": Client(),
        "customer": mine,
        "another customer": signed_in(customer()),
        "staff": at_the_desk(everything),
    }
    found = [
        route
        for route in routes()
        if route != "settings/account/data/" and "<int:account>" not in route
    ]
    right = addresses(value, found)
    forms = _forms(right.values(), browsers)
    return House(
        browsers=browsers,
        right=right,
        values={route: {place: value(route, place) for place in places(route)} for route in found},
        names=sorted({name for _reader, _to, fields in forms for name in fields} | _asked_for()),
        canaries=_canaries(owner),
        forms=forms,
    )


def _canaries(owner: Customer) -> list[str]:
    account = owner.account
    lines = [text for line in owner.lines for text in (line.msisdn, line.imsi, line.profile.iccid)]
    cases = [case.number for case in Case.objects.filter(account=account)]
    words = ["The contract of this line runs on.", "Which of them is it?", "Call back."]
    return [CANARY, account.email, account.contact_phone, account.number, *lines, *cases, *words]


Form = tuple[str, str, dict[str, str]]
"""Who sees it, where it is sent to, and its fields as they are filled in."""


def _forms(found: Iterable[str], browsers: Mapping[str, Client]) -> list[Form]:
    """Every form of every page, once."""
    forms: dict[tuple[str, ...], Form] = {}
    for reader in ("customer", "staff"):
        for address in found:
            page = ask(browsers[reader], "GET", Sent(address)).content
            if page.startswith(b"<!doctype html>"):
                for form in BeautifulSoup(page, "html.parser").select("form[method=post]"):
                    to = str(form.get("action") or address)
                    fields = _filled_in(form)
                    forms[(reader, to, *fields)] = (reader, to, fields)
    return [form for form in forms.values() if form[2]]


def _filled_in(form: Tag) -> dict[str, str]:
    """What a browser would send: of several to choose from, the last."""
    fields: dict[str, str] = {}
    for tag in form.select("input[name], textarea[name], button[name]"):
        fields[str(tag["name"])] = str(tag.get("value") or tag.get_text())
    for tag in form.select("select[name]"):
        options = [str(option.get("value", "")) for option in tag.select("option")]
        fields[str(tag["name"])] = options[-1] if options else ""
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def _asked_for() -> set[str]:
    """What pages read from their address."""
    package = Path(signoff.__file__).parent
    sources = (source.read_text() for source in package.rglob("*.py"))
    return {name for text in sources for name in re.findall(r'GET(?:\.get\(|\[)"(\w+)"', text)}


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


@dataclass(slots=True)
class Answer:
    """What came back, and which tables were written meanwhile."""

    response: HttpResponse | None
    content: bytes
    written: set[str]
    crash: str = ""


_WRITES = re.compile(r'(?:INSERT\s+(?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


def ask(client: Client, method: str, sent: Sent) -> Answer:
    """Sends it, and takes back what it did."""
    cache.clear()
    kept, written = deepcopy(client.cookies), set()

    def watch(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if found := _WRITES.match(sql.lstrip()):
            written.add(found[1])
        return execute(sql, params, many, context)

    try:
        with transaction.atomic(), connection.execute_wrapper(watch):
            response = client.generic(
                method, sent.address, sent.body, sent.content_type, headers=dict(sent.headers)
            )
            content = b"".join(response) if response.streaming else response.content
            transaction.set_rollback(True)
            return Answer(response, content, written)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a crash
        return Answer(None, b"", written, f"{type(error).__name__}: {error}"[:300])
    finally:
        client.cookies = kept


def test_rubbish_never_crashes_tells_or_writes(house: House) -> None:
    wrong = []
    for route, reader, method, sent in _tried(house, Random(SEED)):
        answer = ask(house.browsers[reader], method, sent)
        faults = _faults(house, route, reader, method, sent, answer)
        wrong += [f"{method} {route} by {reader}: {what} ({_shown(sent)})" for what in faults]
    assert wrong == [], "\n" + "\n".join(wrong)


def test_a_form_with_one_field_of_rubbish_never_crashes(house: House) -> None:
    """Deeper: the other fields are as a person would send them."""
    random, wrong = Random(SEED), []
    assert len(house.forms) > 25
    for reader, to, fields in house.forms:
        for _ in range(min(len(fields), 4)):
            sent = spoiled(random, to, fields)
            answer = ask(house.browsers[reader], "POST", sent)
            if answer.crash or (answer.response and answer.response.status_code >= 500):
                wrong.append(f"{reader}: {answer.crash or answer.response} ({_shown(sent)})")
    assert wrong == [], "\n" + "\n".join(wrong)


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
    if method in {"GET", "HEAD"}:
        more = answer.written - EVERYBODYS - ON_LOOKING.get(route, set())
        if more:
            yield f"looking writes {more}"
    if reader in STRANGERS and not route.startswith(SECRET):
        if "<" in route and answer.written - EVERYBODYS:
            yield f"it is not theirs, and it writes {answer.written}"
        asked = unquote(sent.address)
        headers = " ".join(answer.response.headers.values()).encode()
        for canary in house.canaries:
            if canary.encode() in answer.content + headers and canary not in asked:
                yield f"it tells {canary!r}"
