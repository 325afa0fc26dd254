"""A picture that stands for a photo of a paper: plain, and large enough to be taken."""

import struct
import zlib

_WIDTH, _HEIGHT = 480, 320


def picture() -> bytes:
    """A grey PNG (ISO/IEC 15948) with one black line, so that it is not all the same."""
    row = b"\0" + bytes([200]) * _WIDTH
    line = b"\0" + bytes(_WIDTH)
    rows = row * (_HEIGHT // 2) + line + row * (_HEIGHT - _HEIGHT // 2 - 1)
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
