"""OCR on our own machine: lines are found, turned upright, and read. For the child process.

One pass: which way up the picture lies is asked of the lines that were found, before any is read.
"""

import cmath
import math
from collections.abc import Sequence
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

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

Vector: TypeAlias = npt.NDArray[np.float32]


class Reader:
    """Opens the networks: about 200 MB. Not for two threads."""

    def __init__(self) -> None:
        """Raises ModelsMissing."""
        cv2.setNumThreads(1)
        self._detector = Detector()
        self._orientation = Orientation()
        self._recogniser = Recogniser()
        self.signs = self._recogniser.signs

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
        axis = _axis(boxes)
        cuts = [_cut(small, box, axis) for box in boxes]
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


def _axis(boxes: Sequence[Corners]) -> Vector:
    """The way along which the text of the picture runs, in one of its two directions.

    A side points both ways, so angles are averaged doubled; a long line says more than a single
    sign, whose box is square.
    """
    pull = 0j
    for box in boxes:
        first, second = (complex(*(box[place + 1] - box[place])) for place in (0, 1))
        longer = max(first, second, key=abs)
        pull += abs(abs(first) - abs(second)) * (longer / (abs(longer) or 1)) ** 2
    angle = cmath.phase(pull) / 2
    return np.array([math.cos(angle), math.sin(angle)], np.float32)


def _cut(pixels: Pixels, box: Corners, axis: Vector) -> Pixels:
    """The line alone and level, its beginning where that of all others is: or all on their head."""
    sides = np.roll(box, -1, axis=0) - box
    along = (sides @ axis) / np.maximum(np.linalg.norm(sides, axis=1), 1)
    corners = np.roll(box, -int(along.argmax()), axis=0)
    width = max(int(math.dist(corners[0], corners[1])), 1)
    height = max(int(math.dist(corners[1], corners[2])), 1)
    there = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    cut = cv2.warpPerspective(
        pixels,
        cv2.getPerspectiveTransform(corners.astype(np.float32), there),
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.ascontiguousarray(cut, np.uint8)
