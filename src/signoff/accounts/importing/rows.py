"""Rows of `customers.csv`, `lines.csv`, `profiles.csv`, `devices.csv`, `services.csv`.

The fields are the columns; the README of `examples/boom` explains each.
"""

import re
from typing import Annotated, Self

from pydantic import Field, model_validator

from signoff.idcheck.documents import cn_number
from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _
from signoff.sheets.amounts import Amount, CurrencyText, OptionalPercent, minor
from signoff.sheets.cells import CellError, optional_pattern, pattern, text, whole, word
from signoff.sheets.fields import (
    CountryText,
    Day,
    EmailText,
    IccidText,
    ImeiText,
    ImsiText,
    KeyText,
    LanguageText,
    LongKeyText,
    MsisdnText,
    OptionalEid,
    OptionalKey,
    OptionalMsisdn,
    YesUnlessNo,
    ZoneText,
    paper_number,
)
from signoff.sheets.table import Row


class CustomerRow(Row):
    """A customer's contract, and the person's sign-in."""

    account: KeyText
    username: Annotated[
        str,
        pattern(
            "username",
            r"[A-Za-z0-9_.@+-]{1,150}",
            _("“%(value)s” is not a user name: letters from a to z, digits and “_ . + -”."),
        ),
    ]
    email: EmailText
    name: Annotated[str, text(120)]
    country: CountryText
    language: LanguageText
    time_zone: ZoneText
    currency: CurrencyText
    contact_phone: OptionalMsisdn
    tax_rate: OptionalPercent = 0
    prices_include_tax: YesUnlessNo = True
    id_number: Annotated[str, paper_number] = Field(default="", repr=False)

    @model_validator(mode="after")
    def _number_can_be(self) -> Self:
        """A citizen's number of China has a check digit; of other numbers only the form is known."""
        looks_chinese = self.country == "CN" and re.fullmatch(r"[0-9]{17}[0-9X]", self.id_number)
        if looks_chinese and not cn_number.is_one(self.id_number):
            raise CellError(
                InvalidValue(
                    "citizen_number",
                    _("The 18 signs are no citizen's number: its date or its last sign is wrong."),
                    field="id_number",
                )
            )
        return self

    @model_validator(mode="after")
    def _no_other_address_as_username(self) -> Self:
        """Both sign a person in: a user name must not look like somebody else's e-mail address."""
        if "@" in self.username and self.sign_in_name != self.sign_in_email:
            raise CellError(
                InvalidValue(
                    "username_address",
                    _("A user name with @ must be the customer's own e-mail address."),
                    field="username",
                )
            )
        return self

    @property
    def sign_in_name(self) -> str:
        """As it is kept: signing in does not tell A from a."""
        return self.username.lower()

    @property
    def sign_in_email(self) -> str:
        """As it is kept for signing in."""
        return self.email.lower()


class LineRow(Row):
    """A subscription."""

    line: KeyText
    account: KeyText
    msisdn: MsisdnText
    imsi: ImsiText
    plan: Annotated[str, text(80)]
    billing: Annotated[str, word("prepaid", "advance", "arrears")]
    monthly_price: Amount
    currency: CurrencyText
    cycle_day: Annotated[int, whole(1, 31)]
    activated_on: Day
    state: Annotated[str, word("active", "paused", "closed")]

    @property
    def monthly_minor(self) -> int:
        """The price in minor units. Raises InvalidValue if that is no whole number."""
        return minor(self.monthly_price, self.currency, field="monthly_price")

    @model_validator(mode="after")
    def _price_fits_currency(self) -> Self:
        try:
            _ = self.monthly_minor
        except InvalidValue as refusal:
            raise CellError(refusal) from None
        return self


class ProfileRow(Row):
    """The eSIM profile of a line."""

    line: KeyText
    iccid: IccidText
    eid: OptionalEid
    matching_id: Annotated[
        str,
        optional_pattern(
            "matching_id",
            r"[0-9A-Z-]{1,64}",
            _("“%(value)s” is not a matching id: capital letters, digits and hyphens."),
        ),
    ]
    state: Annotated[
        str,
        word("released", "downloaded", "installed", "enabled", "disabled", "deleted", "withdrawn"),
    ]


class DeviceRow(Row):
    """A device that was seen with an account."""

    imei: ImeiText
    account: KeyText
    line: OptionalKey
    name: Annotated[str, text(80)]
    last_seen_on: Day


class ServiceRow(Row):
    """A service that ends with its line."""

    service: LongKeyText
    line: KeyText
    name: Annotated[str, text(80)]
    state: Annotated[str, word("active", "ended")]
