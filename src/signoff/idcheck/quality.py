"""How good a picture is: what the customer should hear before submitting. Needs the extra.

The thresholds were set on drawn specimens; `benchmarks/idcheck.py` measures what they find.
"""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from signoff.idcheck.lines import Line
from signoff.idcheck.picture import Pixels, shrunk
from signoff.idcheck.verdicts import Quality, Reason, reason

_LONGEST = 1200
"""Pixels of the longer side at which everything but the screen's pattern is measured."""
MOST_BLUR = 4.0
"""Pixels. From here on a picture is blurred, whatever was read of it."""
HARMFUL_BLUR = 2.4
"""Pixels. From here on it is the blur that made letters hard to read, if they were."""
WELL_READ = 0.975
"""Confidence of the OCR, letter by letter."""
MOST_GLARE = 0.004
LEAST_BRIGHTNESS = 60.0
LEAST_CONTRAST = 30.0
MOST_PATTERN = 4.0
LEAST_SHORT_SIDE = 480
_EDGE = 0.006
"""Of the picture's side: text as near to the border as this is cut off, or nearly."""
_WAYS = 8
"""Directions of edges that are told apart."""
_EDGE_PIXELS = 20
"""Of one direction, below which there is nothing to measure."""
_NO_EDGES = 9.0


def quality(pixels: Pixels, lines: Sequence[Line] = ()) -> Quality:
    """lines: all that could be read, with boxes in the pixels of `pixels`."""
    small = cv2.cvtColor(shrunk(pixels, _LONGEST), cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    low, high = np.percentile(small, (5, 95))
    measures = {
        "blur": _blur(small),
        "glare": _glare(small),
        "brightness": float(np.mean(small)),
        "contrast": float(high - low),
        "pattern": _pattern(pixels),
        "short_side": float(min(pixels.shape[:2])),
    }
    warnings = _warnings(measures, sureness=_sureness(lines))
    if _cut_off(lines, pixels):
        warnings.append(reason("cut_off"))
    return Quality(tuple(warnings), measures)


def _sureness(lines: Sequence[Line]) -> float:
    """Of the OCR, on average over the letters. 0 if it read none."""
    letters = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / max(letters, 1)


def _warnings(measures: Mapping[str, float], *, sureness: float) -> list[Reason]:
    found = []
    if measures["short_side"] < LEAST_SHORT_SIDE:
        found.append(reason("too_small"))
    if measures["brightness"] < LEAST_BRIGHTNESS:
        found.append(reason("too_dark"))
    if measures["contrast"] < LEAST_CONTRAST:
        found.append(reason("too_faint"))
    if measures["blur"] > (HARMFUL_BLUR if sureness < WELL_READ else MOST_BLUR):
        found.append(reason("blurred"))
    if measures["glare"] > MOST_GLARE:
        found.append(reason("glare"))
    if measures["pattern"] > MOST_PATTERN:
        found.append(reason("screen_photo"))
    return found


def _blur(grey: cv2.typing.MatLike) -> float:
    """How soft the edges are in pixels (standard deviation), in the direction where they are softest.

    The variance of the Laplacian was tried first: it grows with noise and with the amount of text.
    At an edge of softness s, smoothing by 1 and by 3 pixels leaves slopes whose ratio is
    sqrt((s² + 9) / (s² + 1)), whatever the edge's height; noise does not reach strong edges. Each
    direction is judged apart: a camera that moves softens only the edges across its way, which may
    be any, and leaves those along it as sharp as they were.
    """
    fine, _angle = _slopes(grey, 1)
    coarse, angle = _slopes(grey, 3)
    way = np.rint(angle * (_WAYS / np.pi)) % _WAYS
    found = [_softness(fine[way == each], coarse[way == each]) for each in range(_WAYS)]
    return max((each for each in found if each is not None), default=_NO_EDGES)


def _slopes(
    grey: cv2.typing.MatLike, width: float
) -> tuple[cv2.typing.MatLike, cv2.typing.MatLike]:
    """Of the picture smoothed by `width`: how steep, and in which direction (radians)."""
    plane = cv2.GaussianBlur(grey, (0, 0), width)
    x, y = (cv2.Sobel(plane, cv2.CV_32F, *along) for along in ((1, 0), (0, 1)))
    return cv2.cartToPolar(x, y)


def _softness(fine: cv2.typing.MatLike, coarse: cv2.typing.MatLike) -> float | None:
    """Of the strongest edges of one direction; None if it has none."""
    if not coarse.size:
        return None
    edges = coarse >= max(np.percentile(coarse, 97), 2.0)
    if np.count_nonzero(edges) < _EDGE_PIXELS:
        return None
    ratio = float(fine[edges].mean() / coarse[edges].mean())
    return float(np.sqrt(max((9 - ratio**2) / max(ratio**2 - 1, 0.1), 0.0)))


def _glare(grey: cv2.typing.MatLike) -> float:
    """Share of the picture in burnt-out spots. What reaches the border is a white table, not glare."""
    burnt = cv2.morphologyEx(
        (grey >= 251).astype(np.uint8), cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)
    )
    count, labels, stats, _centres = cv2.connectedComponentsWithStats(burnt)
    height, width = grey.shape[:2]
    spots = 0
    for x, y, wide, high, area in stats[1:count]:
        if x > 0 and y > 0 and x + wide < width and y + high < height:
            spots += int(area)
    return spots / labels.size


def _pattern(pixels: Pixels) -> float:
    """How far the strongest lone peak of the spectrum stands out of its surroundings.

    A screen's grid, or what it makes with the camera's, is periodic in both directions; print is
    not. Energy on the axes and at low frequencies comes from edges and lines of text.
    """
    side = min(512, *pixels.shape[:2])
    if side < 256:
        return 0.0
    return float(np.median([_peak(part) for part in _parts(pixels, side)]))


def _parts(pixels: Pixels, side: int) -> list[cv2.typing.MatLike]:
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    height, width = grey.shape[:2]
    tops = sorted({(height - side) // 4, (height - side) * 3 // 4})
    lefts = sorted({(width - side) // 4, (width - side) * 3 // 4})
    return [grey[y : y + side, x : x + side] for y in tops for x in lefts]


def _peak(part: cv2.typing.MatLike) -> float:
    side = part.shape[0]
    window = np.outer(np.hanning(side), np.hanning(side))
    plane = part.astype(np.float32)
    plane -= cv2.GaussianBlur(plane, (0, 0), 6)
    power = np.abs(np.fft.fftshift(np.fft.fft2(plane * window))).astype(np.float32)
    around = cv2.medianBlur(np.log1p(power).astype(np.float32), 5)
    above = np.log1p(power) - around
    y, x = np.indices(power.shape) - side // 2
    radius = np.hypot(x, y)
    looked_at = (radius > side * 0.06) & (np.abs(x) > 6) & (np.abs(y) > 6)
    values = above[looked_at]
    return float((values.max() - values.mean()) / (values.std() + 1e-6))


def _cut_off(lines: Sequence[Line], pixels: Pixels) -> bool:
    height, width = pixels.shape[:2]
    return any(
        not (_EDGE * width < x < (1 - _EDGE) * width and _EDGE * height < y < (1 - _EDGE) * height)
        for line in lines
        if line.confidence > 0.6
        for x, y in line.box
    )
