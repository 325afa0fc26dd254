"""Comparing with a copy that was kept elsewhere.

Who owns the database can remove the newest checkpoints together with all that they cover, and
nothing left behind shows it. An earlier export in somebody else's hands does.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from signoff.audit import seals
from signoff.audit.models import Checkpoint
from signoff.kernel.errors import SignoffError


class NotAnExport(SignoffError):
    """The file is something else."""


class _First(BaseModel):
    """The first line of an export."""

    type: Literal["export"]


class _Content(BaseModel, extra="allow"):
    """Of a checkpoint; numbers as large as the column can hold."""

    number: int = Field(ge=1, lt=2**31, strict=True)


class _Checkpoint(BaseModel):
    """A line of an export."""

    type: Literal["checkpoint"]
    content: _Content


def first_lost(file: Path) -> tuple[int, str] | None:
    """The first checkpoint of the export that is not in the database as it was, and what is wrong.

    Raises NotAnExport, and OSError if the file cannot be read.
    """
    for content in _checkpoints(file):
        number = content["number"]
        row = Checkpoint.objects.filter(number=number).first()
        if row is None:
            return number, f"it is missing, and it is in {file.name}"
        if row.digest != seals.digest(content):
            return number, f"it is another than in {file.name}"
    return None


def _checkpoints(file: Path) -> Iterator[dict[str, Any]]:
    """They stand in front, so that of a large file little is read."""
    with file.open("rb") as lines:
        try:
            _First.model_validate_json(lines.readline())
            for line in lines:
                if json.loads(line)["type"] != "checkpoint":
                    return
                yield _Checkpoint.model_validate_json(line).content.model_dump()
        except (ValidationError, ValueError, KeyError, TypeError):
            raise NotAnExport(f"{file} is not an export of the record") from None
