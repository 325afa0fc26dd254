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
MOST_BLUR = 2.7
MOST_GLARE = 0.004
LEAST_BRIGHTNESS = 60.0
LEAST_CONTRAST = 30.0
MOST_PATTERN = 4.0
LEAST_SHORT_SIDE = 480
_EDGE = 0.006
"""Of the picture's side: text as near to the border as this is cut off, or nearly."""


def quality(pixels: Pixels, lines: Sequence[Line] = ()) -> Quality:
    """With `lines`, also whether text runs into the border."""
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
    warnings = _warnings(measures)
    if _cut_off(lines, pixels):
        warnings.append(reason("cut_off"))
    return Quality(tuple(warnings), measures)


def _warnings(measures: Mapping[str, float]) -> list[Reason]:
    found = []
    if measures["short_side"] < LEAST_SHORT_SIDE:
        found.append(reason("too_small"))
    if measures["brightness"] < LEAST_BRIGHTNESS:
        found.append(reason("too_dark"))
    if measures["contrast"] < LEAST_CONTRAST:
        found.append(reason("too_faint"))
    if measures["blur"] > MOST_BLUR:
        found.append(reason("blurred"))
    if measures["glare"] > MOST_GLARE:
        found.append(reason("glare"))
    if measures["pattern"] > MOST_PATTERN:
        found.append(reason("screen_photo"))
    return found


def _blur(grey: cv2.typing.MatLike) -> float:
    """Width of the blurriest edges' softness, in pixels (standard deviation).

    The variance of the Laplacian was tried first: it grows with noise and with the amount of text.
    At an edge of softness s, smoothing by 1 and by 3 pixels leaves slopes whose ratio is
    sqrt((s² + 9) / (s² + 1)), whatever the edge's height; noise does not reach strong edges. The
    two directions are judged apart, since a shaken camera blurs one only.
    """
    fine, coarse = (cv2.GaussianBlur(grey, (0, 0), width).astype(np.float32) for width in (1, 3))
    softness = []
    for x, y in ((1, 0), (0, 1)):
        slope, gentle = (np.abs(cv2.Sobel(plane, cv2.CV_32F, x, y)) for plane in (fine, coarse))
        edges = gentle >= max(np.percentile(gentle, 97), 2.0)
        if not edges.any():
            return 9.0
        ratio = float(slope[edges].mean() / gentle[edges].mean())
        softness.append((9 - ratio**2) / max(ratio**2 - 1, 0.1))
    return float(np.sqrt(max(*softness, 0.0)))


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
