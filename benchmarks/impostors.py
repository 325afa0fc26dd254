"""Whose documents are shown, and by whom: genuine ones and impostors, drawn and photographed."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle

from tests.specimens.cards import Paper, draw
from tests.specimens.people import Person, chinese, cn_check, foreign, traveller
from tests.specimens.shots import Shot, photograph, usual

from signoff.idcheck import Kind

TODAY = date(2026, 7, 1)
_KINDS = (Kind.CN_ID_FRONT, Kind.PASSPORT, Kind.CN_ID_FRONT, Kind.ID_CARD, Kind.DRIVING_LICENCE)


@dataclass(frozen=True)
class Trial:
    """`name` and `number` are those registered; the picture may show something else."""

    kind: Kind
    case: str
    genuine: bool
    picture: bytes
    name: str
    number: str


Change = Callable[[Shot, random.Random], Shot]

BAD_PICTURES: dict[str, Change] = {
    "blurred": lambda shot, chance: replace(shot, blur=chance.uniform(3.5, 6)),
    "shaken": lambda shot, chance: replace(
        shot, shake=chance.uniform(0.005, 0.016) * shot.width, shake_turn=chance.uniform(0, 180)
    ),
    "glare": lambda shot, chance: replace(shot, glare=chance.uniform(0.04, 0.1)),
    "from a screen": lambda shot, chance: replace(shot, screen=chance.uniform(2.2, 8)),
    "dark": lambda shot, chance: replace(shot, light=chance.uniform(0.2, 0.4)),
    "cut off": lambda shot, _chance: replace(shot, fill=1.25),
}


def trials(chance: random.Random, count: int) -> Iterator[Trial]:
    """A little more than a half are impostors; a sixth are genuine in bad pictures."""
    turns = cycle(IMPOSTORS)
    bad = list(BAD_PICTURES)
    for place in range(count):
        if place % 9 in (0, 3, 6):
            kind = list(Kind)[place // 3 % len(Kind)]
            yield usual_trial(kind, chance)
        elif place % 9 == 4:
            yield bad_trial(chance.choice(_KINDS), bad[place // 9 % len(bad)], chance)
        else:
            yield IMPOSTORS[next(turns)](chance)


def usual_trial(kind: Kind, chance: random.Random) -> Trial:
    """A genuine document, as a willing person photographs it."""
    return _genuine(kind, "as usual", lambda shot, _chance: shot, chance)


def bad_trial(kind: Kind, case: str, chance: random.Random) -> Trial:
    """A genuine document in a bad picture; case: of `BAD_PICTURES`."""
    return _genuine(kind, case, BAD_PICTURES[case], chance)


def _genuine(kind: Kind, case: str, change: Change, chance: random.Random) -> Trial:
    paper = _paper(kind, chance)
    shot = change(usual(chance), chance)
    who = paper.person
    return Trial(
        kind,
        case,
        genuine=True,
        picture=photograph(draw(paper, chance), shot, chance),
        name=who.name,
        number=who.number,
    )


def _paper(kind: Kind, chance: random.Random) -> Paper:
    chinese_card = kind in {Kind.CN_ID_FRONT, Kind.CN_ID_BACK}
    who = chinese(chance) if chinese_card else foreign(chance)
    if kind is Kind.PASSPORT and chance.random() < 0.25:
        who = traveller(chance)
    if kind is Kind.CN_ID_BACK:
        return _back(who, chance)
    issued = TODAY - timedelta(days=chance.randint(100, 3000))
    issued = issued.replace(day=min(issued.day, 28))
    return Paper(kind, who, issued, issued.replace(year=issued.year + 10))


def _back(who: Person, chance: random.Random) -> Paper:
    """Terms go by age: 10 years up to 25, 20 up to 45, then for life."""
    issued = TODAY - timedelta(days=chance.randint(100, 3000))
    issued = issued.replace(day=min(issued.day, 28))
    age = (issued - who.birth).days // 365.25
    term = next((years for below, years in ((16, 5), (26, 10), (46, 20)) if age < below), None)
    expires = issued.replace(year=issued.year + term) if term else None
    if expires and expires <= TODAY:  # a child's: it was renewed
        issued, expires = expires, expires.replace(year=expires.year + 10)
    return Paper(Kind.CN_ID_BACK, who, issued, expires)


def _shown(case: str, paper: Paper, who: Person, chance: random.Random) -> Trial:
    """`paper` is shown where `who` is registered."""
    picture = photograph(draw(paper, chance), usual(chance), chance)
    return Trial(paper.kind, case, genuine=False, picture=picture, name=who.name, number=who.number)


def _somebody_else(chance: random.Random) -> Trial:
    paper = _paper(chance.choice(_KINDS), chance)
    return _shown("somebody else", paper, _paper(paper.kind, chance).person, chance)


def _same_name(chance: random.Random) -> Trial:
    """Another person with the very same name."""
    paper = _paper(chance.choice(_KINDS), chance)
    number = _paper(paper.kind, chance).person.number
    return _shown("same name, another number", paper, replace(paper.person, number=number), chance)


def _one_digit(chance: random.Random) -> Trial:
    """The number on the document differs in one digit, and its check digits are those of it."""
    paper = _paper(chance.choice(_KINDS), chance)
    who = paper.person
    place = chance.choice([p for p, sign in enumerate(who.number[:17]) if sign.isdigit()])
    alike = {"0": "8", "1": "7", "3": "8", "5": "6", "6": "8", "8": "3"}
    digit = alike.get(who.number[place]) or str((int(who.number[place]) + 1) % 10)
    other = who.number[:place] + digit + who.number[place + 1 :]
    if paper.kind is Kind.CN_ID_FRONT:
        other = other[:17] + cn_check(other[:17])
    return _shown("number differs by a digit", paper, replace(who, number=other), chance)


def _altered_number(chance: random.Random) -> Trial:
    """One digit of the printed number was painted over; the registered one is the true one."""
    paper = _paper(Kind.CN_ID_FRONT, chance)
    who = paper.person
    place = chance.randrange(17)
    digit = str((int(who.number[place]) + chance.randint(1, 9)) % 10)
    number = who.number[:place] + digit + who.number[place + 1 :]
    return _shown("number altered", paper.altered(number=number), who, chance)


def _altered_name(chance: random.Random) -> Trial:
    """The registered name was printed on a document of somebody else, number and all."""
    paper = _paper(chance.choice(_KINDS), chance)
    who = _paper(paper.kind, chance).person
    printed = paper.altered(name=who.name, surname=who.surname, given=who.given)
    return _shown("name altered", printed, who, chance)


def _altered_birth(chance: random.Random) -> Trial:
    """To be older: the printed date of birth, not the number's."""
    paper = _paper(Kind.CN_ID_FRONT, chance)
    birth = paper.person.birth - timedelta(days=chance.randint(400, 4000))
    return _shown("birth altered", paper.altered(birth=birth), paper.person, chance)


def _other_name_same_number(chance: random.Random) -> Trial:
    """The number is right and the name is not: a forged document, or a name changed."""
    paper = _paper(chance.choice(_KINDS), chance)
    who = _paper(paper.kind, chance).person
    number = paper.person.number
    return _shown("another name, same number", paper, replace(who, number=number), chance)


def _expired(chance: random.Random) -> Trial:
    kind = chance.choice((Kind.CN_ID_BACK, Kind.PASSPORT, Kind.ID_CARD, Kind.DRIVING_LICENCE))
    paper = _paper(kind, chance)
    gone = date(TODAY.year - chance.randint(1, 4), 3, chance.randint(1, 28))
    paper = replace(paper, issued=gone.replace(year=gone.year - 10), expires=gone)
    return _shown("expired", paper, paper.person, chance)


def _altered_print(chance: random.Random) -> Trial:
    """A passport on which something was printed anew; its machine-readable lines are as they were."""
    paper = _paper(Kind.PASSPORT, chance)
    who = paper.person
    other = _paper(Kind.PASSPORT, chance).person
    change = chance.choice(["number", "name", "birth", "expiry"])
    shown = {
        "number": replace(paper, person=replace(who, number=other.number)),
        "name": replace(paper, person=replace(who, surname="Stellvertreter", given="Maximilian")),
        "birth": replace(paper, person=replace(who, birth=who.birth - timedelta(days=800))),
        "expiry": replace(paper, expires=date(TODAY.year + 8, 11, 17)),
    }[change]
    return _shown("print altered", replace(shown, behind=paper), who, chance)


def _back_of_another_age(chance: random.Random) -> Trial:
    """The front is in order, and the back is that of somebody much older or younger."""
    young, old = (
        replace(chinese(chance), birth=date(year, chance.randint(1, 12), chance.randint(1, 28)))
        for year in (TODAY.year - chance.randint(30, 38), TODAY.year - chance.randint(60, 75))
    )
    who, other = chance.choice([(young, old), (old, young)])
    number = f"{who.number[:6]}{who.birth:%Y%m%d}{who.number[14:17]}"
    number += cn_check(number)
    return _shown("back of another", _back(other, chance), replace(who, number=number), chance)


def strangers(trial: Trial, chance: random.Random, count: int) -> Iterator[tuple[str, str]]:
    """Name and number of others who might be registered where this document is shown.

    One half are anybody. The others have the same name, and half of those a number that differs
    in one digit (and, on a Chinese card, in the check digit that belongs to it).
    """
    for place in range(count):
        who = _paper(trial.kind, chance).person
        if place % 4 == 0:
            yield trial.name, who.number
        elif place % 4 == 2:
            yield trial.name, _one_off(trial, chance)
        else:
            yield who.name, who.number


def _one_off(trial: Trial, chance: random.Random) -> str:
    number = trial.number
    place = chance.choice([p for p, sign in enumerate(number[:17]) if sign.isdigit()])
    digit = str((int(number[place]) + chance.randint(1, 9)) % 10)
    other = number[:place] + digit + number[place + 1 :]
    return other[:17] + cn_check(other[:17]) if trial.kind is Kind.CN_ID_FRONT else other


IMPOSTORS: dict[str, Callable[[random.Random], Trial]] = {
    "else": _somebody_else,
    "same name": _same_name,
    "one digit": _one_digit,
    "number": _altered_number,
    "name": _altered_name,
    "birth": _altered_birth,
    "other name": _other_name_same_number,
    "expired": _expired,
    "print": _altered_print,
    "back": _back_of_another_age,
}
