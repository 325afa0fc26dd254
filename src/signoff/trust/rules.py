"""Is this link, number or message really from us? Pure: no clock, no database, no network."""

import re

from signoff.kernel.words import gettext_noop as _
from signoff.trust.links import judge_link
from signoff.trust.messages import demands, mentions_secret, parts_of
from signoff.trust.numbers import ADDRESS, is_number, judge_address, judge_number, judge_sender
from signoff.trust.officials import Officials
from signoff.trust.verdict import Kind, Reason, Standing, Verdict, shortened

LONGEST = 4000
"""Characters that are read of a message."""

_ONE_LINK = re.compile(r"[a-z][a-z0-9+.-]*:\S+|[^\s@]+\.[^\s@]+", re.IGNORECASE)
_BEGINS_AS_LINK = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_CLAUSE = r"\uff0c\u3001\uff1a\uff1b\uff01\uff1f"
_SENTENCE = re.compile(
    rf"[\u3400-\u9fff][{_CLAUSE}\u3011\u300d\u201d]|[{_CLAUSE}\u3010\u300c\u201c][\u3400-\u9fff]"
    r"|[\u3400-\u9fff]https?:[/\\]",
    re.IGNORECASE,
)
"""A Chinese letter beside a mark of Chinese sentences, or before a whole link; not beside a full
stop, which may be a dot."""


def judge(text: str, officials: Officials) -> Verdict:
    """One link, number, mail address, sender's name, or a whole message.

    Official is said only of an exact match; never of a message, because a forger can quote our
    own links and numbers.
    """
    plain = text.strip()
    if plain in officials.senders:
        return judge_sender(plain, officials)
    if is_number(plain):
        return judge_number(plain, officials)
    if len(plain) <= LONGEST and _ONE_LINK.fullmatch(plain) and not _is_chinese_text(plain):
        return judge_link(plain, officials)
    if len(plain) <= LONGEST and ADDRESS.fullmatch(plain) and "/" not in plain:
        return judge_address(plain, officials)
    return judge_message(plain, officials)


def _is_chinese_text(plain: str) -> bool:
    """Chinese sentences have no blanks: their marks, or a demand, tell them from a strange host."""
    if _BEGINS_AS_LINK.match(plain):
        return False
    return bool(_SENTENCE.search(plain)) or any(demands(plain))


def judge_message(text: str, officials: Officials) -> Verdict:
    """A text in Chinese or English: its links and numbers one by one, and what it asks for."""
    read = text[:LONGEST]
    mails, links, numbers = parts_of(read, officials.region)
    parts = (
        *(judge_link(link, officials) for link in links),
        *(judge_address(mail, officials) for mail in mails),
        *(judge_number(number, officials) for number in numbers),
    )
    bad = [*demands(read)]
    if any(part.standing is Standing.SUSPICIOUS for part in parts):
        bad.append(
            Reason("part_suspicious", _("There is something in it that only pretends to be ours."))
        )
    standing = Standing.SUSPICIOUS if bad else Standing.UNKNOWN
    reasons = (*bad, *_notes(text, parts, asked=bool(bad)))
    return Verdict(Kind.MESSAGE, shortened(text), standing, reasons, parts)


def _notes(text: str, parts: tuple[Verdict, ...], *, asked: bool) -> list[Reason]:
    notes = []
    if not parts:
        notes.append(Reason("nothing_found", _("There is no link and no number in it to check.")))
    elif all(part.standing is Standing.OFFICIAL for part in parts):
        notes.append(
            Reason(
                "parts_official",
                _("The links and numbers in it are ours, but anybody can quote them."),
            )
        )
    elif any(part.standing is Standing.UNKNOWN for part in parts):
        notes.append(Reason("parts_unknown", _("There is something in it that is not ours.")))
    if mentions_secret(text) and not asked:
        notes.append(
            Reason("never_tell", _("Never tell anybody a password or a code, not even us."))
        )
    if len(text) > LONGEST:
        notes.append(Reason("too_long", _("Only the beginning was read: it is very long.")))
    return notes
