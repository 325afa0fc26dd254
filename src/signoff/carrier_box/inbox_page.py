"""The inbox as HTML. Everything that came from outside goes through `html.escape`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from signoff.carrier_box.inbox_words import Words

Row = Mapping[str, Any]
_URL = re.compile(r"(https?://[^\s<>\"']+)")
_TONES = {1: "waits", 2: "good", 4: "quiet", 5: "bad"}


@dataclass(frozen=True, slots=True)
class Inbox:
    """What is to be shown, newest first. `codes`: user, code or None, seconds left."""

    wanted: str
    texts: Sequence[Row]
    letters: Sequence[Row]
    subscribers: Sequence[tuple[str, str, str]]
    """Number, IMSI, one of yes, no, gone."""
    refunds: Sequence[tuple[str, str, str]]
    """Payment, amount with currency, key."""
    codes: Sequence[tuple[str, str | None, int]]


def page(inbox: Inbox, words: Words) -> str:
    """The whole document."""
    sections = [
        f'<div class="wide">{_texts(inbox.texts, words)}{_letters(inbox.letters, words)}</div>',
        f'<div class="narrow">{_codes(inbox.codes, words)}{_network(inbox.subscribers, words)}'
        f"{_refunds(inbox.refunds, words)}</div>",
    ]
    return (
        f'<!doctype html><html lang="{words["lang"]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(words['title'])}</title>"
        '<link rel="stylesheet" href="/inbox.css"></head><body>'
        f"<header><h1>{escape(words['title'])}</h1><p>{escape(words['about'])}</p>"
        f"{_search(inbox.wanted, words)}</header><main>{''.join(sections)}</main></body></html>"
    )


def _search(wanted: str, words: Words) -> str:
    back = f'<a href="/">{escape(words["all"])}</a>' if wanted else ""
    return (
        '<form method="get" action="/" role="search">'
        f'<label for="find">{escape(words["find"])}</label>'
        f'<input id="find" name="find" value="{escape(wanted)}" autocomplete="off">'
        f"<button>{escape(words['show'])}</button>{back}"
        f'<button class="plain">{escape(words["refresh"])}</button></form>'
    )


def _section(name: str, words: Words, body: Iterable[str], about: str = "") -> str:
    content = "".join(body) or f'<p class="none">{escape(words["none"])}</p>'
    note = f"<p>{escape(about)}</p>" if about else ""
    return (
        f'<section aria-labelledby="{name}"><h2 id="{name}">{escape(words[name])}</h2>'
        f"{note}{content}</section>"
    )


def _texts(rows: Sequence[Row], words: Words) -> str:
    return _section("texts", words, (_text(row, words) for row in rows))


def _text(row: Row, words: Words) -> str:
    state = int(row["state"])
    return (
        f'<article><p class="head"><b>+{escape(row["number"])}</b>'
        f'<span class="tag {_TONES.get(state, "quiet")}">'
        f"{escape(words.get(f'state_{state}', str(state)))}</span></p>"
        f'<p class="body">{escape(row["text"])}</p>'
        f'<p class="small">{escape(words["from"])} {escape(row["sender"])}</p></article>'
    )


def _letters(rows: Sequence[Row], words: Words) -> str:
    return _section("letters", words, (_letter(row, words) for row in rows))


def _letter(row: Row, words: Words) -> str:
    attached = ", ".join(escape(name) for name in row["attachments"])
    more = f'<p class="small">{escape(words["attachments"])}: {attached}</p>' if attached else ""
    if row["arrivals"] > 1:
        again = words["arrived"] % {"count": row["arrivals"]}
        more += f'<p class="small">{escape(again)}</p>'
    recipients = escape(", ".join(row["recipients"]))
    return (
        f'<article><p class="head"><b>{escape(row["subject"])}</b></p>'
        f'<p class="small">{escape(words["to"])} {recipients}</p>'
        f'<p class="body">{_with_links(row["text"].strip())}</p>{more}</article>'
    )


def _with_links(text: str) -> str:
    """Addresses of pages can be followed; what is odd about them was escaped before."""
    pieces = _URL.split(text)
    return "".join(
        f'<a href="{escape(piece)}" rel="noreferrer">{escape(piece)}</a>'
        if place % 2
        else escape(piece)
        for place, piece in enumerate(pieces)
    )


def _network(rows: Sequence[tuple[str, str, str]], words: Words) -> str:
    tones = {"yes": "good", "no": "waits", "gone": "quiet"}
    body = [
        f"<tr><td>{escape('+' + number if number else '')}"
        f'<div class="small">{escape(words["imsi"])} {escape(imsi)}</div></td><td>'
        f'<span class="tag {tones[service]}">{escape(words[f"service_{service}"])}</span></td></tr>'
        for number, imsi, service in rows
    ]
    return _section("network", words, _table(("number", "service"), body, words))


def _refunds(rows: Sequence[tuple[str, str, str]], words: Words) -> str:
    body = [
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
        for row in rows
    ]  # fmt: skip
    return _section("refunds", words, _table(("payment", "amount", "key"), body, words))


def _table(heads: Sequence[str], body: Sequence[str], words: Words) -> list[str]:
    if not body:
        return []
    head = "".join(f'<th scope="col">{escape(words[name])}</th>' for name in heads)
    return [
        '<div class="scroll" tabindex="0"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    ]


def _codes(rows: Sequence[tuple[str, str | None, int]], words: Words) -> str:
    body = [
        f'<article><p class="head"><b>{escape(user)}</b><span class="code">'
        f"{escape(code or words['bad_secret'])}</span></p>"
        f'<p class="small">{escape(words["seconds"] % {"count": left})}</p></article>'
        for user, code, left in rows
    ]
    return _section("codes", words, body, words["codes_about"])
