"""What the look says, and in which words. Pure values, also between processes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

from signoff.idcheck.words import PARAMS, TEMPLATES

Param: TypeAlias = int | date
MEASURES = ("blur", "glare", "brightness", "contrast", "pattern", "short_side")
_MOST_COUNTED = 1000
"""Of years, and of million pixels."""
_MOST_MEASURED = 1e9


class Kind(StrEnum):
    """What the picture is said to show."""

    CN_ID_FRONT = "cn_id_front"
    """Resident identity card of China, the side with the name (GA 448)."""
    CN_ID_BACK = "cn_id_back"
    """The side with the emblem: issuing authority and validity."""
    PASSPORT = "passport"
    """ICAO 9303-4, machine-readable lines of size TD3."""
    ID_CARD = "id_card"
    """Cards with machine-readable lines of size TD1 or TD2 (ICAO 9303-5, -6): the side with them."""
    DRIVING_LICENCE = "driving_licence"
    """Of any country: there is no common form, so it is read as free text."""


class Verdict(StrEnum):
    """For the reviewer's eye, in no case a decision."""

    LOOKS_RIGHT = "looks_right"
    """Number and name are those registered, on evidence that does not rest on a guess."""
    LOOK_CLOSELY = "look_closely"
    CANNOT_READ = "cannot_read"
    LOOKS_WRONG = "looks_wrong"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing noticed. `template` is an English msgid with `%(name)s` places.

    Params hold no personal data but dates of validity and an age.
    """

    code: str
    template: str
    params: Mapping[str, Param]

    def __str__(self) -> str:
        return self.template % self.params if self.params else self.template


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the picture is. `warnings` are for the customer, before submitting.

    `measures` are the numbers behind them: `blur` (pixels), `glare` (share of the picture),
    `brightness` and `contrast` (0 to 255), `pattern`, `short_side` (pixels).
    """

    warnings: tuple[Reason, ...]
    measures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Advice:
    """The verdict and why, most serious reason first."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    quality: Quality


def reason(code: str, **params: Param) -> Reason:
    """Raises KeyError for a code that is not in `words`."""
    return Reason(code, TEMPLATES[code], params)


def to_json(advice: Advice) -> dict[str, Any]:
    """For the way from the child process."""
    return {
        "verdict": advice.verdict.value,
        "reasons": [_reason_to_json(each) for each in advice.reasons],
        "warnings": [_reason_to_json(each) for each in advice.quality.warnings],
        "measures": dict(advice.quality.measures),
    }


def from_json(words: Mapping[str, Any]) -> Advice:
    """Nothing is believed but what `to_json` could have made: verdicts, known reasons, numbers.

    Raises KeyError, ValueError, TypeError or AttributeError for anything else.
    """
    return Advice(
        Verdict(words["verdict"]),
        tuple(_reason_from_json(each) for each in words["reasons"]),
        Quality(
            tuple(_reason_from_json(each) for each in words["warnings"]),
            {
                name: _measure(words["measures"][name])
                for name in MEASURES
                if name in words["measures"]
            },
        ),
    )


def _measure(value: Any) -> float:
    if not isinstance(value, (int, float)) or not abs(value) <= _MOST_MEASURED:  # nor NaN
        raise ValueError("not a measure")
    return float(value)


def _reason_to_json(each: Reason) -> dict[str, Any]:
    params = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in each.params.items()
    }
    return {"code": each.code, "params": params}


def _reason_from_json(words: Mapping[str, Any]) -> Reason:
    known = reason(words["code"])
    wanted = set(re.findall(r"%\((\w+)\)s", known.template))
    if set(words["params"]) != wanted:
        raise ValueError("not the params of that reason")
    params: dict[str, Param] = {}
    for name, value in words["params"].items():
        params[name] = date.fromisoformat(value) if PARAMS[name] is date else _count(value)
    return reason(known.code, **params)


def _count(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= _MOST_COUNTED:
        raise ValueError("not a number of years or pixels")
    return value
