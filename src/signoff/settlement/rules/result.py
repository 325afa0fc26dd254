"""What a settlement came to: frozen, in minor units, with a digest that names it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import rfc8785
from moneyed import Money

from signoff.kernel.money import from_minor


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the settlement: words with parameters, and an amount above zero.

    minor includes tax_minor. bucket: the balance that it comes from; "" if from none.
    """

    code: str
    template: str
    minor: int
    currency: str
    params: Mapping[str, object] = field(default_factory=dict)
    tax_minor: int = 0
    bucket: str = ""

    @property
    def amount(self) -> Money:
        """With tax."""
        return from_minor(self.minor, self.currency)

    @property
    def tax(self) -> Money:
        """The tax in it."""
        return from_minor(self.tax_minor, self.currency)


@dataclass(frozen=True, slots=True)
class RefundPart:
    """Money back: by the `payment` that it came with, or (None) to the place the customer names.

    too_small: a bank transfer cannot carry so little; another line can.
    """

    payment: str | None
    method: str
    minor: int
    currency: str
    too_small: bool = False

    @property
    def amount(self) -> Money:
        """What goes back."""
        return from_minor(self.minor, self.currency)


@dataclass(frozen=True, slots=True)
class SettlementResult:
    """credits − charges = refund − due, in the account's currency.

    `forfeited` is shown apart: it is not given back. `set_aside` is disputed: not charged now.
    `spent` is what every balance gives, by its reference: the closing takes exactly so much from
    it. `other_refunds` are totals in other currencies, whose refund parts are in `refunds`, too.
    """

    currency: str
    last_day: date
    spent: tuple[tuple[str, int], ...]
    used_credits: tuple[str, ...]
    billed_usage: tuple[str, ...]
    credits: tuple[Part, ...]
    charges: tuple[Part, ...]
    forfeited: tuple[Part, ...]
    set_aside: tuple[Part, ...]
    refunds: tuple[RefundPart, ...]
    refund_minor: int
    due_minor: int
    other_refunds: tuple[tuple[str, int], ...] = ()

    @property
    def refund_total(self) -> Money:
        """What goes back in the account's currency."""
        return from_minor(self.refund_minor, self.currency)

    @property
    def due(self) -> Money:
        """What must be paid before the closing."""
        return from_minor(self.due_minor, self.currency)

    @property
    def other_totals(self) -> tuple[Money, ...]:
        """What goes back in other currencies, one each."""
        return tuple(from_minor(minor, code) for code, minor in self.other_refunds)

    @property
    def forfeited_total(self) -> Money:
        """Sum of what is forfeited in the account's currency."""
        return self._total(self.forfeited)

    @property
    def set_aside_total(self) -> Money:
        """Sum of what open disputes keep out."""
        return self._total(self.set_aside)

    @property
    def needs_place(self) -> bool:
        """The customer must name where a part of the money goes."""
        return any(part.payment is None for part in self.refunds)

    def _total(self, parts: Sequence[Part]) -> Money:
        own = sum(part.minor for part in parts if part.currency == self.currency)
        return from_minor(own, self.currency)

    def as_json(self) -> dict[str, object]:
        """Amounts in minor units; what the digest is made of."""
        return {
            "currency": self.currency,
            "last_day": self.last_day.isoformat(),
            "spent": dict(self.spent),
            "used_credits": list(self.used_credits),
            "billed_usage": list(self.billed_usage),
            "credits": [_part_json(part) for part in self.credits],
            "charges": [_part_json(part) for part in self.charges],
            "forfeited": [_part_json(part) for part in self.forfeited],
            "set_aside": [_part_json(part) for part in self.set_aside],
            "refunds": [
                {
                    "payment": r.payment,
                    "method": r.method,
                    "amount": r.minor,
                    "currency": r.currency,
                    "too_small": r.too_small,
                }
                for r in self.refunds
            ],
            "refund_total": self.refund_minor,
            "other_refunds": dict(self.other_refunds),
            "due": self.due_minor,
        }

    @property
    def digest(self) -> str:
        """Names this very settlement: any other amount, part or route has another digest."""
        return hashlib.sha256(rfc8785.dumps(self.as_json())).hexdigest()  # type: ignore[arg-type]


def _part_json(part: Part) -> dict[str, object]:
    return {
        "code": part.code,
        "template": part.template,
        "params": {name: str(value) for name, value in part.params.items()},
        "amount": part.minor,
        "tax": part.tax_minor,
        "currency": part.currency,
        "bucket": part.bucket,
    }


def thawed(content: Mapping[str, Any]) -> SettlementResult:
    """The settlement that `as_json` has frozen; with the same digest."""
    return SettlementResult(
        currency=content["currency"],
        last_day=date.fromisoformat(content["last_day"]),
        spent=tuple(sorted(content["spent"].items())),
        used_credits=tuple(content["used_credits"]),
        billed_usage=tuple(content["billed_usage"]),
        credits=_parts(content["credits"]),
        charges=_parts(content["charges"]),
        forfeited=_parts(content["forfeited"]),
        set_aside=_parts(content["set_aside"]),
        refunds=tuple(
            RefundPart(r["payment"], r["method"], r["amount"], r["currency"], r["too_small"])
            for r in content["refunds"]
        ),
        refund_minor=content["refund_total"],
        due_minor=content["due"],
        other_refunds=tuple(sorted(content["other_refunds"].items())),
    )


def _parts(rows: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    return tuple(
        Part(
            row["code"],
            row["template"],
            row["amount"],
            row["currency"],
            row["params"],
            row["tax"],
            row["bucket"],
        )
        for row in rows
    )
