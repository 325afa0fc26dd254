"""What the remote systems say when they are asked for nothing but a sign of life."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from pydantic import SecretStr

from signoff.cli.checks.finding import Finding, State
from signoff.config import Config

_SYSTEMS = {
    "network": ("network (HLR)", ("hlr_ctrl", "hlr_vty")),
    "profiles": ("profiles (SM-DP+)", ("smdp_url",)),
    "services": ("service orders", ("services_url",)),
    "texts": ("SMS (SMSC)", ("smsc",)),
    "letters": ("mail", ("mail",)),
    "payments": ("payments", ("stripe_url", "stripe_key")),
    "pushes": ("push services", ("push_key",)),
}
"""What each port is for, and the settings without which it cannot be asked."""
_OPTIONAL = frozenset({"pushes"})
"""Those without which nothing is missing."""


def findings(settings: Config) -> Iterator[Finding]:
    """One for each; who is not configured is not asked."""
    from signoff.sagas.health import remote_systems  # noqa: PLC0415 - needs Django set up first

    unset = {port: names for port in _SYSTEMS if (names := _not_set(settings, port))}
    for port, names in unset.items():
        if port in _OPTIONAL:
            continue
        yield Finding(_SYSTEMS[port][0], State.MISSING, f"not set: {', '.join(names)}")
    for system in remote_systems(skip=unset):
        state = State.GOOD if system.is_there else State.MISSING
        where = _host_of(str(getattr(settings, _SYSTEMS[system.port][1][0])))
        yield Finding(_SYSTEMS[system.port][0], state, f"{where}: {system.says}")


def _not_set(settings: Config, port: str) -> list[str]:
    values = {name: getattr(settings, name) for name in _SYSTEMS[port][1]}
    return [
        f"SIGNOFF_{name.upper()}"
        for name, value in values.items()
        if not (value.get_secret_value() if isinstance(value, SecretStr) else value)
    ]


def _host_of(address: str) -> str:
    """Without a user name and password, which an address may carry."""
    return (urlsplit(address).netloc or address).rpartition("@")[2]
