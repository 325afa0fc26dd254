"""OCR by rapidocr: models of PP-OCRv6 from its own wheel. Needs the extra; for the child process.

Nothing is fetched: all three models are named by their files, and rapidocr looks for others only
where none is named. One thread, so that a look costs one core and no more.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
import rapidocr

from signoff.idcheck.lines import Line
from signoff.idcheck.picture import Pixels, shrunk

_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}
_LONGEST = 1600
"""Pixels from which letters are read: a sign of a passport's lines has about 20 then."""
_DETECTION = 960
"""Pixels in which lines are looked for."""

_ASKED = 7
"""Lines that are asked whether they stand on their head."""

_Corners: TypeAlias = list[tuple[float, float]]
_Found: TypeAlias = tuple[str, _Corners, float]


class ModelsMissing(RuntimeError):
    """The installed rapidocr has not the models that were measured."""


class Reader:
    """Loads the models at the first look: about 300 MB and half a second. Not for two threads."""

    def __init__(self) -> None:
        """Raises ModelsMissing."""
        folder = Path(rapidocr.__file__).parent / "models"
        files = {f"{part}.model_path": folder / name for part, name in _MODELS.items()}
        if missing := [path.name for path in files.values() if not path.is_file()]:
            raise ModelsMissing(", ".join(missing))
        cv2.setNumThreads(1)
        self._engine = rapidocr.RapidOCR(
            params={
                **{name: str(path) for name, path in files.items()},
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Global.log_level": "critical",
                "Global.max_side_len": _LONGEST,
                "Det.limit_type": "max",
                "Det.limit_side_len": _DETECTION,
                "Rec.rec_batch_num": 1,
            }
        )

    def load(self, pixels: Pixels) -> None:
        """The models: of detection, then of the others, which a page without text would not ask."""
        self._engine(pixels, use_det=True, use_cls=False, use_rec=False)
        self._engine(pixels, use_det=False, use_cls=True, use_rec=True)

    def read(self, pixels: Pixels) -> tuple[Line, ...]:
        """The lines of text, with their boxes in the pixels of `pixels`."""
        small = shrunk(pixels, _LONGEST)
        factor = pixels.shape[1] / small.shape[1]
        found = self._lines(small)
        if self._is_upside_down(small, found):
            height, width = small.shape[:2]
            turned = self._lines(np.ascontiguousarray(small[::-1, ::-1]))
            found = [
                (text, [(width - x, height - y) for x, y in box], sure)
                for text, box, sure in turned
            ]
        return tuple(
            Line(text, tuple((x * factor, y * factor) for x, y in box), sure)  # type: ignore[arg-type]
            for text, box, sure in found
        )

    def _lines(self, pixels: Pixels) -> list[_Found]:
        answer: Any = self._engine(pixels, use_det=True, use_cls=False, use_rec=True)
        if answer.boxes is None or answer.txts is None:
            return []
        return [
            (text, [(float(x), float(y)) for x, y in box], float(sure))
            for box, text, sure in zip(answer.boxes, answer.txts, answer.scores, strict=True)
        ]

    def _is_upside_down(self, pixels: Pixels, found: Sequence[_Found]) -> bool:
        """What the widest lines say together: alone, fillers and digits look alike both ways."""
        widest = sorted(found, key=lambda each: _size(each[1])[0], reverse=True)[:_ASKED]
        votes = 0.0
        for _text, box, _sure in widest:
            answer: Any = self._engine(
                _cut(pixels, box), use_det=False, use_cls=True, use_rec=False
            )
            label, sure = answer.cls_res[0]
            votes += sure if label == "180" else -sure
        return votes > 0


def _size(box: _Corners) -> tuple[float, float]:
    """Longer and shorter side."""
    sides = math.dist(box[0], box[1]), math.dist(box[1], box[2])
    return max(sides), min(sides)


def _cut(pixels: Pixels, box: _Corners) -> Pixels:
    """The line alone and level; one that stands is turned as rapidocr turns it for reading."""
    corners = np.array(box, np.float32)
    width, height = math.dist(box[0], box[1]), math.dist(box[1], box[2])
    there = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    way = cv2.getPerspectiveTransform(corners, there)
    cut = cv2.warpPerspective(pixels, way, (max(int(width), 1), max(int(height), 1)))
    if height >= 1.5 * width:
        cut = np.rot90(cut)
    return np.ascontiguousarray(cut, np.uint8)
