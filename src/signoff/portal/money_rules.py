"""A settlement put in rows for a page, and what has changed between two of them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from moneyed import Money

from signoff.kernel.money import from_minor
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.refunds.rules import CN_CARD, IBAN, LINE
from signoff.settlement.rules import Part, RefundPart, SettlementResult


@dataclass(frozen=True, slots=True)
class Told:
    """Words with their parameters apart."""

    template: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the rest goes; `number` masked. kind: iban, cn_card or line."""

    kind: str
    number: str
    holder: str = ""

    @property
    def told(self) -> Told:
        """By itself, as an answer."""
        return Told(_DESTINATIONS[self.kind], self._params)

    def with_amount(self, amount: Money) -> Told:
        """So much goes there."""
        return Told(_WAYS[self.kind], {"amount": amount, **self._params})

    @property
    def _params(self) -> dict[str, object]:
        return {"number": self.number, "holder": self.holder}


_DESTINATIONS = {
    IBAN: _("Bank account %(number)s of %(holder)s"),
    CN_CARD: _("Bank card %(number)s of %(holder)s"),
    LINE: _("Balance of your line %(number)s"),
}
_WAYS = {
    IBAN: _("%(amount)s to the bank account %(number)s of %(holder)s"),
    CN_CARD: _("%(amount)s to the bank card %(number)s of %(holder)s"),
    LINE: _("%(amount)s to the balance of your line %(number)s"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """One part of what goes back. note: what has to be known about it; or None."""

    told: Told
    note: Told | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """All of a settlement in one currency: how it adds up, and which way what is left goes."""

    currency: str
    refund: Money
    due: Money
    credits: tuple[Part, ...]
    charges: tuple[Part, ...]
    set_aside: tuple[Part, ...]
    forfeited: tuple[Part, ...]
    ways: tuple[Way, ...]

    @property
    def has_rows(self) -> bool:
        """There is something to add up."""
        return bool(self.credits or self.charges or self.set_aside or self.forfeited)


def columns(result: SettlementResult, destination: Destination | None) -> tuple[Column, ...]:
    """One for each currency, the account's own first: amounts of two are never added."""
    own, nothing = result.currency, from_minor(0, result.currency)
    refunds = {own: result.refund_total} | {m.currency.code: m for m in result.other_totals}
    lost = {part.currency for part in result.forfeited}
    return tuple(
        Column(
            currency=code,
            refund=refunds.get(code, from_minor(0, code)),
            due=result.due if code == own else nothing,
            credits=_of(code, result.credits),
            charges=_of(code, result.charges),
            set_aside=_of(code, result.set_aside),
            forfeited=_of(code, result.forfeited),
            ways=tuple(_way(r, destination) for r in result.refunds if r.currency == code),
        )
        for code in (own, *sorted((refunds.keys() | lost) - {own}))
    )


def _of(code: str, parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.currency == code)


def _way(part: RefundPart, destination: Destination | None) -> Way:
    if part.payment is not None:
        told = Told(_("%(amount)s by %(method)s"), {"amount": part.amount, "method": part.method})
        return Way(told)
    if destination is not None:
        told = destination.with_amount(part.amount)
    else:
        told = Told(_("%(amount)s to where you want it"), {"amount": part.amount})
    if part.too_small and (destination is None or destination.kind != LINE):
        return Way(told, TOO_SMALL)
    return Way(told, CHOOSE if destination is None else None)


TOO_SMALL = Told(
    _("This is less than a bank transfer can carry. It can go to another line of yours.")
)
CHOOSE = Told(_("It cannot go back the way it came. You are asked where it should go."))


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the settlement that has another amount now. None: it was not there, or is gone.

    sign: 1 for what is credited, -1 for what is charged, 0 for what is only told.
    """

    part: Part
    before: Money | None
    after: Money | None
    sign: int


def changes(before: SettlementResult, after: SettlementResult) -> tuple[Change, ...]:
    """What makes the difference, row by row: credits first, each in the order of the pages."""
    return (
        *_changes(before.credits, after.credits, 1),
        *_changes(before.charges, after.charges, -1),
        *_changes(before.forfeited, after.forfeited, 0),
        *_changes(before.set_aside, after.set_aside, 0),
    )


def _changes(old: Sequence[Part], new: Sequence[Part], sign: int) -> Iterable[Change]:
    was, now = _by_row(old), _by_row(new)
    for row in dict.fromkeys([*was, *now]):
        one, other = was.get(row), now.get(row)
        if (one and one.minor) != (other and other.minor):
            part = other or one
            assert part is not None  # noqa: S101 - the row is of one of both
            yield Change(part, one.amount if one else None, other.amount if other else None, sign)


def _by_row(parts: Sequence[Part]) -> dict[tuple[object, ...], Part]:
    """Rows that say the same are told apart by their order."""
    rows: dict[tuple[object, ...], Part] = {}
    for part in parts:
        params = tuple(sorted((name, str(value)) for name, value in part.params.items()))
        same = (part.code, part.currency, part.bucket, params)
        number = sum(1 for row in rows if row[:4] == same)
        rows[(*same, number)] = part
    return rows
