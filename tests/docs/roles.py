"""Every address, asked for by everybody: what the server really answers. Makes `docs/roles.md`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from signoff.accounts.models import Role
from tests.desk import at_the_desk
from tests.docs.roles_world import LINES, make_world, values_of
from tests.portal import signed_in
from tests.world import Customer, customer, staff

METHODS = ("GET", "POST")
NOT_OURS = ("sign-in/", "brand", "favicon.ico", "robots.txt", "language/", "^")
"""Sign-in pages belong to a library with tests of its own; the others are for everybody."""
PARTS = {"": "For customers", "api/": "For programs", "desk/": "The desk"}
PROGRAMS = ("api/", "gsma/", "healthz", "readyz")
SECRET = ("phone/", "feeds/")
"""Whoever was given such an address may use it."""
READERS = (
    "stranger", "customer", "another customer", *(role.value for role in Role)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """What one method of one address answers, reader by reader, in the order of READERS."""

    route: str
    method: str
    answers: tuple[str, ...]

    def of(self, reader: str) -> str:
        """What this reader gets."""
        return self.answers[READERS.index(reader)]

    @property
    def part(self) -> str:
        """Of the page."""
        if self.route.startswith(PROGRAMS):
            return "api/"
        return "desk/" if self.route.startswith("desk/") else ""


def routes() -> list[str]:
    """Every route of portal, desk and API, as Django has it."""
    found = dict.fromkeys(_routes(get_resolver().url_patterns))
    return [route for route in found if not route.startswith(NOT_OURS) and route != "api/v1/"]


def signing_in() -> list[str]:
    """Every page of the library for signing in, but those of a link in a letter; and the choice of
    a language."""
    found = dict.fromkeys(_routes(get_resolver().url_patterns))
    ours = ("sign-in/", "language/")
    return [route for route in found if route.startswith(ours) and not set("<(^") & set(route)]


def _routes(patterns: Sequence[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, before + str(one.pattern))
        else:
            yield before + str(one.pattern)


def walk() -> list[Row]:
    """Asks for every route as everybody, by GET and by POST; each answer is taken back again."""
    owner = customer(lines=LINES)
    browsers = _browsers(owner)
    asked = addresses(values_of(make_world(owner, browsers["customer"])), routes())
    rows = []
    for route, address in asked.items():
        for method in METHODS:
            answers = tuple(_asked(browsers[reader], method, address) for reader in READERS)
            if set(answers) != {"–"}:
                rows.append(Row(route, method, answers))
    return sorted(rows, key=lambda row: (list(PARTS).index(row.part), row.route, row.method))


def _browsers(owner: Customer) -> Mapping[str, Client]:
    mine = signed_in(owner)
    mine.get("/")  # notes the session, which the link to the phone needs
    people = {"stranger": Client(), "customer": mine, "another customer": signed_in(customer())}
    return people | {role.value: at_the_desk(staff(role)) for role in Role}


def addresses(values: Callable[[str, str], str], found: Sequence[str]) -> dict[str, str]:
    """Routes with things in their places."""
    made = {}
    for route in found:
        address = "/" + route
        for place in places(route):
            address = address.replace(place, values(route, place))
        made[route] = address
    return made


def places(route: str) -> list[str]:
    """`<str:number>` and the like."""
    return ["<" + part.split(">")[0] + ">" for part in route.split("<")[1:]]


def _asked(client: Client, method: str, address: str) -> str:
    cache.clear()  # no limit of tries: it is not the subject here
    kept = deepcopy(client.cookies)
    try:
        with transaction.atomic():
            answer = getattr(client, method.lower())(address)
            if answer.streaming:
                b"".join(answer.streaming_content)
            transaction.set_rollback(True)
    finally:
        client.cookies = kept
    if "Location" in answer.headers:
        return _led(address, answer.headers["Location"])
    status = answer.status_code
    return {405: "–", 401: "401", 403: "403", 404: "404"}.get(status, "yes")


def _led(address: str, location: str) -> str:
    if location.startswith(("/sign-in/reauthenticate/", "/sign-in/2fa/reauthenticate/")):
        return "password"
    if location.startswith("/sign-in/"):
        return "sign in"
    is_elsewhere = address == "/desk/" or not address.startswith("/desk/")
    return "own pages" if is_elsewhere and location.startswith("/desk/") else "yes"


def page(rows: Sequence[Row]) -> str:
    """`docs/roles.md`."""
    lines = [*HEAD]
    for part, title in PARTS.items():
        lines += ["", f"## {title}", "", f"| address | | {' | '.join(READERS)} |"]
        lines.append("|---|---|" + "---|" * len(READERS))
        for row in (row for row in rows if row.part == part):
            shown = "/" + row.route.replace("|", "\\|")
            lines.append(f"| `{shown}` | {row.method} | {' | '.join(row.answers)} |")
    return "\n".join([*lines, ""])


HEAD = (
    "# Who may do what",
    "",
    "Each address of the server, asked for by everybody, by GET and by POST. This page is made by",
    "`make docs` from what the server answers, and a test compares it with what it answers today.",
    "What stands in an address (`<number>` and the like) belongs to “customer”, who owns it;",
    "“another customer” is signed in, too. The others are staff with one role each and a second",
    "factor. Who has several roles may do what each of them may.",
    "",
    "- **yes**: the page, or the action: it may still say what is missing, or that it is too late.",
    "- **own pages**: led to where their own work is.",
    "- **sign in**: has to sign in first, or with the second factor.",
    "- **password**: is asked for password or code once more, and then goes on.",
    "- **404**: there is no such thing for this reader, and no hint that there might be.",
    "- **403**: the page is for another role, and says for which.",
    "- **401**: the caller is not known as the system that this address is for.",
    "- **–**: the address does not know this method.",
    "",
    "A POST here has no fields. So a “yes” of a POST means: the reader gets as far as the form or",
    "the rules of the case. `/phone/…` and `/feeds/…` are secret addresses: whoever was given one",
    "may use it, and it opens nothing else.",
)
