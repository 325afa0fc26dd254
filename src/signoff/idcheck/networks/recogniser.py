"""What a line says, and which way up it stands."""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from signoff.idcheck.networks.network import Network, Planes, normal
from signoff.idcheck.picture import Pixels

_HEIGHT = 48
"""Pixels that a line is high for both networks."""
_LEAST_WIDTH = 320
"""Of a line to read: a shorter one is followed by grey."""
_WIDTH_FOR_WAY = 192
"""Of a line that is asked which way up it stands: a longer one is pressed into it."""


class Recogniser:
    """Reads lines: a convolutional network with connectionist temporal classification."""

    def __init__(self) -> None:
        """Raises ModelsMissing."""
        self._network = Network("PP-OCRv6_rec_small.onnx")
        self._signs = np.array(["", *self._network.words("character"), " "])

    @property
    def signs(self) -> frozenset[str]:
        """All that it knows."""
        return frozenset(self._signs.tolist())

    def read(self, line: Pixels) -> tuple[str, float]:
        """The text, and how sure the network is, from 0 to 1: on average over its signs."""
        wide = max(_width(line), _LEAST_WIDTH)
        likely = self._network(_planes(line, wide)[np.newaxis])[0]
        signs, sure = likely.argmax(axis=1), likely.max(axis=1)
        first = np.append([True], signs[1:] != signs[:-1]) & (signs != 0)
        if not first.any():
            return "", 0.0
        return "".join(self._signs[signs[first]]), float(sure[first].mean())


class Orientation:
    """Tells lines on their head from others."""

    def __init__(self) -> None:
        """Raises ModelsMissing."""
        self._network = Network("ch_ppocr_mobile_v2.0_cls_mobile.onnx")

    def is_upside_down(self, lines: Sequence[Pixels]) -> bool:
        """What the lines say together: alone, fillers and digits look alike both ways."""
        if not lines:
            return False
        planes = [_planes(line, _WIDTH_FOR_WAY) for line in lines]
        upright, turned = self._network(np.stack(planes)).T
        votes = np.where(turned > upright, turned, -upright)
        return float(votes.sum()) > 0


def _width(line: Pixels) -> int:
    """At the height of the network."""
    high, wide = int(line.shape[0]), int(line.shape[1])
    return math.ceil(_HEIGHT * wide / high)


def _planes(line: Pixels, width: int) -> Planes:
    """The line at its network's height; grey where it is shorter than `width`."""
    fitting = cv2.resize(line, (min(_width(line), width), _HEIGHT)).astype(np.uint8, copy=False)
    planes = np.zeros((3, _HEIGHT, width), np.float32)
    planes[:, :, : fitting.shape[1]] = normal(fitting)
    return planes
