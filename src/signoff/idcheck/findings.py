"""The things that a look can notice: each in words, and how much it weighs. Pure.

A finding only ever makes the verdict more careful; `LOOKS_RIGHT` is what remains if the number and
the name were both found to be those registered and nothing else was noticed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from signoff.idcheck.comparison import Sameness
from signoff.idcheck.verdicts import Reason, Verdict, reason
from signoff.kernel.words import gettext_noop as _

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


def right(code: str, template: str, **params: str | int | date) -> Finding:
    return Finding(Verdict.LOOKS_RIGHT, reason(code, template, **params))


def closely(code: str, template: str, **params: str | int | date) -> Finding:
    return Finding(Verdict.LOOK_CLOSELY, reason(code, template, **params))


def unread(code: str, template: str, **params: str | int | date) -> Finding:
    return Finding(Verdict.CANNOT_READ, reason(code, template, **params))


def wrong(code: str, template: str, **params: str | int | date) -> Finding:
    return Finding(Verdict.LOOKS_WRONG, reason(code, template, **params))


def number_found(sameness: Sameness, *, sure: bool) -> Finding:
    """`sure`: the OCR was, and a check digit fits if there is one. Else it may be a misreading."""
    match sameness:
        case Sameness.SAME:
            return right("number_same", _("The number is the one registered."))
        case Sameness.NEARLY:
            return closely(
                "number_nearly",
                _("The number reads almost like the one registered: compare them sign by sign."),
            )
        case Sameness.UNREGISTERED:
            return closely(
                "number_unregistered",
                _("No number was registered for this person, so there is none to compare."),
            )
        case Sameness.DIFFERENT if sure:
            return wrong("number_different", _("The number is not the one registered."))
        case Sameness.DIFFERENT:
            return closely(
                "number_doubtful",
                _(
                    "The number could not be read surely and does not seem to be the one registered."
                ),
            )
        case _:
            return unread("number_unread", _("The number could not be found in the picture."))


def name_found(  # noqa: PLR0911 - one word for each case
    sameness: Sameness, *, number: Sameness, sure: bool
) -> Finding:
    """With the registered number on it, another name is more likely a new name or a misreading."""
    match sameness:
        case Sameness.SAME:
            return right("name_same", _("The name is the one registered."))
        case Sameness.MORE if number is Sameness.SAME:
            return right(
                "name_more",
                _("All names that were registered are on the document, and it has further ones."),
            )
        case Sameness.MORE | Sameness.NEARLY:
            return closely(
                "name_nearly", _("The name reads almost like the one registered: compare by eye.")
            )
        case Sameness.OTHER_SCRIPT:
            return closely(
                "name_other_script",
                _("The name is registered in another script than could be read: compare by eye."),
            )
        case Sameness.UNREGISTERED:
            return closely(
                "name_unregistered", _("No name was registered, so there is none to compare.")
            )
        case Sameness.DIFFERENT if sure and number is not Sameness.SAME:
            return wrong("name_different", _("The name is not the one registered."))
        case Sameness.DIFFERENT:
            return closely(
                "name_doubtful", _("The name reads unlike the one registered: compare by eye.")
            )
        case _:
            return closely("name_unread", _("The name could not be found in the picture."))


def validity(expires: date | None, *, today: date) -> Finding:
    if expires is None:
        return closely("expiry_unread", _("Until when it is valid could not be read."))
    if expires < today:
        return wrong("expired", _("The document was valid until %(day)s."), day=expires)
    return right("valid", _("The document is valid until %(day)s."), day=expires)


def age(birth: date | None, *, today: date) -> list[Finding]:
    """Nothing of an adult; the age in full years of a minor, and dates that cannot be."""
    if birth is None:
        return []
    years = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    if not 0 <= years <= _OLDEST:
        return [closely("birth_impossible", _("The date of birth cannot be right."))]
    if years < _ADULT:
        return [closely("minor", _("The person is %(years)s years old."), years=years)]
    return []
