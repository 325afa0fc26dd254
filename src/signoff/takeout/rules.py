"""How the files of a takeout are written. Pure: bytes from plain values."""

import csv
import hashlib
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

FORMAT = "signoff-takeout"
VERSION = 1
MANIFEST = "MANIFEST.json"

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class Person:
    """What goes on a contact card. telephones: E.164."""

    name: str
    email: str
    telephones: tuple[str, ...]


def json_file(value: Any) -> bytes:
    """For people and programs: UTF-8, indented."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def csv_file(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """RFC 4180, with a byte order mark: without it spreadsheets show Chinese as rubbish."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe_cell(column) for column in columns])
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet runs as a formula: such a beginning gets an apostrophe before it.

    Spreadsheets look past leading spaces, and take full-width signs too. Plain numbers, also
    negative ones, stay numbers.
    """
    text = "" if value is None else str(value)
    if _NUMBER.fullmatch(text) or not text.startswith(_FORMULA_SIGNS):
        stripped = text.lstrip()
        if stripped == text or not stripped.startswith(_FORMULA_SIGNS):
            return text
    return f"'{text}"


def vcard_file(person: Person) -> bytes:
    """One contact (vCard 4.0, RFC 6350), lines folded at 75 octets."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{_escaped(person.name)}"]
    if person.email:
        lines.append(f"EMAIL:{_escaped(person.email)}")
    lines += [f"TEL;VALUE=uri:tel:{number}" for number in person.telephones]
    lines.append("END:VCARD")
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _escaped(text: str) -> str:
    """RFC 6350 section 3.4. Control characters have no place in a name; every blank, also that of
    Chinese or one where no line breaks, is a plain one."""
    text = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    text = re.sub(r"\r\n?|\n", "\\\\n", text)
    plain = (" " if unicodedata.category(sign) == "Zs" else sign for sign in text)
    return "".join(sign for sign in plain if sign.isprintable() or sign == "\u200d")


def _folded(line: str) -> bytes:
    """RFC 6350 section 3.2: at most 75 octets a line, never within a character."""
    pieces: list[bytes] = []
    piece = b""
    for sign in line:
        octets = sign.encode()
        if len(piece) + len(octets) > (75 if not pieces else 74):
            pieces.append(piece)
            piece = b""
        piece += octets
    return b"\r\n ".join([*pieces, piece])


def manifest(files: Mapping[str, bytes], made_at: datetime) -> bytes:
    """Every file with its size and SHA-256, so that anybody can see whether all arrived whole."""
    return json_file(
        {
            "format": FORMAT,
            "version": VERSION,
            "made_at": made_at.isoformat(timespec="seconds"),
            "files": [
                {
                    "path": path,
                    "bytes": len(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                }
                for path, content in sorted(files.items())
            ],
        }
    )


def archive(files: Mapping[str, bytes], made_at: datetime) -> bytes:
    """A ZIP of `files` and their manifest. `made_at` is in the reader's time zone."""
    moment = made_at.timetuple()[:6]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for path, content in sorted({**files, MANIFEST: manifest(files, made_at)}.items()):
            entry = zipfile.ZipInfo(path, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            folder.writestr(entry, content)
    return out.getvalue()
