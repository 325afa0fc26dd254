"""Files as customers send them, and as nobody should: made here, from nothing."""

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

from PIL import Image, PngImagePlugin

MAKER, COMMENT = b"Camera of Li Wei", b"taken at home"


def picture(width: int = 320, height: int = 240) -> Image.Image:
    """Red, with a blue corner at the top left."""
    drawn = Image.new("RGB", (width, height), (200, 30, 30))
    drawn.paste((20, 20, 220), (0, 0, width // 2, height // 2))
    return drawn


def saved(drawn: Image.Image, form: str, **options: object) -> bytes:
    """As a file of this form."""
    out = io.BytesIO()
    drawn.save(out, form, **options)
    return out.getvalue()


def photo(*, turned: int = 1) -> bytes:
    """A JPEG with everything that a telephone adds: place, maker, comment, colour profile."""
    exif = Image.Exif()
    exif[0x010F] = MAKER.decode()
    exif[0x0112] = turned
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 13.0, 48.5), 3: "E", 4: (121.0, 28.0, 12.0)})
    profile = b"a colour profile that names its printer"
    return saved(picture(), "JPEG", exif=exif, comment=COMMENT, icc_profile=profile)


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG whose header names this size; `rows` is what its data unpacks to."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def png_with_text() -> bytes:
    """A PNG with a text chunk."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", MAKER.decode(), zip=True)
    return saved(picture(), "PNG", pnginfo=notes)


def jpeg_that_names(width: int, height: int) -> bytes:
    """A whole small JPEG whose header names another size."""
    content = saved(picture(), "JPEG")
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack(">HH", height, width) + content[at + 4 :]


def archive() -> bytes:
    """A ZIP with one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("run.sh", "echo")
    return out.getvalue()


def pdf(
    pages: int = 1,
    *,
    catalogue: bytes = b"",
    trailer: bytes = b"",
    size: tuple[int, int] = (300, 400),
    objects: Sequence[bytes] = (),
) -> bytes:
    """Pages with a black bar each. objects: further ones, numbered from 3 + 2 * pages."""
    kids = b" ".join(b"%d 0 R" % (3 + 2 * page) for page in range(pages))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
    ]
    for page in range(pages):
        bodies.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R >>"
            % (*size, 4 + 2 * page)
        )
        drawing = b"0 0 0 rg 0 0 %d %d re f" % (size[0], 20 + 20 * page)
        bodies.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing))
    return _assembled([*bodies, *objects], trailer)


def _assembled(bodies: list[bytes], trailer: bytes) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s >>\n"
        % (
            len(bodies) + 1,
            table,
            len(bodies) + 1,
            trailer,
        )
        + b"startxref\n%d\n%%%%EOF\n" % len(out)
    )


def locked_pdf() -> bytes:
    """One that opens only with a password nobody has."""
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32)
    ids = b"/Encrypt 5 0 R /ID [<%s> <%s>]" % (b"33" * 16, b"33" * 16)
    return pdf(objects=[lock], trailer=ids)


def pdf_with_attachment() -> bytes:
    """A page, and a file hidden behind it."""
    names = b"/Names << /EmbeddedFiles << /Names [(a.exe) 5 0 R] >> >>"
    spec = b"<< /Type /Filespec /F (a.exe) /EF << /F 6 0 R >> >>"
    body = b"<< /Type /EmbeddedFile /Length 8 >>\nstream\nMZ-EVIL!\nendstream"
    return pdf(catalogue=names, objects=[spec, body])


HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAaFtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA"
    "AAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAABxQABAAAAAAAAAFsAAgAAAAACIAABAAAAAAAAAHgAAAA4aWluZgAAAAAA"
    "AgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA4GlwcnAAAADA"
    "aXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAPPAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAPLoCQGEAAQAr"
    "QgEBA3AAAAMAkAAAAwAAAwA8oAoIDxZbqSSmubgIaDAgAAADAyAAAAMAIWIAAQAHRAHBcrBiQAAAABNjb2xybmNseAAB"
    "AA0ABoAAAAAUaXNwZQAAAAAAAAFAAAAA8AAAABBwaXhpAAAAAAMICAgAAAAJaXJvdAMAAAAYaXBtYQAAAAAAAAABAAEF"
    "gQIDBIUAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAANttZGF0AAAAVygBrwQSGfVMgPx5OOv//Hvp/LUnlqRv7BOc"
    "Phzmp8f7i6P0NGUwMUacqEfITnZGStzq5IWO9zJEVBayYIkbeMsbfzO3vwRYWAAAFNCHAAADAAADAABbQAAAAAZFeGlm"
    "AABNTQAqAAAACAADAQ8AAgAAAAYAAAAyARIAAwAAAAEABgAAiCUABAAAAAEAAAA4AAAAAE1ha2VyAAACAAEAAgAAAAJO"
    "AAAAAAIABQAAAAMAAABWAAAAAAAAAB8AAAABAAAADQAAAAEAAAAAAAAAAQ=="
)
"""320 × 240, as `picture`, with a place in its EXIF and turned by 90 degrees; made with libheif."""
