"""Reads a stranger's file and draws it anew. A program of its own: `python -m` runs it.

In: one line of JSON with what to do, then the bytes. Out: one line of JSON, then the pictures. It
knows neither settings nor database nor network, and before it reads the first byte of the file it
gives up the right to open anything: a decoder that is tricked has nothing to steal and nowhere to
send it.
"""

import io
import json
import resource
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

# All that will be needed is loaded here, since later nothing can be opened any more.
from PIL import ExifTags, Image, ImageDraw, ImageFont, TiffImagePlugin
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from signoff.evidence.rules import MAX_PAGES, MAX_SIDE, MediaType, check_pixels, refusal
from signoff.kernel.errors import InvalidValue

MEMORY = 1_500_000_000
"""Bytes of address space: 50 million dots twice, in four colours, and the libraries."""
CPU_SECONDS = 8
QUALITY = 88
DOTS_A_POINT = 300 / 72
"""A page of a PDF is drawn with 300 dots an inch, or fewer if it would be larger than MAX_SIDE."""

assert TiffImagePlugin  # noqa: S101 - Pillow loads it late, to read the orientation in EXIF


_READERS: dict[MediaType, Callable[[io.BytesIO], ImageFile]] = {
    MediaType.JPEG: JpegImageFile,
    MediaType.PNG: PngImageFile,
    MediaType.WEBP: WebPImageFile,
}


def main() -> None:
    """What stands on standard input; anything that goes wrong with the file is a refusal."""
    todo = json.loads(sys.stdin.buffer.readline())
    media = MediaType(todo["media"])
    try:
        _load(media)
        _give_up_rights(media)
        pages, left_out = drawn_anew(sys.stdin.buffer.read(), media, mark=todo.get("mark", ""))
    except InvalidValue as error:
        _answer({"refusal": error.code, "params": dict(error.params)}, [])
    else:
        _answer({"lengths": [len(page) for page in pages], "left_out": left_out}, pages)


def drawn_anew(content: bytes, media: MediaType, *, mark: str = "") -> tuple[list[bytes], int]:
    """JPEGs of nothing but dots, and how many pages were left out. Raises InvalidValue.

    mark: text to write all over them.
    """
    try:
        pages, left_out = _pages(content, media)
        return [_written(_marked(page, mark) if mark else page) for page in pages], left_out
    except InvalidValue:
        raise
    except Exception:  # noqa: BLE001 - decoders raise whatever a hostile file makes them raise
        raise refusal("unreadable") from None


def _load(media: MediaType) -> None:
    """The one decoder that is needed besides Pillow's."""
    Image.preinit()
    if media is MediaType.HEIC:
        try:
            import pi_heif  # noqa: F401, PLC0415 - takes a while, and is rarely needed
        except ImportError:
            raise refusal("no_heic") from None  # an operator may do without: ADR 9
    elif media is MediaType.PDF:
        import pypdfium2  # noqa: F401, PLC0415


def _give_up_rights(media: MediaType) -> None:
    """No file, no socket, no other process; little memory and time."""
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 0,
    }
    if media is not MediaType.HEIC:  # its decoder dies without a thread of its own
        limits[resource.RLIMIT_NPROC] = 0
    for what, limit in limits.items():
        resource.setrlimit(what, (limit, limit))


def _answer(head: dict[str, Any], parts: list[bytes]) -> None:
    out: BinaryIO = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n")
    out.writelines(parts)
    out.flush()


def _pages(content: bytes, media: MediaType) -> tuple[list[Image.Image], int]:
    """The pictures to keep, upright, in plain colours; and how many pages were left out."""
    match media:
        case MediaType.PDF:
            return _drawn(content)
        case MediaType.HEIC:
            return [_plain(_from_heic(content))], 0
    # The class and not Image.open: no other parser than the one that the first bytes name.
    picture = _READERS[media](io.BytesIO(content))
    check_pixels(*picture.size)
    turned = picture.getexif().get(ExifTags.Base.Orientation, 1)
    picture.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a JPEG is decoded no larger than it is needed
    picture.load()
    return [_upright(_plain(picture), turned)], 0


def _from_heic(content: bytes) -> Image.Image:
    """libheif turns it upright itself; its EXIF would turn it twice."""
    import pi_heif  # noqa: PLC0415 - loaded before

    pi_heif.options.DECODE_THREADS = 1  # there is no right to start any
    found = pi_heif.open_heif(io.BytesIO(content))
    check_pixels(*found.size)
    picture: Image.Image = found.to_pillow()
    return picture


def _drawn(content: bytes) -> tuple[list[Image.Image], int]:
    """Pages of a PDF as pictures: scripts, links, forms and attachments end here."""
    import pypdfium2  # noqa: PLC0415 - loaded before
    from pypdfium2 import raw  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD:
            raise refusal("pdf_locked") from None
        raise
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        raise refusal("pdf_program")
    count = len(document)
    pages = []
    for page in (document[number] for number in range(min(count, MAX_PAGES))):
        scale = min(DOTS_A_POINT, MAX_SIDE / max(page.get_size()))
        drawn = page.render(scale=scale, may_draw_forms=False).to_pil()
        check_pixels(*drawn.size)
        pages.append(_plain(drawn))
    if not pages:
        raise refusal("unreadable")
    return pages, count - len(pages)


def _plain(picture: Image.Image) -> Image.Image:
    """At most MAX_SIDE dots, eight bits of red, green and blue, on white."""
    if picture.mode.startswith("I"):  # sixteen bits of grey: Pillow would cut, not scale
        picture = picture.convert("I").point(lambda value: value / 257).convert("L")
    elif picture.mode in {"1", "P", "PA"}:
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    # Smaller first: a copy of 50 million dots takes 200 MB.
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        picture = Image.new("RGB", seen.size, "white")
        picture.paste(seen, mask=seen)
    return picture if picture.mode == "RGB" else picture.convert("RGB")


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _upright(picture: Image.Image, turned: int) -> Image.Image:
    """As the one who held the camera saw it (EXIF 2.32, tag 0x0112)."""
    return picture.transpose(_TURNS[turned]) if turned in _TURNS else picture


def _written(picture: Image.Image) -> bytes:
    """A JPEG of the dots alone."""
    fresh = Image.frombytes("RGB", picture.size, picture.tobytes())
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _marked(picture: Image.Image, text: str) -> Image.Image:
    """The text across the whole picture, light on dark and dark on light, so that no part of it
    can be cut out or painted over without being seen."""
    size = max(14, max(picture.size) // 50)
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(text)
    line = Image.new("L", (int(right - left) + 2 * size, int(bottom - top) + size))
    ImageDraw.Draw(line).text((size - left, size / 2 - top), text, fill=150, font=font)
    line = line.rotate(30, expand=True, resample=Image.Resampling.BICUBIC)
    mask = Image.new("L", picture.size)
    across, down = int(line.width * 0.8), int(line.height * 0.5)
    for row, y in enumerate(range(-line.height, picture.height, down)):
        for x in range(-line.width + row % 2 * across // 2, picture.width, across):
            mask.paste(line, (x, y), line)
    picture.paste((0, 0, 0), mask=mask)
    edge = max(1, size // 12)
    lit = Image.new("L", picture.size)
    lit.paste(mask, (edge, edge))
    picture.paste((255, 255, 255), mask=lit)
    return picture


if __name__ == "__main__":
    main()
