"""Identifiers of the field, each parsed once at the edge and trusted afterwards.

Sources: ICCID ITU-T E.118; IMSI ITU-T E.212; MSISDN ITU-T E.164; EID GSMA SGP.02 / SGP.29;
IMEI 3GPP TS 23.003 section 6.
"""

import re
import secrets
import unicodedata
from typing import Self

import phonenumbers
from stdnum import imei as stdnum_imei
from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _


def _digits(text: str) -> str:
    """`text` without the spaces and hyphens that people write between digits."""
    return re.sub(r"[\s-]", "", text)


class Iccid(str):
    """The number of a SIM profile: 19 digits of which the last is a Luhn digit (ITU-T E.118).

    Forms of 18 and 20 digits are in use too; those are outside the standard and carry no
    check digit that one could rely on (Chinese operators use the 20th as a serial number). On the ES2+ wire it travels padded with F to 20 characters (SGP.22 v2.5 section 5.3).
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises InvalidValue if `text` is not an ICCID; accepts the padding."""
        padded = _digits(text).upper()
        digits = padded.rstrip("F")
        if len(padded) > 20 or not re.fullmatch(r"89[0-9]{16,18}", digits):
            raise InvalidValue(
                "iccid",
                _("“%(value)s” is not an ICCID: it has 18 to 20 digits and starts with 89."),
                field="iccid",
                value=text,
            )
        if len(digits) == 19 and not luhn.is_valid(digits):
            raise InvalidValue(
                "iccid_check_digit",
                _(
                    "The last digit of the ICCID “%(value)s” does not fit the others: check for a typing error."
                ),
                field="iccid",
                value=text,
            )
        return cls(digits)

    @property
    def padded(self) -> str:
        """As ES2+ wants it: 20 characters, filled with F."""
        return self.ljust(20, "F")


class Imsi(str):
    """The number of a subscriber in the network: 6 to 15 digits."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises InvalidValue if `text` is not an IMSI."""
        digits = _digits(text)
        if not re.fullmatch(r"[0-9]{6,15}", digits):
            raise InvalidValue(
                "imsi",
                _("“%(value)s” is not an IMSI: it has 6 to 15 digits."),
                field="imsi",
                value=text,
            )
        return cls(digits)


class Msisdn(str):
    """A telephone number in E.164 form, with the plus sign."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, region: str | None = None) -> Self:
        """Raises InvalidValue if `text` is no possible number. `region` helps national forms."""
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise InvalidValue(
                "msisdn",
                _(
                    "“%(value)s” is not a telephone number: write it with + and the country code, like +86 138 0013 8000."
                ),
                field="msisdn",
                value=text,
            )
        return cls(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    @property
    def digits(self) -> str:
        """Without the plus sign, as HLR and SMPP want it."""
        return self[1:]

    @property
    def masked(self) -> str:
        """Enough for its owner to know it, too little for anybody else: `+86 … 8000`.

        The spaces are such that no line breaks there.
        """
        country = phonenumbers.parse(self).country_code
        return f"+{country}\u00a0…\u00a0{self[-4:]}"

    @property
    def spoken(self) -> str:
        """In the international form, with the spaces of its country."""
        return phonenumbers.format_number(
            phonenumbers.parse(self), phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )


class Eid(str):
    """The number of the eUICC in a device: 32 digits, the last two a check (modulo 97)."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises InvalidValue if `text` is not an EID."""
        digits = _digits(text)
        if not re.fullmatch(r"89[0-9]{30}", digits):
            raise InvalidValue(
                "eid",
                _("“%(value)s” is not an EID: it has 32 digits and starts with 89."),
                field="eid",
                value=text,
            )
        if not mod_97_10.is_valid(digits):
            raise InvalidValue(
                "eid_check_digits",
                _(
                    "The last two digits of the EID “%(value)s” do not fit the others: check for a typing error."
                ),
                field="eid",
                value=text,
            )
        return cls(digits)


class Imei(str):
    """The number of a device: 15 digits with a Luhn digit."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises InvalidValue if `text` is not an IMEI."""
        digits = _digits(text)
        if not re.fullmatch(r"[0-9]{15}", digits) or not stdnum_imei.is_valid(digits):
            raise InvalidValue(
                "imei",
                _("“%(value)s” is not an IMEI: 15 digits, the last one a check digit."),
                field="imei",
                value=text,
            )
        return cls(digits)


class CaseNumber(str):
    """What a customer reads out on the telephone: `SO-7K4M-92QD-X`.

    No I, L, O, U, Z, so nothing that is mistaken for another; the last character checks the
    others: one wrong or two swapped characters are noticed before anybody looks for a case.
    """

    __slots__ = ()
    _alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXY"

    @classmethod
    def new(cls) -> Self:
        """A fresh, unguessable number (39 bits)."""
        body = "".join(secrets.choice(cls._alphabet) for _ in range(8))
        return cls(f"SO-{body[:4]}-{body[4:]}-{cls._check(body)}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises InvalidValue; forgives case, spaces, dashes, the wide signs of a Chinese keyboard
        and the look-alikes O, I, L, Z."""
        narrow = re.sub("[\N{HYPHEN}-\N{HORIZONTAL BAR}]", "", unicodedata.normalize("NFKC", text))
        plain = _digits(narrow).upper().translate(str.maketrans("OILZ", "0112"))
        if len(plain) == 11:  # a number without its prefix may begin with S0 itself
            plain = plain.removeprefix("S0")
        if len(plain) != 9 or set(plain) - set(cls._alphabet) or cls._check(plain[:8]) != plain[8]:
            raise InvalidValue(
                "case_number",
                _(
                    "“%(value)s” is not a case number: it looks like SO-7K4M-92QD-X. Check for a typing error."
                ),
                field="case_number",
                value=text,
            )
        return cls(f"SO-{plain[:4]}-{plain[4:8]}-{plain[8]}")

    @classmethod
    def _check(cls, body: str) -> str:
        """Weighted sum modulo 31: 31 is prime, so swaps and single errors change it."""
        total = sum((place + 2) * cls._alphabet.index(sign) for place, sign in enumerate(body))
        return cls._alphabet[total % 31]
