"""The bytes of a CSV file (RFC 4180, and what spreadsheets make of it) as records with lines."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _

SEPARATORS = ",;\t"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Unreadable(Refusal):
    """The file cannot be read as a table at all. `line` is where reading stopped, 0 if nowhere."""

    def __init__(self, code: str, template: str, *, line: int = 0, **params: object) -> None:
        self.line = line
        super().__init__(code, template, **params)


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record and the line that it begins on."""

    line: int
    cells: tuple[str, ...]


def decoded(content: bytes) -> str:
    """UTF-8, with or without the byte order mark that Excel writes. Raises Unreadable."""
    if content.startswith(_WIDE_MARKS):
        raise Unreadable("utf16", _("The file is in UTF-16: save it as “CSV UTF-8”."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            "encoding",
            _("The file is not in UTF-8: save it as “CSV UTF-8”."),
            line=content.count(b"\n", 0, error.start) + 1,
        ) from None


def records(text: str) -> Iterator[Record]:
    """Every record that is not blank; lines may end in LF, CRLF or CR. Raises Unreadable.

    The separator is the one of comma, semicolon and tabulator that the first line has most of.
    """
    if not text.strip():
        raise Unreadable("empty", _("The file is empty: its first line must name the columns."))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    line = 1
    try:
        for cells in reader:
            trimmed = tuple(cell.strip(" \t\r\n\u00a0\u3000") for cell in cells)
            if any(trimmed):
                yield Record(line, trimmed)
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(
            "quotes",
            _("The line cannot be split into cells (%(detail)s): check its quotation marks."),
            line=line,
            detail=error,
        ) from None


def _separator(text: str) -> str:
    first = text.lstrip().splitlines()[0]
    return max(SEPARATORS, key=first.count)


def unprintable(cell: str) -> str | None:
    """Name of the first character that has no place in a cell, like U+0000; None if there is none.

    Control characters, and the marks that turn the direction of writing: with these a name can
    be made to look like another one.
    """
    for sign in cell:
        if sign in _TURNING or sign == "\ufeff" or unicodedata.category(sign) in {"Cc", "Cs", "Cn"}:
            return f"U+{ord(sign):04X}"
    return None
