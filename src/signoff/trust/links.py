"""Judging a link: where would a browser really go?

A browser forgives much (WHATWG URL standard): backslashes for slashes, spaces inside, other dots,
percent signs in the host. A forger uses what it forgives. So `official` is said only of the plain
form, letter by letter; all the rest is for finding words for what is wrong.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from signoff.kernel.words import gettext_noop as _
from signoff.trust.lookalike import hidden_in, nearly, scripts_in, skeleton, without_hidden
from signoff.trust.officials import Officials
from signoff.trust.verdict import Kind, Reason, Standing, Verdict, shortened, verdict

SHORTENERS = frozenset(
    [
        "t.cn",
        "url.cn",
        "dwz.cn",
        "suo.im",
        "suo.nz",
        "mrw.so",
        "3.cn",
        "u.nu",
        "t.co",
        "bit.ly",
        "bitly.com",
        "tinyurl.com",
        "goo.gl",
        "is.gd",
        "v.gd",
        "ow.ly",
        "rb.gy",
        "cutt.ly",
        "s.id",
        "t.ly",
        "rebrand.ly",
        "buff.ly",
        "shorturl.at",
        "tiny.cc",
        "bl.ink",
        "qrco.de",
        "lnkd.in",
        "tr.ee",
        "c.tb.cn",
        "m.tb.cn",
    ]
)
"""Hosts that hide where a link leads."""

_PLAIN = re.compile(r"(?:(https?)://)?([a-z0-9.-]+(?::\d{1,5})?)(?:[/?#][!-~]*)?", re.IGNORECASE)
_DOTS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": "."})


@dataclass(frozen=True, slots=True)
class Address:
    """A link as a browser would take it apart. `slashes`: what stood before the host."""

    scheme: str
    slashes: str
    user: str
    host: str
    port: str


def judge_link(text: str, officials: Officials) -> Verdict:
    """`text` is one link, with or without https://."""
    text = text.strip()
    if origin := _official_origin(text, officials):
        reason = Reason("link_official", _("%(host)s is ours."), {"host": origin})
        return Verdict(Kind.LINK, shortened(text), Standing.OFFICIAL, (reason,))
    address = taken_apart(text)
    unknown = _not_official(address.host, officials)
    return verdict(Kind.LINK, text, unknown, _faults(text, address, officials))


def _not_official(host: str, officials: Officials) -> Reason:
    """Of a host of ours it is not said that it is another's."""
    if host in officials.hosts:
        return Reason(
            "link_not_as_ours",
            _(
                "%(host)s is ours, but this link is not written as ours are: with https://, plain "
                "letters and no other port."
            ),
            {"host": host},
        )
    return Reason("link_not_ours", _("%(host)s is not one of our addresses."), {"host": host})


def _official_origin(text: str, officials: Officials) -> str:
    """The host, if the link is ours letter by letter; otherwise ""."""
    plain = _PLAIN.fullmatch(text)
    if plain is None or not text.isascii():
        return ""
    scheme, place = (plain[1] or "").lower(), plain[2].lower()
    place = place.removesuffix(":443") if scheme == "https" else place
    schemes = [scheme] if scheme else ["https", "http"]
    return place if any(f"{s}://{place}" in officials.origins for s in schemes) else ""


def taken_apart(text: str) -> Address:
    """As browsers do (WHATWG URL, "special" schemes), with the tricks folded away."""
    plain = unicodedata.normalize("NFKC", without_hidden(text)).translate(_DOTS)
    plain = re.sub(r"\s", "", plain)
    scheme, rest = "", plain
    if match := re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?!\d{1,5}(?:[/?#\\]|$))", plain):
        scheme, rest = match[1].lower(), plain[match.end() :]
    slashes = re.match(r"[/\\]*", rest)
    before = slashes[0] if slashes else ""
    authority = re.split(r"[/\\?#]", rest[len(before) :], maxsplit=1)[0]
    user, _at, place = authority.rpartition("@")
    host, port = place, ""
    if match := re.fullmatch(r"(\[[^\]]*\]|[^:]*):(\d*)", place):
        host, port = match[1], match[2]
    return Address(scheme, before, user, _named(unquote(host)), port)


def _named(host: str) -> str:
    """In lower case, with the dots and the letters that punycode stands for; a dot at the end
    changes nothing."""
    plain = host.translate(_DOTS).lower().removesuffix(".")
    return ".".join(_unpunycoded(label) for label in plain.split("."))


def _unpunycoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


def _faults(text: str, address: Address, officials: Officials) -> Iterator[Reason]:
    if address.scheme not in {"", "http", "https"}:
        yield Reason(
            "link_scheme",
            _("It begins with “%(scheme)s:”, which opens no web page of ours."),
            {"scheme": address.scheme},
        )
        return
    yield from _spelling_faults(text, address)
    yield from host_faults(address.host, officials)


def _spelling_faults(text: str, address: Address) -> Iterator[Reason]:
    host = {"host": address.host}
    if hidden_in(text) or re.search(r"\s", text):
        yield Reason("link_hidden", _("It holds characters that one does not see."))
    if address.user:
        yield Reason(
            "link_user",
            _("What stands before the @ is not the address: it leads to %(host)s."),
            host,
        )
    if "\\" in text or (address.scheme and address.slashes != "//"):
        yield Reason("link_slashes", _("Its slashes are set oddly, to hide %(host)s."), host)
    written = without_hidden(text)
    if "%" in re.split(r"[/?#]", re.sub(r"^[a-zA-Z]+:/*", "", written), maxsplit=1)[0]:
        yield Reason("link_percent", _("Its host is written in code, to hide %(host)s."), host)
    if unicodedata.normalize("NFKC", written) != written or written != written.translate(_DOTS):
        yield Reason("link_wide", _("It is written with letters or dots that only look plain."))
    if "xn--" in written.lower():
        yield Reason("link_punycode", _("Its host is written in code and shows as %(host)s."), host)


def host_faults(host: str, officials: Officials) -> Iterator[Reason]:
    """What is wrong with a host that is not ours; nothing if it is merely somebody else's."""
    params = {"host": host}
    if _is_ip(host):
        yield Reason("host_ip", _("%(host)s is a bare number: we always use a name."), params)
        return
    if host in SHORTENERS or host.removeprefix("www.") in SHORTENERS:
        yield Reason(
            "host_short",
            _("%(host)s shortens links: it hides where it leads. We use none."),
            params,
        )
        return
    if any(len(scripts_in(label)) > 1 for label in host.split(".")):
        yield Reason("host_mixed", _("%(host)s mixes letters of several alphabets."), params)
    if any(host == ours or host.endswith(f".{ours}") for ours in officials.hosts):
        return
    for ours in sorted(officials.hosts):
        if (fault := _likeness(host, ours)) is not None:
            yield fault
            return


def _likeness(host: str, ours: str) -> Reason | None:
    """How `host` pretends to be `ours`, if it does."""
    if _is_ip(ours):
        return None
    params = {"host": host, "ours": ours}
    bare, our_bare = (skeleton(name).removeprefix("www.") for name in (host, ours))
    if ours in host:
        code, template = (
            "host_inside",
            _("%(host)s only has our %(ours)s inside it: what counts is the end of the name."),
        )
    elif bare == our_bare and host.removeprefix("www.") != ours.removeprefix("www."):
        code, template = (
            "host_twin",
            _("%(host)s is made to look like %(ours)s, with other letters."),
        )
    elif nearly(bare, our_bare):
        code, template = "host_near", _("%(host)s is almost %(ours)s, but not quite.")
    elif _uses_name(bare, _main_label(our_bare)):
        code, template = "host_name", _("%(host)s uses the name of %(ours)s, but is not ours.")
    else:
        return None
    return Reason(code, template, params)


def _uses_name(host: str, name: str) -> bool:
    return len(name) >= 4 and any(token.startswith(name) for token in re.split(r"[.-]", host))


def _main_label(host: str) -> str:
    """The label that people know a host by: the longest, but for the last."""
    labels = host.split(".")[:-1] or [host]
    return max(labels, key=len)


def _is_ip(host: str) -> bool:
    """Also the forms that browsers take: 2130706433, 0x7f.1, 0177.0.0.1."""
    if host.startswith("["):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2]
        return bool(re.fullmatch(r"\d+|0x[0-9a-f]*", last))
    return True
