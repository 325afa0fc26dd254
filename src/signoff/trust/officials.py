"""The carrier's own hosts, numbers and senders, as the operator has set them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

import phonenumbers

from signoff.kernel.identifiers import Msisdn


@dataclass(frozen=True, slots=True)
class Officials:
    """origins: `https://boom.example`, in lower case. hosts: the names in them.

    numbers: E.164, or short codes as plain digits. addresses: of mail, in lower case.
    senders: names that text messages come from, exactly as shown. region: ISO 3166-1 country for
    numbers written without a country code.
    """

    origins: frozenset[str]
    hosts: frozenset[str]
    numbers: frozenset[str]
    addresses: frozenset[str]
    senders: frozenset[str]
    region: str | None

    @classmethod
    def of(
        cls,
        *,
        hosts: Iterable[str],
        numbers: Iterable[str],
        senders: Iterable[str],
        public_url: str = "",
    ) -> Self:
        """From the operator's settings. Raises InvalidValue if a number is none."""
        names = {host.strip().lower() for host in hosts if host.strip()}
        origins = {f"https://{name}" for name in names}
        if public_url:
            own = urlsplit(public_url.lower())
            origins.add(f"{own.scheme}://{own.netloc}")
            if own.hostname:
                names.add(own.hostname)
        dialled = [dialled_as(number, None) for number in numbers]
        return cls(
            origins=frozenset(origins),
            hosts=frozenset(names),
            numbers=frozenset(dialled),
            addresses=frozenset(s.strip().lower() for s in senders if "@" in s),
            senders=frozenset(s.strip() for s in senders if "@" not in s),
            region=_region(dialled),
        )


def dialled_as(number: str, region: str | None) -> str:
    """E.164, or the digits of a short code (3 to 6, which have no E.164 form).

    Raises InvalidValue if it is neither.
    """
    plain = number.strip().replace(" ", "").replace("-", "")
    if plain.isascii() and plain.isdigit() and 3 <= len(plain) <= 6:
        return plain
    return str(Msisdn.parse(number, region))


def _region(numbers: Iterable[str]) -> str | None:
    """The country of the first full number; short codes have none."""
    for number in (number for number in numbers if number.startswith("+")):
        code = phonenumbers.parse(number).country_code
        return phonenumbers.region_code_for_country_code(code) if code else None
    return None
