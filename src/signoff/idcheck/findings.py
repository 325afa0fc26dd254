"""The things that a look can notice, and how much each weighs. Pure.

A finding only ever makes the verdict more careful; `LOOKS_RIGHT` is what remains if the number and
the name were both found to be those registered and nothing else was noticed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from signoff.idcheck.comparison import Sameness
from signoff.idcheck.verdicts import Param, Reason, Verdict, reason

_ADULT = 18
_OLDEST = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason, and the best verdict that it leaves open."""

    pull: Verdict
    reason: Reason


_ORDER = (Verdict.LOOKS_WRONG, Verdict.CANNOT_READ, Verdict.LOOK_CLOSELY, Verdict.LOOKS_RIGHT)


def verdict(findings: Sequence[Finding]) -> Verdict:
    """The most careful of all. Without findings nothing was read."""
    return min((each.pull for each in findings), key=_ORDER.index, default=Verdict.CANNOT_READ)


def reasons(findings: Sequence[Finding]) -> tuple[Reason, ...]:
    """Most serious first."""
    return tuple(each.reason for each in sorted(findings, key=lambda one: _ORDER.index(one.pull)))


def right(code: str, **params: Param) -> Finding:
    return Finding(Verdict.LOOKS_RIGHT, reason(code, **params))


def closely(code: str, **params: Param) -> Finding:
    return Finding(Verdict.LOOK_CLOSELY, reason(code, **params))


def unread(code: str, **params: Param) -> Finding:
    return Finding(Verdict.CANNOT_READ, reason(code, **params))


def wrong(code: str, **params: Param) -> Finding:
    return Finding(Verdict.LOOKS_WRONG, reason(code, **params))


def number_found(  # noqa: PLR0911 - one word for each case
    sameness: Sameness, *, sure: bool
) -> Finding:
    """`sure`: the OCR was, and a check digit fits if there is one. Else it may be a misreading."""
    match sameness:
        case Sameness.SAME:
            return right("number_same")
        case Sameness.NEARLY:
            return closely("number_nearly")
        case Sameness.UNREGISTERED:
            return closely("number_unregistered")
        case Sameness.OTHER_PAPER:
            return closely("number_other_paper")
        case Sameness.DIFFERENT if sure:
            return wrong("number_different")
        case Sameness.DIFFERENT:
            return closely("number_doubtful")
        case _:
            return unread("number_unread")


def name_found(  # noqa: PLR0911 - one word for each case
    sameness: Sameness, *, number: Sameness, sure: bool
) -> Finding:
    """With the registered number on it, another name is more likely a new name or a misreading."""
    match sameness:
        case Sameness.SAME:
            return right("name_same")
        case Sameness.MORE if number is Sameness.SAME:
            return right("name_more")
        case Sameness.MORE | Sameness.NEARLY:
            return closely("name_nearly")
        case Sameness.OTHER_SCRIPT:
            return closely("name_other_script")
        case Sameness.UNREADABLE:
            return closely("name_unreadable")
        case Sameness.UNREGISTERED:
            return closely("name_unregistered")
        case Sameness.DIFFERENT if sure and number is not Sameness.SAME:
            return wrong("name_different")
        case Sameness.DIFFERENT:
            return closely("name_doubtful")
        case _:
            return closely("name_unread")


def validity(expires: date | None, *, today: date) -> Finding:
    if expires is None:
        return closely("expiry_unread")
    if expires < today:
        return wrong("expired", day=expires)
    return right("valid", day=expires)


def age(birth: date | None, *, today: date) -> list[Finding]:
    """Nothing of an adult; the age in full years of a minor, and dates that cannot be."""
    if birth is None:
        return []
    years = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    if not 0 <= years <= _OLDEST:
        return [closely("birth_impossible")]
    if years < _ADULT:
        return [closely("minor", years=years)]
    return []
