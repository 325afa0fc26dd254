"""From the lines of a picture to findings, for each kind of document. Pure."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import date

from signoff.idcheck import findings as say
from signoff.idcheck.comparison import Sameness
from signoff.idcheck.comparison.names import compare_names, find_name, is_han, is_readable
from signoff.idcheck.comparison.numbers import (
    compare_citizen_number,
    compare_document_number,
    find_number,
)
from signoff.idcheck.documents import cn_id_card, cn_number, driving_licence, mrz
from signoff.idcheck.documents.machine_readable import Checks, MachineReadable
from signoff.idcheck.findings import Finding
from signoff.idcheck.lines import Line, rows, upright
from signoff.idcheck.printed import contradictions
from signoff.idcheck.verdicts import Kind

SURE = 0.9
"""Confidence of the OCR below which another text is taken for a misreading."""


@dataclass(frozen=True, slots=True)
class _Registered:
    """is_readable: whether the OCR knows every sign of the name."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    is_readable: bool

    def as_far_as_readable(self, named: Sameness) -> Sameness:
        """A sign that the OCR does not know makes any name another one, or none."""
        missed = named in {Sameness.DIFFERENT, Sameness.OTHER_SCRIPT, Sameness.UNREAD}
        return Sameness.UNREADABLE if missed and not self.is_readable else named


def judge(
    lines: Sequence[Line],
    kind: Kind,
    *,
    name: str,
    number: str,
    today: date,
    signs: Container[str] | None = None,
) -> list[Finding]:
    """`name` and `number` as registered; either may be empty. signs: all that the OCR knows."""
    if not lines:
        return [say.unread("nothing_read")]
    who = _Registered(name, number, signs is None or is_readable(name, signs))
    match kind:
        case Kind.CN_ID_FRONT:
            return _front(lines, who, today)
        case Kind.CN_ID_BACK:
            return _back(lines, number, today)
        case Kind.PASSPORT | Kind.ID_CARD:
            return _machine_readable(lines, kind, who, today)
        case Kind.DRIVING_LICENCE:
            return _licence(lines, who, today)


def _front(lines: Sequence[Line], who: _Registered, today: date) -> list[Finding]:
    front = cn_id_card.parse_front(lines)
    if not front.found or not cn_id_card.is_front(lines):
        return [_other_side() if cn_id_card.is_back(lines) else _unexpected()]
    same = compare_citizen_number(front.number, who.number)
    sure = front.sure >= SURE and front.number is not None and front.number.holds
    named = who.as_far_as_readable(compare_names(front.name, who.name))
    found = [
        say.number_found(same, sure=sure),
        say.name_found(named, number=same, sure=sure and front.name_sure >= SURE),
        *say.age(front.birth, today=today),
    ]
    return found + _contradictions(front)


def _contradictions(front: cn_id_card.Front) -> list[Finding]:
    """The number tells birth and sex once more: an altered card may forget it."""
    number = front.number
    if number is None:
        return []
    if not number.holds:
        return [say.closely("check_digit")]
    found = []
    if front.birth is None:
        found.append(say.closely("birth_unread"))
    elif front.birth != number.birth:
        found.append(say.closely("birth_contradicts"))
    if front.sex and front.sex != number.sex:
        found.append(say.closely("sex_contradicts"))
    return found


def _back(lines: Sequence[Line], number: str, today: date) -> list[Finding]:
    """It names nobody. That it belongs to the front shows in one thing only: terms go by age.

    Its authority is not held against the first digits of the number: those are of the place where
    the number was given at birth, and people move.
    """
    back = cn_id_card.parse_back(lines)
    if not cn_id_card.is_back(lines):
        return [_other_side() if cn_id_card.is_front(lines) else _unexpected()]
    if back.for_life:
        found = [say.right("valid_for_life")]
    else:
        found = [say.validity(back.expires, today=today)]
    if back.issued is not None and back.issued > today:
        found.append(say.wrong("issued_later"))
    if back.issued is not None and back.expires is not None and not _a_term(back):
        found.append(say.closely("odd_term"))
    born = cn_number.birth_of(number)
    if born is not None and not cn_id_card.may_have_term(back, born):
        found.append(say.closely("term_not_of_age"))
    return found


def _a_term(back: cn_id_card.Back) -> bool:
    """Resident Identity Cards Law, article 5: 5, 10 or 20 years, or for life."""
    if back.issued is None or back.expires is None:
        return False
    issued, expires = back.issued, back.expires
    leap_day = (issued.month, issued.day) == (2, 29)
    same_day = (issued.month, issued.day) == (expires.month, expires.day) or leap_day
    return same_day and back.term in (5, 10, 20)


def _machine_readable(
    lines: Sequence[Line], kind: Kind, who: _Registered, today: date
) -> list[Finding]:
    read = mrz.parse(lines, today=today)
    if read is None:
        return [say.unread("no_machine_lines")]
    found = [_unexpected_size()] if (read.size == "TD3") is not (kind is Kind.PASSPORT) else []
    same = compare_document_number(read.number, read.number_check, who.number)
    sure = read.sure >= SURE and read.checks.number
    named = _name_on(lines, read, who)
    return [
        *found,
        _document_number(same, named, sure=sure),
        say.name_found(named, number=same, sure=sure),
        say.validity(read.expires if read.checks.expiry else None, today=today),
        *say.age(read.birth if read.checks.birth else None, today=today),
        *_failing(read.checks, number_is_same=same is Sameness.SAME),
        *(contradictions(lines, read) if read.size == "TD3" else ()),
    ]


def _document_number(same: Sameness, named: Sameness, *, sure: bool) -> Finding:
    """Passports and such cards get another number when they are renewed; citizens never do."""
    if same is Sameness.DIFFERENT and sure and named in {Sameness.SAME, Sameness.MORE}:
        return say.wrong("number_renewed")
    return say.number_found(same, sure=sure)


def _name_on(lines: Sequence[Line], read: MachineReadable, who: _Registered) -> Sameness:
    """Machine-readable lines have A to Z only; a Chinese name stands on the page above them."""
    if not is_han(who.name):
        return compare_names(read.names, who.name, cut_short=read.cut_short)
    above = [find_name([row.text for row in rows(turned)], who.name) for turned in upright(lines)]
    found = next((one for one in (Sameness.SAME, Sameness.NEARLY) if one in above), None)
    return found or who.as_far_as_readable(Sameness.OTHER_SCRIPT)


def _failing(checks: Checks, *, number_is_same: bool) -> list[Finding]:
    found = []
    if not checks.number and not number_is_same:
        found.append(say.closely("number_check_digit"))
    if not checks.birth:
        found.append(say.closely("birth_check_digit"))
    if not checks.expiry:
        found.append(say.closely("expiry_check_digit"))
    if checks.whole is False and checks.number and checks.birth and checks.expiry:
        found.append(say.closely("last_check_digit"))
    return found


def _licence(lines: Sequence[Line], who: _Registered, today: date) -> list[Finding]:
    licence = driving_licence.parse(lines)
    same = find_number(licence.rows, who.number)
    named = who.as_far_as_readable(find_name(licence.rows, who.name))
    found = [
        say.number_found(same, sure=False),
        say.name_found(named, number=same, sure=False),
        say.validity(licence.expires, today=today),
    ]
    if not licence.is_licence:
        found.append(_unexpected())
    return found


def _other_side() -> Finding:
    return say.unread("other_side")


def _unexpected() -> Finding:
    return say.unread("other_document")


def _unexpected_size() -> Finding:
    return say.closely("other_size")
