"""Reading one mail (RFC 5322) that a stranger wrote: bounded, without decoding what is no text.

The old interface of the standard library is used on purpose: it takes every header as it is, and
does not parse what nobody asked for.
"""

import hashlib
import html
import re
import string
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from itertools import islice

from signoff.kernel.errors import SignoffError
from signoff.talk.rules import LONGEST, own_words

LARGEST = 10 * 1024 * 1024
"""Octets of a mail; more is refused before it is read."""
_PARTS = 100
_HEADER_LENGTH = 2000
_TEXT_LENGTH = 200_000

_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


class UnreadableMail(SignoffError):
    """It is no mail, or one that is built to do harm."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """recipients, sender: addresses in small letters. text: the customer's own words, at most
    `LONGEST` characters. key: the same for the same mail. is_automatic: a machine wrote it."""

    recipients: tuple[str, ...]
    sender: str
    text: str
    was_cut: bool
    left_out: int
    is_automatic: bool
    key: str


def read(content: bytes) -> Incoming:
    """Raises UnreadableMail."""
    if len(content) > LARGEST:
        raise UnreadableMail("larger than 10 MB")
    try:
        return _read(content)
    except UnreadableMail:
        raise
    except (Exception, RecursionError) as error:  # noqa: BLE001 - a stranger's bytes
        raise UnreadableMail(type(error).__name__) from None


def _read(content: bytes) -> Incoming:
    mail = message_from_bytes(content)
    if not mail.keys():
        raise UnreadableMail("no header")
    parts = [part for part in islice(mail.walk(), _PARTS) if not part.is_multipart()]
    body = _body(parts)
    whole = "" if body is None else own_words(_text(body))
    return Incoming(
        recipients=tuple(dict.fromkeys(a for name in _TO for a in _addresses(mail, name))),
        sender=next(iter(_addresses(mail, "From")), ""),
        text=whole[:LONGEST],
        was_cut=len(whole) > LONGEST,
        left_out=sum(_is_attached(part) for part in parts if part is not body),
        is_automatic=_is_automatic(mail),
        key=hashlib.sha256(_header(mail, "Message-ID").encode() or content).hexdigest(),
    )


def _header(mail: Message, name: str) -> str:
    return str(mail.get(name, ""))[:_HEADER_LENGTH].strip()


def _addresses(mail: Message, name: str) -> list[str]:
    headers = [str(value)[:_HEADER_LENGTH] for value in mail.get_all(name, [])[:5]]
    return [address.casefold() for _name, address in getaddresses(headers) if "@" in address]


def _is_automatic(mail: Message) -> bool:
    """RFC 3834 section 5, and what programs of the time before it do."""
    submitted = _header(mail, "Auto-Submitted").casefold()
    if submitted and not submitted.startswith("no"):
        return True
    if _header(mail, "Precedence").casefold() in {"bulk", "junk", "list", "auto_reply"}:
        return True
    if _header(mail, "Return-Path") == "<>":
        return True
    return mail.get_content_type() == "multipart/report" or "X-Autoreply" in mail


def _body(parts: list[Message]) -> Message | None:
    """The first text that is not attached; a page only if there is no plain text."""
    shown = [part for part in parts if part.get_content_disposition() != "attachment"]
    for kind in ("text/plain", "text/html"):
        found = next((part for part in shown if part.get_content_type() == kind), None)
        if found is not None:
            return found
    return None


def _is_attached(part: Message) -> bool:
    """Not another form of the text itself."""
    return bool(part.get_filename()) or part.get_content_maintype() != "text"


def _text(part: Message) -> str:
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    charset = str(part.get_content_charset() or "utf-8")
    try:
        text = content.decode(charset, "replace")
    except (LookupError, ValueError):
        text = content.decode("utf-8", "replace")
    text = text[:_TEXT_LENGTH]
    return _words_of_page(text) if part.get_content_type() == "text/html" else text


_HIDDEN = frozenset({"script", "style", "head", "title", "template", "textarea"})
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "blockquote", "h1", "h2", "h3"})
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_TAG = re.compile(r"</?([a-z0-9]{1,20})")


def _words_of_page(text: str) -> str:
    """Only what a reader would see, without quotes; nothing of it is ever shown as a page.

    In one pass: the parser of the standard library needs minutes for a page of nothing but `<!--`.
    """
    small = text.translate(_SMALL)  # `lower` would make some texts longer
    words: list[str] = []
    place = quoted = 0
    while place < len(text):
        opening = small.find("<", place)
        end = len(text) if opening < 0 else opening
        if not quoted:
            words.append(text[place:end])
        place, name, closes = _after_tag(small, end)
        if name == "blockquote":
            quoted = max(quoted - 1, 0) if closes else quoted + 1
        if name in _BREAKS:
            words.append("\n")
    return html.unescape("".join(words))


def _after_tag(small: str, opening: int) -> tuple[int, str, bool]:
    """Where the text goes on after the tag at `opening`; its name; whether it is an end tag."""
    if small.startswith("<!--", opening):
        return _after("-->", small, opening), "", False
    tag = _TAG.match(small, opening)
    name = tag[1] if tag else ""
    closes = small.startswith("</", opening)
    if name in _HIDDEN and not closes:
        return _after(">", small, _after(f"</{name}", small, opening)), name, closes
    return _after(">", small, opening), name, closes


def _after(sign: str, small: str, start: int) -> int:
    """Behind the next `sign`; the end of the text if there is none."""
    found = small.find(sign, start)
    return len(small) if found < 0 else found + len(sign)
