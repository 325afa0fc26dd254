"""OCR on our own machine: lines are found, turned upright, and read. For the child process.

One pass: which way up the picture lies is asked of the lines that were found, before any is read.
"""

import math

import cv2
import numpy as np

from signoff.idcheck.lines import Line
from signoff.idcheck.networks.detector import Corners, Detector
from signoff.idcheck.networks.recogniser import Orientation, Recogniser
from signoff.idcheck.picture import Pixels, shrunk

_LONGEST = 1600
"""Pixels from which letters are read: a sign of a passport's lines has about 20 then."""
_ASKED = 7
"""Lines, the widest ones, that are asked whether they stand on their head."""
_LEAST_SURE = 0.5
"""What was read with less is not text."""
_STANDING = 1.5
"""Times as high as wide: a line of a picture that lies on its side."""


class Reader:
    """Opens the networks: about 200 MB. Not for two threads."""

    def __init__(self) -> None:
        """Raises ModelsMissing."""
        cv2.setNumThreads(1)
        self._detector = Detector()
        self._orientation = Orientation()
        self._recogniser = Recogniser()

    def load(self, pixels: Pixels) -> None:
        """Has each network at work once, which a page without text would not."""
        self._detector.find(pixels)
        self._orientation.is_upside_down([pixels])
        self._recogniser.read(pixels)

    def read(self, pixels: Pixels) -> tuple[Line, ...]:
        """The lines of text, with their boxes in the pixels of `pixels`."""
        small = shrunk(pixels, _LONGEST)
        factor = pixels.shape[1] / small.shape[1]
        boxes = self._detector.find(small)
        cuts = [_cut(small, box) for box in boxes]
        widest = sorted(cuts, key=lambda cut: cut.shape[1], reverse=True)[:_ASKED]
        if self._orientation.is_upside_down(widest):
            cuts = [np.ascontiguousarray(cut[::-1, ::-1]) for cut in cuts]
        found = []
        for box, cut in zip(boxes, cuts, strict=True):
            text, sure = self._recogniser.read(cut)
            if text.strip() and sure >= _LEAST_SURE:
                corners = tuple((float(x), float(y)) for x, y in box * factor)
                found.append(Line(text, corners, sure))  # type: ignore[arg-type]
        return tuple(found)


def _cut(pixels: Pixels, box: Corners) -> Pixels:
    """The line alone and level."""
    width = max(int(max(math.dist(box[0], box[1]), math.dist(box[2], box[3]))), 1)
    height = max(int(max(math.dist(box[0], box[3]), math.dist(box[1], box[2]))), 1)
    there = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    cut = cv2.warpPerspective(
        pixels,
        cv2.getPerspectiveTransform(box, there),
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if height >= _STANDING * width:
        cut = np.rot90(cut)
    return np.ascontiguousarray(cut, np.uint8)
