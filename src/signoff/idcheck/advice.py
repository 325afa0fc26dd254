"""The whole look at one picture. Needs the extra; `child.advise_in_child` is how others call it."""

from datetime import date
from functools import cache

import numpy as np

from signoff.idcheck.findings import Finding, reasons, verdict
from signoff.idcheck.judging import judge
from signoff.idcheck.picture import decode, load_decoders
from signoff.idcheck.quality import quality
from signoff.idcheck.reading import Reader
from signoff.idcheck.verdicts import Advice, Kind, Quality, Reason, Verdict, reason
from signoff.kernel.errors import InvalidValue

_AGAINST = ("screen_photo",)
"""Warnings about the picture that also keep a verdict from being good."""


def advise(
    image_bytes: bytes, kind: Kind, registered_name: str, registered_number: str, today: date
) -> Advice:
    """What a reviewer should look at. Either registered value may be empty.

    A file that is no picture is an advice too (`CANNOT_READ`), not an error. Raises
    `ModelsMissing` if the extra was installed without the models of its wheel.
    """
    try:
        pixels = decode(image_bytes)
    except InvalidValue as error:
        return unreadable(reason(error.code, **error.params))  # type: ignore[arg-type]
    reader = _reader()
    lines = reader.read(pixels)
    seen = quality(pixels, lines)
    found = judge(
        lines,
        kind,
        name=registered_name,
        number=registered_number,
        today=today,
        signs=reader.signs,
    )
    found += [
        Finding(Verdict.LOOK_CLOSELY, warning)
        for warning in seen.warnings
        if warning.code in _AGAINST
    ]
    return Advice(verdict(found), reasons(found), seen)


def unreadable(why: Reason) -> Advice:
    """Of a file that was not looked at."""
    return Advice(Verdict.CANNOT_READ, (why,), Quality((), {}))


def load() -> None:
    """Everything that is opened when it is first used: models, decoders, parts of libraries."""
    load_decoders()
    ramp = np.indices((256, 256)).sum(axis=0).astype(np.uint8)
    stripes = np.stack([ramp, ramp, ramp], axis=-1)
    _reader().load(stripes)
    quality(stripes)


@cache
def _reader() -> Reader:
    return Reader()
