"""One network, opened from its file. Nothing is ever fetched."""

from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import onnxruntime

Planes: TypeAlias = npt.NDArray[np.float32]


class ModelsMissing(RuntimeError):
    """The installed rapidocr has not the models that were measured."""


class Network:
    """On one thread, so that a look costs one core and no more."""

    def __init__(self, file: str) -> None:
        """file: name within rapidocr's wheel. Raises ModelsMissing."""
        path = _folder() / file
        if not path.is_file():
            raise ModelsMissing(file)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # what one line needed is free for the next
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def __call__(self, planes: Planes) -> Planes:
        """planes: pictures × colours × height × width."""
        answer: Planes = self._session.run(None, {self._input: planes})[0]
        return answer

    def words(self, key: str) -> list[str]:
        """A list that its makers wrote into the file."""
        written: str = self._session.get_modelmeta().custom_metadata_map[key]
        return written.splitlines()


def normal(pixels: npt.NDArray[np.uint8]) -> Planes:
    """Colours × height × width, from -1 to 1, as these networks were taught."""
    planes = pixels.transpose(2, 0, 1).astype(np.float32) / np.float32(127.5)
    scaled: Planes = planes - np.float32(1)
    return scaled


def _folder() -> Path:
    """Of the wheel, without importing it."""
    found = find_spec("rapidocr")
    if found is None or found.origin is None:
        raise ModelsMissing("rapidocr")
    return Path(found.origin).parent / "models"
