"""Which ports the processes take, and the settings that lead from one to the other."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

from signoff.carrier_box.addresses import WEBHOOK_SECRET, BoxAddresses
from signoff.cli.stack.home import DemoHome
from signoff.cli.stack.problems import PortTaken

HOST = "127.0.0.1"
BOX_PORTS = 5
"""The box takes as many in a row, after the one of the web server."""

_OFFICIAL = {
    "SIGNOFF_OFFICIAL_HOSTS": "boom.example,www.boom.example",
    # One of those that Germany's regulator keeps for films: 030 23125 000 to 999.
    "SIGNOFF_OFFICIAL_NUMBERS": "+493023125000",
}
"""Of the sample carrier, so that a look-alike has something to look like."""


_KEPT_OUT = ("SIGNOFF_", "DATABASE_URL", "GRANIAN_", "DJANGO_", "DBOS_", "PYTHONDONTWRITEBYTECODE")
"""The last would have every process compile everything anew."""


def check_ports(port: int) -> None:
    """Raises PortTaken naming the first that somebody else has. 0 means any, so all is well."""
    for wanted in range(port, port + BOX_PORTS + 1) if port else ():
        if not _is_free(wanted):
            raise PortTaken(wanted, _free_row(wanted + 1))


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.create_server((HOST, 0)) as tried:
        return int(tried.getsockname()[1])


def _is_free(port: int) -> bool:
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return False
    return True


def _free_row(start: int) -> int:
    """The first of enough free ports in a row, in round numbers."""
    for first in range(-(-start // 100) * 100, 65_000, 100):
        if all(_is_free(first + place) for place in range(BOX_PORTS + 1)):
            return first
    return 0


def base_environment(
    home: DemoHome, public_url: str, export: Path, database_url: str
) -> dict[str, str]:
    """For every process. Nobody's own settings get in: a demo must not meet a real database.

    database_url: "" for SQLite in the home.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_KEPT_OUT)}
    policy = export / "policy.toml"
    ours = {
        "SIGNOFF_SECRET_KEY": home.secret_key(),
        "SIGNOFF_HOME": str(home.folder),
        "SIGNOFF_DEMO": "1",
        "SIGNOFF_PUBLIC_URL": public_url,
        "DATABASE_URL": database_url,
        "PYTHONUNBUFFERED": "1",
    }
    return (
        kept | _OFFICIAL | ours | ({"SIGNOFF_POLICY_FILE": str(policy)} if policy.is_file() else {})
    )


def with_box(environment: Mapping[str, str], box: BoxAddresses) -> dict[str, str]:
    """The carrier's systems are those of the box."""

    def joined(address: tuple[str, int]) -> str:
        return f"{address[0]}:{address[1]}"

    return {
        **environment,
        "SIGNOFF_HLR_CTRL": joined(box.hlr_ctrl),
        "SIGNOFF_HLR_VTY": joined(box.hlr_vty),
        "SIGNOFF_SMDP_URL": box.http_url,
        "SIGNOFF_SERVICES_URL": box.http_url,
        "SIGNOFF_SMSC": joined(box.smpp),
        "SIGNOFF_MAIL": joined(box.smtp),
        "SIGNOFF_STRIPE_URL": box.http_url,
        "SIGNOFF_STRIPE_KEY": "sk_test_box",
        "SIGNOFF_STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }
