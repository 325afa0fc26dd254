"""Files that are small, and want to be large, long or clever once somebody reads them."""

import io
import struct
import zlib

from PIL import Image

from tests import hostile_files as files

_MEGABYTE = bytes(1_000_000)


def _packed(megabytes: int, filling: bytes = _MEGABYTE) -> bytes:
    """So many megabytes, about a thousandth as long.

    After a full flush nothing refers back (RFC 1951, 3.2): one packed piece stands for all.
    """
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    piece = packer.compress(filling) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(megabytes):
        check = zlib.adler32(filling, check)
    return b"\x78\xda" + piece * megabytes + packer.flush() + struct.pack(">I", check)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_with(name: bytes, head: bytes, megabytes: int = 300) -> bytes:
    """A good PNG, and before its dots a packed chunk of this name."""
    whole = files.saved(files.picture(), "PNG")
    at = whole.index(b"IDAT") - 4
    return whole[:at] + _chunk(name, head + _packed(megabytes)) + whole[at:]


def png_that_goes_on(megabytes: int = 900) -> bytes:
    """Its dots are a thousand times more than its size needs."""
    head = struct.pack(">IIBBBBB", 400, 400, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (_chunk(b"IHDR", head), _chunk(b"IDAT", _packed(megabytes)), _chunk(b"IEND", b""))
    )


def webp_that_names(width: int, height: int) -> bytes:
    """A canvas of this size, and on it one small frame."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    whole = bytearray(out.getvalue())
    at = whole.index(b"VP8X") + 12
    whole[at : at + 6] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(whole)


def heic_that_names(width: int, height: int) -> bytes:
    at = files.HEIC.index(b"ispe") + 8
    return files.HEIC[:at] + struct.pack(">II", width, height) + files.HEIC[at + 8 :]


def pdf_with_packed_page(megabytes: int, filling: bytes, *, twice: bool = False) -> bytes:
    """A page whose drawing unpacks to so much."""
    body = _packed(megabytes, filling)
    kinds = b"/FlateDecode"
    if twice:
        body, kinds = zlib.compress(body, 9), b"/FlateDecode /FlateDecode"
    drawing = b"<< /Length %d /Filter [%s] >>\nstream\n%s\nendstream" % (len(body), kinds, body)
    return files.pdf(objects=[drawing]).replace(b"/Contents 4 0 R", b"/Contents 5 0 R")


def pdf_with_large_picture(side: int) -> bytes:
    """A small page, and on it a picture of one bit a dot."""
    body = _packed(side * side // 8_000_000 + 1)
    picture = (
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 1"
        b" /ColorSpace /DeviceGray /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (side, side, len(body), body)
    )
    drawing = b"300 0 0 400 0 0 cm /P Do"
    content = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing)
    whole = files.pdf(objects=[picture, content])
    return whole.replace(
        b"/Contents 4 0 R", b"/Contents 6 0 R /Resources << /XObject << /P 5 0 R >> >>"
    )


def pdf_in_object_stream(catalogue: bytes, *, objects: tuple[bytes, ...] = ()) -> bytes:
    """Everything but the drawing is in a packed stream (ISO 32000-1, 7.5.7), where no search for
    words finds it. objects: further ones, numbered from 7."""
    packed = [
        (1, b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue),
        (2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
        (3, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents 4 0 R >>"),
        *enumerate(objects, start=7),
    ]
    table, bodies = b"", b""
    for number, body in packed:
        table += b"%d %d " % (number, len(bodies))
        bodies += body + b" "
    stream = zlib.compress(table + bodies)
    drawing = b"0 0 0 rg 0 0 300 20 re f"
    out, places = b"%PDF-1.7\n", {}
    for number, body in (
        (4, b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing)),
        (
            5,
            b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d >>"
            b"\nstream\n%s\nendstream" % (len(packed), len(table), len(stream), stream),
        ),
    ):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = {number: (2, 5, place) for place, (number, _body) in enumerate(packed)}
    rows |= {number: (1, place, 0) for number, place in places.items()} | {6: (1, len(out), 0)}
    last = max(rows) + 1
    index = b"".join(
        struct.pack(">BIH", *rows.get(number, (0, 0, 65535))) for number in range(last)
    )
    return (
        out + b"6 0 obj\n<< /Type /XRef /Size %d /W [1 4 2] /Root 1 0 R /Length %d >>\nstream\n%s"
        b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (last, len(index), index, len(out))
    )
