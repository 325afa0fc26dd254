"""What a rule's value may be: the units, and the bounds that keep a slip of the pen out."""

import enum
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from signoff.kernel.errors import InvalidValue
from signoff.kernel.money import currency


class Evidence(enum.StrEnum):
    """What may be asked to see who somebody is: a closed list."""

    ID_CARD_FRONT = "id_card_front"
    ID_CARD_BACK = "id_card_back"
    PASSPORT = "passport"
    DRIVING_LICENCE = "driving_licence"
    SELFIE = "selfie"


def _with_its_unit(value: object) -> object:
    """24 alone would be seconds, and somebody meant hours."""
    if isinstance(value, int | float):
        # pydantic makes a fault of a ValueError alone.
        raise ValueError("write a time with its unit, like PT24H")  # noqa: TRY004 - the same
    return value


def _short_enough(value: timedelta) -> timedelta:
    if not timedelta(0) <= value <= timedelta(days=14):
        raise ValueError("write a time from PT0S to P14D, like PT24H")
    return value


def _known(value: object) -> object:
    """TOML knows no null."""
    return None if value == "unknown" else value


def _known_currency(value: str) -> str:
    try:
        return currency(value).code
    except InvalidValue as unknown:
        raise ValueError(str(unknown)) from None


def _each_once(value: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    if len(set(value)) != len(value):
        raise ValueError("names the same evidence twice")
    return value


WorkingDays = Annotated[int, Field(ge=1, le=60, strict=True)]
Days = Annotated[int, Field(ge=1, le=365, strict=True)]
"""Calendar days."""
DaysOrNone = Annotated[int, Field(ge=0, le=1095, strict=True)]
"""Calendar days; 0 for not at all, or at once."""
Minutes = Annotated[int, Field(ge=1, le=1440, strict=True)]
Months = Annotated[int, Field(ge=1, le=600, strict=True)]
CoolingOff = Annotated[timedelta, BeforeValidator(_with_its_unit), AfterValidator(_short_enough)]
EvidenceKinds = Annotated[tuple[Evidence, ...], AfterValidator(_each_once)]
FourEyes = Literal["never", "large_refund", "always"]

Proration = Literal["days", "period", "none"]
SpendFirst = Literal["promotional", "paid"]
ExpiredPaid = Literal["refund", "forfeit"]
Disputes = Literal["go_on", "wait"]
Threshold = Annotated[Decimal, Field(ge=0, le=10**9, decimal_places=4)]
"""Of the account's currency, in major units."""
CurrencyCode = Annotated[str, AfterValidator(_known_currency)]


def _by_currency(value: object) -> object:
    """An amount alone does not say of which money it is: 2000 yuan are not 2000 dinars."""
    if not isinstance(value, Mapping):
        # pydantic makes a fault of a ValueError alone.
        raise ValueError(  # noqa: TRY004 - the same
            'write an amount for each currency, like { EUR = "250", PLN = "1000" }'
        )
    return value


Thresholds = Annotated[dict[CurrencyCode, Threshold], BeforeValidator(_by_currency)]
"""By ISO 4217 code, in major units of that currency."""
RefundDays = Annotated[Days | None, BeforeValidator(_known)]
"""Calendar days; None (`"unknown"` in a file): no source is known."""
