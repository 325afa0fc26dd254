"""Which items of bills a customer would want to look at twice, and why. Pure.

A mark is a hint, not a verdict: where something is not known, nothing is marked.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from statistics import median

from signoff.kernel.countries import Country
from signoff.kernel.money import from_minor
from signoff.kernel.words import gettext_noop as _

LEAST_EARLIER = 4
"""Fewer earlier amounts say nothing about what is usual."""

LEAST_DIFFERENCE = 100
"""Minor units above what is usual; so no price is marked for some cents."""

_LEAST_SPREAD = Fraction(1, 20)
"""Of the usual amount: one that was always the same has no spread at all."""

_THRESHOLD = Fraction(7, 2)
_MAD_TO_DEVIATION = Fraction(6745, 10_000)
"""Iglewicz and Hoaglin, “How to Detect and Handle Outliers” (1993): modified z above 3.5."""

_REPEATED_USE = frozenset({"usage", "roaming", "premium"})
"""Kinds whose items differ in their words each month, and still can be compared."""

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item of a bill. key: names it in the answer; line: empty for the account as a whole.

    first_day and last_day: when it was used or for which period it is, both included.
    """

    key: int
    bill: str
    issued_on: date
    line: str
    kind: str
    description: str
    minor: int
    position: int = 1
    country: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class StayFacts:
    """The network saw the line in the country on these days, both included."""

    line: str
    country: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Mark:
    """Why an item looks unusual: an English template with parameters."""

    code: str
    template: str
    params: Mapping[str, object] = field(default_factory=dict)


def unusual_items(
    items: Iterable[ItemFacts], stays: Collection[StayFacts] | None, *, currency: str
) -> dict[int, tuple[Mark, ...]]:
    """Marks by the key of their item; items without any are not in it.

    stays: None if the carrier does not tell where its lines were. The order of facts does not
    matter.
    """
    found: dict[int, tuple[Mark, ...]] = {}
    by_line: defaultdict[str, list[ItemFacts]] = defaultdict(list)
    for item in items:
        by_line[item.line].append(item)
    for line, of_line in by_line.items():
        ordered = sorted(of_line, key=lambda item: (item.issued_on, item.bill, item.position))
        travel = None if stays is None else [stay for stay in stays if stay.line == line]
        for item in ordered:
            earlier = [other for other in ordered if _is_on_earlier_bill(other, item)]
            marks = (
                _amount(item, earlier, currency),
                _twice(item, ordered),
                _without_travel(item, travel),
                _first_premium(item, earlier),
            )
            if any(marks):
                found[item.key] = tuple(mark for mark in marks if mark)
    return found


def _is_on_earlier_bill(other: ItemFacts, item: ItemFacts) -> bool:
    return (other.issued_on, other.bill) < (item.issued_on, item.bill)


def _amount(item: ItemFacts, earlier: Sequence[ItemFacts], currency: str) -> Mark | None:
    """Only what is dearer than usual: a lower amount does nobody harm."""
    history = _history(item, earlier)
    if len(history) < LEAST_EARLIER:
        return None
    usual = median(history)
    above = item.minor - usual
    spread = max(median(abs(value - usual) for value in history), abs(usual) * _LEAST_SPREAD)
    if above < LEAST_DIFFERENCE or _MAD_TO_DEVIATION * above <= _THRESHOLD * spread:
        return None
    amount = from_minor(item.minor, currency)
    about = from_minor(round(usual), currency)
    words = _("%(amount)s is much more than before: on earlier bills it was about %(usual)s.")
    return Mark("amount", words, {"amount": amount, "usual": about})


def _history(item: ItemFacts, earlier: Sequence[ItemFacts]) -> list[Fraction]:
    """Earlier amounts of the same item; of the same kind, if its words are too new for that."""
    name = _name(item.description)
    same = [other for other in earlier if _name(other.description) == name]
    if len(same) < LEAST_EARLIER and item.kind in _REPEATED_USE:
        same = [other for other in earlier if other.kind == item.kind]
    return [Fraction(other.minor) for other in same]


@lru_cache(maxsize=2000)
def _name(description: str) -> str:
    """Without its numbers: “Calls abroad, 17 minutes” and “… 12 minutes” are the same item."""
    return re.sub(r"\d+", "#", description).casefold()


def _twice(item: ItemFacts, ordered: Sequence[ItemFacts]) -> Mark | None:
    """The first of two stays unmarked; money off, and what was taken back, may well come twice."""
    if item.minor <= 0 or any(_takes_back(other, item) for other in ordered):
        return None
    for other in ordered:
        if other is item:
            return None
        if (other.description, other.minor) == (item.description, item.minor):
            if other.bill == item.bill and _same_days(other, item):
                return Mark("twice", _("The same item is on this bill more than once."))
            if other.bill != item.bill and _overlap(other, item):
                words = _("The same item for the same days is on bill %(bill)s, too.")
                return Mark("twice", words, {"bill": other.bill})
    return None


def _takes_back(other: ItemFacts, item: ItemFacts) -> bool:
    return (other.description, other.minor) == (item.description, -item.minor) and _same_days(
        other, item
    )


def _same_days(one: ItemFacts, other: ItemFacts) -> bool:
    return (one.first_day, one.last_day) == (other.first_day, other.last_day)


def _overlap(one: ItemFacts, other: ItemFacts) -> bool:
    if not (one.first_day and one.last_day and other.first_day and other.last_day):
        return False
    return one.first_day <= other.last_day and other.first_day <= one.last_day


def _without_travel(item: ItemFacts, travel: Sequence[StayFacts] | None) -> Mark | None:
    if travel is None or item.kind != "roaming" or not item.country:
        return None
    if not (item.first_day and item.last_day):
        return None
    days = ((s.first_day, s.last_day) for s in travel if s.country == item.country)
    if _covered(item.first_day, item.last_day, days):
        return None
    words = _("Roaming in %(country)s, but the network did not see this line there on those days.")
    return Mark("roaming", words, {"country": Country(item.country)})


def _covered(first: date, last: date, days: Iterable[tuple[date, date]]) -> bool:
    """Whether all days are in one or more of the stays.

    A stay counts a day longer at both ends: a day begins at another hour abroad.
    """
    wanted = first
    for begins, ends in sorted(days):
        if begins - _A_DAY <= wanted <= ends + _A_DAY:
            wanted = ends + 2 * _A_DAY
            if wanted > last:
                return True
    return False


def _first_premium(item: ItemFacts, earlier: Sequence[ItemFacts]) -> Mark | None:
    """Without any earlier bill everything would be for the first time."""
    if item.kind != "premium" or item.minor <= 0 or not earlier:
        return None
    name = _name(item.description)
    if any(other.kind == "premium" and _name(other.description) == name for other in earlier):
        return None
    return Mark("premium", _("A premium service that was on none of the earlier bills."))
