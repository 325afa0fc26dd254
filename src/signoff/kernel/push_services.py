"""Which push services we speak with: the operator's list against addresses that browsers name.

A browser says where its messages go, so whoever holds a browser chooses an address that our worker
calls. Only what stands on the list is ever called (OWASP: server-side request forgery).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _

LONGEST = 1000
"""Characters of an address; the known services use up to some 500."""
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?:\*\.)?(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")
_ORIGIN = re.compile(
    rf"https://(?:{_LABEL}\.)*{_LABEL}(?::\d{{2,5}})?|http://(?:127\.0\.0\.1|localhost):\d{{2,5}}"
)
_ADDRESS = re.compile(
    rf"(?P<origin>(?P<scheme>https?)://(?P<host>(?:{_LABEL}\.)*{_LABEL})(?P<port>:\d{{1,5}})?)"
    r"/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*"
)
# Narrower than the URL standard on purpose: no user-info, no fragment, no backslash, no capitals in
# the host, nothing on which two parsers could disagree.


def service(entry: str) -> str:
    """One entry of the list: a host, `*.` and a host, or a whole origin.

    A whole origin, like https://push.boom.example:8443, is a service of the operator's own: it may
    be in the operator's network. http is for this machine only. Raises InvalidValue.
    """
    wanted = entry.strip().lower()
    if not (_NAME.fullmatch(wanted) or _ORIGIN.fullmatch(wanted)):
        raise InvalidValue(
            "push_service",
            _("“%(entry)s” is no push service: write a host, like push.example or *.push.example."),
            entry=entry,
        )
    return wanted


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address leads. host without port; is_own: the operator named the whole origin."""

    origin: str
    host: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class PushServices:
    """The list; entries as `service` gives them."""

    entries: Sequence[str]

    def place(self, address: str) -> Place | None:
        """Where `address` leads, or None if it must not be called."""
        found = _ADDRESS.fullmatch(address) if len(address) <= LONGEST else None
        if found is None:
            return None
        origin, host = found["origin"], found["host"]
        if origin in self.entries:
            return Place(origin, host, is_own=True)
        is_plain = found["scheme"] == "https" and not found["port"]
        if is_plain and any(_covers(entry, host) for entry in self.entries):
            return Place(origin, host, is_own=False)
        return None

    @property
    def named(self) -> list[str]:
        """The origins that can be asked whether they are there; `*.` names none."""
        return [
            entry if "://" in entry else f"https://{entry}"
            for entry in self.entries
            if not entry.startswith("*.")
        ]


def _covers(entry: str, host: str) -> bool:
    if entry.startswith("*."):
        return host.endswith(entry[1:])
    return host == entry
