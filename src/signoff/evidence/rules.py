"""What a file must be before anybody decodes it, and when a picture must go. Pure.

Nothing here decodes: first bytes, lengths and markers are read as bytes. The decoders themselves
run in `decoding`, in a process of their own.
"""

import enum
import math
import re
from collections.abc import Collection
from datetime import datetime, timedelta

from signoff.closing.rules import CaseState
from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _

MAX_BYTES = 12_000_000
MAX_PIXELS = 50_000_000
"""Telephones take pictures of 48 million dots today; what is larger is not a photo of a paper."""
MAX_SIDE = 3000
"""Dots of the longest side of what is kept: A4 at 250 dots an inch."""
MIN_SIDE = 200
"""Dots of the shortest side, below which nothing on a paper can be read."""
MAX_PAGES = 4
MAX_PICTURES = 8
"""Of a case, each page counted."""
DRAFT_LASTS = timedelta(days=30)
"""After the last picture: a draft that nobody sends by then loses its pictures."""

OPEN_FOR_PICTURES = frozenset({CaseState.DRAFT, CaseState.MORE_INFO})
DECIDED = frozenset(
    {
        CaseState.APPROVED,
        CaseState.COOLING_OFF,
        CaseState.TO_CONFIRM,
        CaseState.CLOSING,
        CaseState.NEEDS_ATTENTION,
        CaseState.CLOSED,
        CaseState.WITHDRAWN,
        CaseState.REFUSED,
    }
)
"""States in which the pictures have served. One that is not listed here keeps them."""


class MediaType(enum.Enum):
    """What may be sent, as its first bytes say; the name of a file is never asked."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"


_FIELD = "picture"
REFUSALS = {
    "empty": _("This file is empty. Choose it again, or take a new photo."),
    "too_large": _(
        "This file is %(size)s MB; at most %(limit)s MB are taken. Take a photo of the paper with "
        "fewer dots, or save the file smaller."
    ),
    "not_a_picture": _(
        "This file is neither a photo (JPEG, PNG, WebP, HEIC) nor a PDF. Take a photo of the paper "
        "and send that."
    ),
    "two_in_one": _(
        "This file is a picture and something else at the same time. Take a new photo of the paper "
        "and send that."
    ),
    "unreadable": _(
        "This file is damaged or not whole, and cannot be read. Take a new photo of the paper."
    ),
    "too_many_pixels": _(
        "This picture has %(size)s million dots; at most %(limit)s million are taken. Choose a "
        "smaller size in the camera, or send a screenshot of it."
    ),
    "too_small": _(
        "This picture is %(width)s × %(height)s dots: nothing on it can be read. Send one that is "
        "at least %(limit)s dots wide and high."
    ),
    "no_heic": _(
        "Photos in the form HEIC cannot be read here. Choose “most compatible” (JPEG) in the "
        "settings of the camera, or send a screenshot of the photo."
    ),
    "pdf_locked": _(
        "This PDF is locked with a password. Save it without one, or take a photo of the paper."
    ),
    "pdf_program": _(
        "This PDF contains a program. Print it into a new PDF, or take a photo of the paper."
    ),
    "too_hard": _(
        "This file takes too long to read just now. Try again in a minute, or send a photo of the "
        "paper with fewer dots."
    ),
}


def refusal(code: str, **params: object) -> InvalidValue:
    """The words for a file that is not taken. Raises KeyError for a code that there is not."""
    return InvalidValue(code, REFUSALS[code], field=_FIELD, **params)


def check_pixels(width: int, height: int) -> None:
    """The size that the header names, before anything is decoded. Raises InvalidValue."""
    if width * height > MAX_PIXELS:
        size = math.ceil(width * height / 1_000_000)
        raise refusal("too_many_pixels", size=size, limit=MAX_PIXELS // 1_000_000)
    if min(width, height) < MIN_SIDE:
        raise refusal("too_small", width=width, height=height, limit=MIN_SIDE)


def media_type_of(content: bytes) -> MediaType:
    """By content alone: size, first bytes, and nothing else hidden in it. Raises InvalidValue.

    Says what the file claims to be; whether it can be decoded, `decoding` finds out.
    """
    if not content:
        raise refusal("empty")
    if len(content) > MAX_BYTES:
        size = math.ceil(len(content) / 100_000) / 10
        raise refusal("too_large", size=f"{size:g}", limit=MAX_BYTES // 1_000_000)
    kind = _by_first_bytes(content)
    if kind is None:
        raise refusal("not_a_picture")
    if _is_something_else_too(content, kind):
        raise refusal("two_in_one")
    if kind is MediaType.PDF and _PROGRAM.search(_names_unescaped(content)):
        raise refusal("pdf_program")
    return kind


_FIRST_BYTES = {
    MediaType.JPEG: re.compile(rb"\xff\xd8\xff"),
    MediaType.PNG: re.compile(rb"\x89PNG\r\n\x1a\n"),
    MediaType.WEBP: re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    # ISO/IEC 23008-12, 10: single pictures; not a series of them (hevc), and not AV1 (avif).
    MediaType.HEIC: re.compile(rb".{4}ftyp(?:hei[cxms]|mif1)", re.DOTALL),
    MediaType.PDF: re.compile(rb"%PDF-"),
}


def _by_first_bytes(content: bytes) -> MediaType | None:
    return next((kind for kind, head in _FIRST_BYTES.items() if head.match(content)), None)


# Long enough that twelve million bytes of compressed picture hit none of them by chance.
_MARKUP = re.compile(
    rb"<(?:script[\s>/]|!doctype[\s>]|html[\s>]|iframe[\s>]|svg\s[^<>]{0,400}xmlns|\?php\s)",
    re.IGNORECASE,
)
_PDF_HEAD = re.compile(rb"%PDF-\d\.\d")
_ARCHIVE_END = b"PK\x05\x06"


def _is_something_else_too(content: bytes, kind: MediaType) -> bool:
    """A page for a browser, a PDF inside of a picture, or an archive behind it.

    What a camera adds behind its picture (a second picture, a film) is not refused: it is lost
    when the picture is written anew.
    """
    if _MARKUP.search(content):
        return True
    if kind is not MediaType.PDF and _PDF_HEAD.search(content):
        return True
    # ZIP, 4.3.16: the end record is 22 bytes and a comment, whose length stands in the last two.
    at = content.rfind(_ARCHIVE_END, max(0, len(content) - 22 - 0xFFFF))
    return at >= 0 and at + 22 + int.from_bytes(content[at + 20 : at + 22], "little") <= len(
        content
    )


# ISO 32000-1, 12.6.4: kinds of actions that run something. What hides in a compressed stream is
# not found, and does nothing either: only the drawn page is kept.
_PROGRAM = re.compile(rb"/(?:JavaScript|Launch)\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def _names_unescaped(content: bytes) -> bytes:
    """ISO 32000-1, 7.3.5: any letter of a name may be written as # and two hexadecimal digits."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)


_ALLOWED_SEGMENTS = {0xE0, 0xDB, 0xC0, 0xC4, 0xDD}
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]")


def plain_jpeg_size(content: bytes) -> tuple[int, int]:
    """Width and height of a JPEG that carries the picture and nothing besides.

    Tables, one frame, one scan (ITU-T T.81, annex B), the short JFIF head and not a byte behind the
    end: no EXIF, no comment, no colour profile. Raises ValueError for anything else. It is how the
    answer of the decoding process, which has read a stranger's file, is looked at.
    """
    if content[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    at, size = 2, (0, 0)
    while content[at : at + 2] != b"\xff\xda":
        marker, length = content[at + 1 : at + 2], int.from_bytes(content[at + 2 : at + 4])
        if content[at : at + 1] != b"\xff" or not marker or marker[0] not in _ALLOWED_SEGMENTS:
            raise ValueError("a segment that does not belong to the picture")
        if marker == b"\xe0" and (length != 16 or content[at + 4 : at + 9] != b"JFIF\0"):
            raise ValueError("more than the short JFIF head")
        if marker == b"\xc0":
            body = content[at + 5 : at + 9]
            size = int.from_bytes(body[2:]), int.from_bytes(body[:2])
        at += 2 + length
    end = _NEXT_MARKER.search(content, at + 2)
    if end is None or end[0] != b"\xff\xd9" or end.end() != len(content):
        raise ValueError("more than one scan, or bytes behind the end")
    if not 0 < max(size) <= MAX_SIDE or min(size) < 1:
        raise ValueError("not the size that is kept")
    return size


def check_kind(kind: str, allowed: Collection[str]) -> None:
    """Only what the rule pack lets us ask for is taken. Raises InvalidValue."""
    if kind not in allowed:
        raise InvalidValue(
            "kind_not_asked",
            _("We do not ask for this paper, and must not keep it. Choose one of the list."),
            field="kind",
        )


def is_due(
    *,
    state: CaseState,
    decided_at: datetime | None,
    ended_at: datetime | None,
    last_added: datetime,
    kept_for: timedelta,
    now: datetime,
) -> bool:
    """Whether the pictures of a case must go.

    kept_for: after the decision, or after the end of a case that was never decided.
    """
    if state is CaseState.DRAFT:
        return now >= last_added + DRAFT_LASTS
    since = decided_at or ended_at
    return state in DECIDED and since is not None and now >= since + kept_for
