"""A passport says who it is for twice: in print, and in the lines for machines. Pure.

Who alters a passport alters what people read. So what is printed is held against the lines, whose
check digits prove how they were read; what was misread in print is at most a reason to look.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from signoff.idcheck import findings as say
from signoff.idcheck.comparison.numbers import tokens_of
from signoff.idcheck.comparison.spelling import spellings
from signoff.idcheck.documents import printed_page
from signoff.idcheck.documents.machine_readable import MachineReadable
from signoff.idcheck.documents.printed_page import Page
from signoff.idcheck.findings import Finding
from signoff.idcheck.lines import Line
from signoff.idcheck.misreadings import differences

_SHORTEST = 4
"""Letters of a name that are looked for within a row, where names may be written together."""


def contradictions(lines: Sequence[Line], read: MachineReadable) -> list[Finding]:
    """What is printed otherwise than the lines have it; and that something could not be found."""
    page = printed_page.parse(lines)
    found = [
        _number(page, read),
        _names(page, read),
        *_days(page, read),
        *_sex(page, read),
    ]
    said = [finding for finding in found if finding is not None]
    unread = [finding for finding in said if finding.reason.code == "printed_unread"]
    return [finding for finding in said if finding not in unread] + unread[:1]


def _unread() -> Finding:
    return say.closely("printed_unread")


def _number(page: Page, read: MachineReadable) -> Finding | None:
    """Only where the check digit proves how the lines were read."""
    if not read.checks.number:
        return None
    printed = tokens_of(page.rows)
    if read.number in printed:
        return None
    if any(_is_similar(token, read.number) for token in printed):
        return say.closely("printed_number_differs")
    return _unread()


def _is_similar(token: str, number: str) -> bool:
    """A number like this one, with up to three signs that differ."""
    pairs = differences(token, number)
    return pairs is not None and 0 < len(pairs) <= 3 and any(sign.isdigit() for sign in token)


def _names(page: Page, read: MachineReadable) -> Finding | None:
    """Every part of the name has to be printed; the last may be cut short in the lines."""
    parts = [part for part in re.split("<+", read.names) if part]
    rows = [_ways(row) for row in page.rows]
    there = [_stands(part, rows) for part in parts[:-1]]
    there += [_stands(part, rows, begins=read.cut_short) for part in parts[-1:]]
    return None if there and all(there) else say.closely("printed_name_unread")


def _ways(row: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a row in every spelling, and the row written together."""
    words = [spellings(word) for word in re.split(r"[\s,.;:/()\-‐–·<]+", row)]
    together = {"".join(min(word) for word in words if word)}
    together.add("".join(max(word, key=len) for word in words if word))
    return frozenset(way for word in words for way in word), frozenset(together)


def _stands(
    part: str,
    rows: Collection[tuple[frozenset[str], frozenset[str]]],
    *,
    begins: bool = False,
) -> bool:
    """A letter may be lost: the OCR leaves out some that are rare, like Ļ and Ų."""
    for words, together in rows:
        if part in words or (begins and any(word.startswith(part) for word in words)):
            return True
        if len(part) >= _SHORTEST and (
            any(part in text for text in together) or _without_one(part) & words
        ):
            return True
    return False


def _without_one(part: str) -> frozenset[str]:
    return frozenset(part[:place] + part[place + 1 :] for place in range(len(part)))


def _days(page: Page, read: MachineReadable) -> Iterator[Finding]:
    """A page has three dates: birth, issue, expiry. Fewer found, and one may be the one missed."""
    for day, holds, code in (
        (read.birth, read.checks.birth, "printed_birth_differs"),
        (read.expires, read.checks.expiry, "printed_expiry_differs"),
    ):
        if day is None or not holds or any(one.is_that_of(day) for one in page.days):
            continue
        near = any(
            (one.month, one.day) == (day.month, day.day) or one.year in {day.year, day.year % 100}
            for one in page.days
        )
        yield say.closely(code) if near or len(page.days) > 1 else _unread()


def _sex(page: Page, read: MachineReadable) -> Iterator[Finding]:
    """One letter is easily missed, so only its opposite is told."""
    if read.sex and page.sexes and read.sex not in page.sexes:
        yield say.closely("printed_sex_differs")
