"""Everybody who may ask, everything that there is to ask for, and asking without a trace."""

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

import signoff
from signoff.accounts.models import Account, Role, StaffRole
from signoff.closing.models import Case
from tests.desk import at_the_desk, proven
from tests.docs.roles import addresses, places, routes
from tests.docs.roles_world import LINES, make_world, values_of
from tests.portal import signed_in
from tests.rubbish import Sent
from tests.world import Customer, customer, staff

CANARY = "Wren Canary"
"""The owner's name, which is nobody else's."""


@dataclass(slots=True)
class Answer:
    """What came back, and which tables were written meanwhile."""

    response: Any
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


@dataclass(frozen=True, slots=True)
class House:
    """Everybody who asks, what they ask for, and what of the owner nobody else may see."""

    browsers: Mapping[str, Client]
    right: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    names: Sequence[str]
    canaries: Sequence[str]
    forms: Sequence[tuple[str, str, Mapping[str, str]]]


def make_house() -> House:
    """The owner has one of everything, and is told of on every page that is theirs."""
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
        "staff": proven(at_the_desk(everything)),
    }
    found = [route for route in routes() if route != "settings/account/data/"]
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
