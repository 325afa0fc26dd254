"""Where money can go: European account numbers and Chinese bank cards, checked before any is sent.

Sources: IBAN ISO 13616 and the registry of SWIFT, as `schwifty` carries it; BIC ISO 9362; card
numbers ISO/IEC 7812-1 (Luhn), UnionPay's length of 16 to 19.

Errors never repeat the number: they end up in logs and on screens at the desk.
"""

import re
import unicodedata
from typing import TYPE_CHECKING, Self

from babel import Locale
from stdnum import luhn

from signoff.kernel.errors import InvalidValue
from signoff.kernel.payee_names import half_width
from signoff.kernel.words import gettext_noop as _

if TYPE_CHECKING:
    import schwifty

_HIDDEN = "\u00a0••••\u00a0"
"""The spaces are such that no line breaks there."""
_EEA = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"


def _compact(text: str) -> str:
    """Without the spaces and dashes that people write between groups; full-width made ASCII."""
    kept = (sign for sign in half_width(text) if not sign.isspace())
    return "".join(sign for sign in kept if unicodedata.category(sign) != "Pd")


class Iban(str):
    """An international bank account number: country, two check digits, the national number."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, field: str = "iban") -> Self:
        """Raises InvalidValue: not an IBAN, unknown country, wrong length, letters, check digits.

        Spaces, dashes, lower case and full-width signs are forgiven. National check digits inside
        are not judged: banks have given out numbers that break their own country's rule.
        """
        # The registry costs 65 ms and 15 MB of memory; only who meets an IBAN pays for it.
        import schwifty  # noqa: PLC0415
        from schwifty import exceptions  # noqa: PLC0415

        compact = _compact(text).upper()
        if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", compact):
            raise InvalidValue(
                "iban",
                _(
                    "That is not an IBAN: it begins with two letters for the country and two digits, like DE89 3704 0044 0532 0130 00."
                ),
                field=field,
            )
        country = compact[:2]
        try:
            return cls(schwifty.IBAN(compact))
        except exceptions.InvalidLength:
            length = schwifty.IBAN(compact, allow_invalid=True).spec.iban_length
            raise InvalidValue(
                "iban_length",
                _(
                    "An IBAN that begins with %(country)s has %(length)s characters; this one has %(found)s."
                ),
                field=field,
                country=country,
                length=length,
                found=len(compact),
            ) from None
        except exceptions.InvalidChecksumDigits:
            raise InvalidValue(
                "iban_check_digits",
                _(
                    "The check digits of the IBAN do not fit: one character is wrong, or two are swapped. Compare it with the bank statement."
                ),
                field=field,
            ) from None
        except exceptions.InvalidCountryCode:
            raise InvalidValue(
                "iban_country",
                _("No country has IBANs that begin with %(country)s."),
                field=field,
                country=country,
            ) from None
        except exceptions.SchwiftyException:
            raise InvalidValue(
                "iban_structure",
                _(
                    "The IBAN has a letter where %(country)s has a digit, or the other way round: O and 0, I and 1 look alike."
                ),
                field=field,
                country=country,
            ) from None

    def _known(self) -> "schwifty.IBAN":
        import schwifty  # noqa: PLC0415 - as in `parse`

        return schwifty.IBAN(self, allow_invalid=True)

    @property
    def country(self) -> str:
        """ISO 3166 code, like DE."""
        return self[:2]

    def country_name(self, language: str) -> str:
        """Germany (en), 德国 (zh-hans); the code if Unicode has no name for it."""
        names = Locale.parse(language.replace("-", "_"), sep="_").territories
        return str(names.get(self.country, self.country))

    @property
    def bic(self) -> str:
        """Of the bank that the number belongs to; empty if the registry does not know it."""
        return str(self._known().bic or "")

    @property
    def bank_name(self) -> str:
        """For the customer to recognise it; empty if the registry does not know it."""
        return self._known().bank_name or ""

    @property
    def in_sepa(self) -> bool:
        """Whether euros can be sent there as a SEPA credit transfer."""
        return self._known().in_sepa_zone

    @property
    def needs_bic(self) -> bool:
        """SEPA outside the European Economic Area (Switzerland, United Kingdom …): EPC125-05 wants a BIC."""
        return self.country not in _EEA.split()

    @property
    def masked(self) -> str:
        """Enough for its owner to know it: `DE89 •••• 3000`."""
        return f"{self[:4]}{_HIDDEN}{self[-4:]}"

    @property
    def spoken(self) -> str:
        """In groups of four."""
        return self._known().formatted


def bic(text: str, field: str = "bic") -> str:
    """A BIC of 8 or 11 characters, normalised. Raises InvalidValue."""
    import schwifty  # noqa: PLC0415 - as in `Iban.parse`
    from schwifty import exceptions  # noqa: PLC0415

    try:
        return str(schwifty.BIC(_compact(text).upper()))
    except exceptions.SchwiftyException:
        raise InvalidValue(
            "bic",
            _("That is not a BIC: it has 8 or 11 letters and digits, like COBADEFFXXX."),
            field=field,
        ) from None


class CnCard(str):
    """The number of a Chinese bank card: 16 to 19 digits, the last one a Luhn digit."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, field: str = "card") -> Self:
        """Raises InvalidValue: letters, wrong length, check digit. Forgives spaces and full width.

        No prefix is asked for: besides UnionPay's 62, older debit cards with others still live.
        """
        digits = _compact(text)
        if not re.fullmatch(r"[0-9]+", digits):
            raise InvalidValue(
                "card_letters",
                _("A card number has only digits: type the long number on the front of the card."),
                field=field,
            )
        if not 16 <= len(digits) <= 19:
            raise InvalidValue(
                "card_length",
                _("A Chinese bank card has 16 to 19 digits; this number has %(found)s."),
                field=field,
                found=len(digits),
            )
        if digits.startswith("0") or not luhn.is_valid(digits):
            raise InvalidValue(
                "card_check_digit",
                _(
                    "The last digit of the card number does not fit the others: one digit is wrong, or two are swapped."
                ),
                field=field,
            )
        return cls(digits)

    @property
    def masked(self) -> str:
        """Enough for its owner to know it: `6222 •••• 1234`."""
        return f"{self[:4]}{_HIDDEN}{self[-4:]}"

    @property
    def spoken(self) -> str:
        """In groups of four, as on the card."""
        return " ".join(self[n : n + 4] for n in range(0, len(self), 4))
