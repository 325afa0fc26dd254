"""Reading the packs and the operator's file: once, at start, all of it or an error."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _
from signoff.policies.model import Pack, Policy
from signoff.policies.override import Override, PolicyError, overridden
from signoff.policies.promises import digest_of, written

ALL = "all"
"""The section of the operator's file that goes for every country."""


class Policies:
    """The rules of every country that a pack covers."""

    def __init__(self, by_country: Mapping[str, Policy]) -> None:
        self._by_country = dict(by_country)
        self._digests: dict[str, str] = {}

    @property
    def countries(self) -> tuple[str, ...]:
        """ISO 3166-1 codes, in order."""
        return tuple(sorted(self._by_country))

    @property
    def packs(self) -> tuple[str, ...]:
        """Codes of the packs, in order."""
        return tuple(sorted({policy.pack for policy in self._by_country.values()}))

    def for_country(self, country: str) -> Policy:
        """Raises InvalidValue naming the known countries."""
        try:
            return self._by_country[country.upper()]
        except KeyError:
            raise InvalidValue(
                "country",
                _("There are no rules for the country “%(value)s”. Known: %(known)s."),
                field="country",
                value=country,
                known=", ".join(self.countries),
            ) from None

    def digest(self, country: str) -> str:
        """Names the rules of a country as they are now (`promises.digest_of`). Raises InvalidValue."""
        if country not in self._digests:
            self._digests[country] = digest_of(written(self.for_country(country)))
        return self._digests[country]

    def of_pack(self, code: str) -> tuple[Policy, ...]:
        """The rules of each country of a pack; empty if there is no such pack."""
        return tuple(
            self._by_country[c] for c in self.countries if self._by_country[c].pack == code
        )


def policies(override: Path | None = None) -> Policies:
    """The packs that ship with Signoff, with the operator's values over them.

    Raises PolicyError naming the file, the place and what is wrong.
    """
    by_country: dict[str, Policy] = {}
    for pack in _packs():
        for country in pack.countries:
            if country in by_country:
                raise PolicyError(f"{country} is in two packs: {pack.code} and another")
            by_country[country] = pack.for_country(country)
    if override is None:
        return Policies(by_country)
    sections = _sections(override)
    _check_names(sections, by_country, override)
    return Policies(
        {country: _with_sections(policy, sections) for country, policy in by_country.items()}
    )


def _packs() -> list[Pack]:
    folder = resources.files("signoff.policies") / "packs"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    packs = []
    for file in files:
        content = _parse(file.read_text(encoding="utf-8"), file.name)
        try:
            packs.append(Pack.model_validate(content))
        except ValidationError as error:
            raise PolicyError(_faults(error, file.name)) from None
    return packs


def _sections(file: Path) -> dict[str, Override]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{file} cannot be read: {error}") from None
    sections = {}
    for name, content in _parse(text, file.name).items():
        try:
            sections[name] = Override.model_validate(content)
        except ValidationError as error:
            raise PolicyError(_faults(error, f"{file.name} [{name}]")) from None
    return sections


def _check_names(
    sections: Mapping[str, Override], by_country: Mapping[str, Policy], file: Path
) -> None:
    known = {ALL, *by_country, *(policy.pack for policy in by_country.values())}
    for name in sections:
        if name not in known:
            raise PolicyError(
                f"{file.name} [{name}]: no such country or pack; known: {', '.join(sorted(known))}"
            )


def _with_sections(policy: Policy, sections: Mapping[str, Override]) -> Policy:
    """The narrower section wins: all, then the pack, then the country."""
    pack = policy
    for name in dict.fromkeys((ALL, policy.pack, policy.country)):
        if name in sections:
            policy = overridden(policy, sections[name], name, pack=pack)
    if faults := list(policy.contradictions()):
        raise PolicyError(f"{policy.country}: {'; '.join(faults)}")
    return policy


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{name} is not TOML: {error}") from None


def _faults(error: ValidationError, where: str) -> str:
    faults = (
        f"{where}: {'.'.join(str(part) for part in fault['loc']) or 'the file'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_input=False)
    )
    return "\n".join(faults)
