"""Rubbish for every place of a request: address, query, fields, headers, cookies, bodies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote

TEXTS = (
    "\x00",
    "a\x00b",
    "\u202egnp.exe",
    "\u200f\u2066\U0001f4a3",
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "'; drop table closing_case; --",
    "%s%n{0}{{7*7}}{% now %}",
    "../../../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "-1",
    "0",
    "9" * 400,
    "-" + "9" * 25,
    "1e309",
    "NaN",
    "٣٣٣",
    "²",
    "0000-00-00",
    "9999-12-31T23:59:60",
    "//evil.example/",
    "javascript:alert(1)",
    "=cmd|'/c calc'!A0",
    "x" * 20_000,
    "null",
    "[]",
    " ",
    "",
)
RAW = ("%ED%A0%80", "%FF%FE", "%C0%AF", "%", "%00", "%zz")
"""As they come over the wire: half a surrogate pair, no UTF-8, an overlong slash, a broken code."""
HEADERS: tuple[Mapping[str, str], ...] = (
    {},
    {"Host": "evil.example"},
    {"Host": "testserver:port"},
    {"Host": "[::"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"},
    {"X-Forwarded-For": "nobody, \xff"},
    {"Accept-Language": "zh-hans;q=nan, \xff\xfe"},
    {"Accept-Language": "en-" * 400},
    {"Referer": "http://[::", "Origin": "null"},
    {"HX-Request": "true", "HX-Current-URL": "http://[::", "HX-Target": "\xff", "HX-Prompt": "%"},
    {"If-None-Match": "\xff", "If-Modified-Since": "never", "Range": "bytes=9-1"},
    {"Client-Cert": ":\xff:", "Stripe-Signature": "t=\xff,v1=", "Signature": "\xff"},
    {"Authorization": "Bearer \xff", "X-CSRFToken": "\xff"},
    {"Accept": "\xff/*;q=x", "User-Agent": "\xff" * 900},
)
COOKIES = (
    'sessionid="\\000"',
    "sessionid=" + "a" * 3000,
    "sessionid=\xff; csrftoken=\xff; django_language=../../x",
    'messages="\\000"; csrftoken="\\000"; django_language="\\000"',
    'signoff_sent="\\000:\\377:x"; signoff_seen=a:b:c',
    "=; ;;==; $Path=/",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a client sends beside method and reader."""

    address: str
    body: bytes = b""
    content_type: str = "application/x-www-form-urlencoded"
    headers: Mapping[str, str] = field(default_factory=dict)


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"


def _fields(names: Sequence[str], value: str) -> bytes:
    return "&".join(f"{name}={value}" for name in names).encode()


def _parts(names: Sequence[str], value: str) -> bytes:
    """Every name as a file, and as a field with a name that breaks the line."""
    made = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="{value}\r\n\r\n{value}\r\n'
        for name in names
    )
    return (made + "--x--\r\n").encode(errors="replace")


Body = Callable[[Sequence[str], str], tuple[bytes, str]]
BODIES: tuple[Body, ...] = (
    lambda names, value: (_fields(names, quote(value)), FORM),
    lambda names, value: (_fields(names, quote(value)), FORM),
    lambda names, _value: (_fields(names, "%FF%ED%A0%80"), FORM),
    lambda names, value: (_fields(list(names) * 40, quote(value[:9])), FORM),
    lambda _names, _value: (b"a=" + b"x" * 400_000, FORM),
    lambda names, value: (_fields(names, quote(value)), FORM + "; charset=nothing"),
    lambda names, value: (_parts(names, value), PARTS),
    lambda names, value: (_parts(names, value)[:-9], PARTS),
    lambda names, value: (_parts(names, value), "multipart/form-data"),
    lambda names, value: (_fields(names, quote(value)), PARTS),
    lambda _names, _value: (b'{"a": "\\ud800", "amount": 1e999, "\\u0000": [', "application/json"),
    lambda _names, _value: (b"[" * 90_000, "application/json"),
    lambda _names, _value: (b"\xff\xfe\x00", "text/plain; charset=utf-32"),
    lambda _names, _value: (
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;",
        "text/xml",
    ),
)


def made(
    random: Random, address: str, names: Sequence[str], *, method: str, stranger: bool
) -> Sent:
    """Something to send there; as good a choice as any. address: without a query."""
    value = random.choice(TEXTS)
    query = "&".join(f"{name}={_encoded(random)}" for name in random.sample(list(names), 12))
    headers = dict(random.choice(HEADERS))
    if stranger and random.random() < 0.4:
        headers["Cookie"] = random.choice(COOKIES)
    body, content_type = random.choice(BODIES)(names, value) if method == "POST" else (b"", FORM)
    return Sent(f"{address}?{query}", body, content_type, headers)


def spoiled(random: Random, address: str, fields: Mapping[str, str]) -> Sent:
    """A form as a person would send it, but for one of its fields."""
    wrong = random.choice(sorted(fields))
    sent = {**fields, wrong: random.choice(TEXTS)}
    return Sent(address, "&".join(f"{name}={quote(sent[name])}" for name in sent).encode())


def _encoded(random: Random) -> str:
    text = random.choice(TEXTS)[:2000]
    return random.choice((quote(text), quote(text), random.choice(RAW)))


def placed(random: Random, route: str, places: Sequence[str], right: Mapping[str, str]) -> str:
    """The address of a route with rubbish in one of its places."""
    wrong, address = random.choice(places), "/" + route
    for place in places:
        text = random.choice(TEXTS)[:1500].replace("/", "%") or "%"
        rubbish = random.choice((quote(text, safe=""), random.choice(RAW)))
        address = address.replace(place, rubbish if place == wrong else right[place])
    return address
