"""A picture from a stranger, as pixels. Needs the extra; run it in the child process only."""

import warnings
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from signoff.idcheck.words import TEMPLATES
from signoff.kernel.errors import InvalidValue

Pixels = npt.NDArray[np.uint8]
"""Height × width × 3, blue, green, red, as OpenCV and the OCR have it."""

MOST_PIXELS = 50_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_LONGEST = 3000
"""Pixels of the longer side that are kept: a screen's grid is still seen, memory stays small."""


def decode(picture: bytes) -> Pixels:
    """Turned as the camera says. Raises InvalidValue if it is no JPEG, PNG or WebP that can be
    read, or has more than `MOST_PIXELS`; the size is asked before anything is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(BytesIO(picture), formats=_FORMATS)
            _refuse_large(opened)
            opened.draft("RGB", (_LONGEST, _LONGEST))
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        raise InvalidValue("no_picture", TEMPLATES["no_picture"]) from error
    image.thumbnail((_LONGEST, _LONGEST))
    return cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR).astype(np.uint8, copy=False)


def load_decoders() -> None:
    """Now, since later no file can be opened."""
    for name in _FORMATS:
        ends = BytesIO()
        Image.new("RGB", (8, 8)).save(ends, name)
        decode(ends.getvalue())


def shrunk(pixels: Pixels, longest: int) -> Pixels:
    """The same picture with its longer side of at most `longest` pixels."""
    factor = longest / max(pixels.shape[:2])
    if factor >= 1:
        return pixels
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)


def _refuse_large(opened: Image.Image) -> None:
    if opened.width * opened.height > MOST_PIXELS:
        raise InvalidValue(
            "picture_too_large", TEMPLATES["picture_too_large"], most=MOST_PIXELS // 1_000_000
        )
