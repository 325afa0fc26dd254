"""Where text stands: differentiable binarization (Liao et al. 2020), as PP-OCR has it."""

from collections.abc import Iterator
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from signoff.idcheck.networks.network import Network, Planes, normal
from signoff.idcheck.picture import Pixels

Corners: TypeAlias = npt.NDArray[np.float32]
"""Four points around a line, clockwise. With which one they begin says nothing."""

_FILE = "PP-OCRv6_det_small.onnx"
_LONGEST = 960
"""Pixels in which lines are looked for."""
_STEP = 32
"""Sides must be multiples of it."""
_TEXT = 0.3
"""From this the network means text."""
_SURE = 0.5
"""On average over a line; less is not text."""
_GROWTH = 1.6
"""The network marks the inner part of lines, shrunk by a distance; this is how it grows back."""
_MOST = 1000
_SMALLEST = 3


class Detector:
    """Finds lines of text."""

    def __init__(self) -> None:
        """Raises ModelsMissing."""
        self._network = Network(_FILE)

    def find(self, pixels: Pixels) -> list[Corners]:
        """In pixels of the picture, from top to bottom."""
        height, width = pixels.shape[:2]
        small = cv2.resize(pixels, _size(width, height)).astype(np.uint8, copy=False)
        seen = self._network(normal(small)[np.newaxis])[0, 0]
        scale = np.array([width / small.shape[1], height / small.shape[0]], np.float32)
        edge = np.array([width - 1, height - 1], np.float32)
        found = [np.clip(box * scale, 0, edge).astype(np.float32) for box in _boxes(seen)]
        return sorted(found, key=lambda box: float(box[:, 1].min()))


def _size(width: int, height: int) -> tuple[int, int]:
    factor = min(1.0, _LONGEST / max(width, height))
    return _stepped(width * factor), _stepped(height * factor)


def _stepped(side: float) -> int:
    return max(round(int(side) / _STEP), 1) * _STEP


def _boxes(seen: Planes) -> Iterator[Corners]:
    text = cv2.dilate((seen > _TEXT).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _tree = cv2.findContours(text, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours[:_MOST]:
        centre, (wide, high), angle = cv2.minAreaRect(contour)
        if min(wide, high) < _SMALLEST:
            continue
        box = cv2.boxPoints((centre, (wide, high), angle)).astype(np.float32)
        if _certainty(seen, box) < _SURE:
            continue
        more = 2 * _GROWTH * wide * high / (2 * (wide + high))
        grown = cv2.boxPoints((centre, (wide + more, high + more), angle))
        yield _clockwise(grown.astype(np.float32))


def _certainty(seen: Planes, box: Corners) -> float:
    """Mean over the box."""
    height, width = seen.shape
    left, top = np.clip(np.floor(box.min(axis=0)), 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.clip(np.ceil(box.max(axis=0)), 0, (width - 1, height - 1)).astype(int)
    mask = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(mask, [(box - (left, top)).astype(np.int32)], (1,))
    return float(cv2.mean(seen[top : bottom + 1, left : right + 1], mask)[0])


def _clockwise(box: Corners) -> Corners:
    """As seen: y grows downwards."""
    (ax, ay), (bx, by), (cx, cy) = box[:3]
    return box if (bx - ax) * (cy - by) > (by - ay) * (cx - bx) else box[::-1]
