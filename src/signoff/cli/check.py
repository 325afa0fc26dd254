"""`signoff check`: what is configured, reachable and missing, line by line."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

import typer
from pydantic import SecretStr, ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from signoff import idcheck
from signoff.cli.setup import django_ready, faults
from signoff.config import Config, config, policies
from signoff.evidence.keys import operator_keys
from signoff.evidence.sealing import EvidenceKeyError
from signoff.kernel import keys, push_key
from signoff.kernel.bank_accounts import Iban
from signoff.kernel.clock import now
from signoff.policies.override import PolicyError


class State(StrEnum):
    """How one thing is. A warning is for a person to judge; missing is not for production."""

    GOOD = "good"
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. Never with a secret in it."""

    what: str
    state: State
    detail: str


_MARKS = {
    State.GOOD: ("✓", "green"),
    State.WARNING: ("!", "yellow"),
    State.MISSING: ("✗", "red"),
}

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


def check(
    *, as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False
) -> None:
    """Tell what is configured, reachable and missing. Asks every remote system, changes nothing.

    Exit status: 0 nothing is missing, 1 something is.
    """
    findings: list[Finding] = []
    show = Console(highlight=False, soft_wrap=True)
    if as_json:
        findings = list(examine())
        bad = any(finding.state is State.MISSING for finding in findings)
        typer.echo(
            json.dumps(
                {"ok": not bad, "checks": [asdict(finding) for finding in findings]},
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        for finding in examine():
            findings.append(finding)
            show.print(_line(finding))
    missing = sum(finding.state is State.MISSING for finding in findings)
    if missing:
        if not as_json:
            show.print(f"Missing: {missing}.", style="bold")
        raise typer.Exit(1)


def _line(finding: Finding) -> Table:
    mark, colour = _MARKS[finding.state]
    row = Table.grid(padding=(0, 2))
    row.add_column(width=1)
    row.add_column(width=20)
    row.add_row(Text(mark, style=colour), Text(finding.what), Text(finding.detail))
    return row


def examine() -> Iterator[Finding]:
    """Each thing in turn; what depends on a missing thing is not looked at."""
    try:
        settings = config()
    except ValidationError as error:
        for fault in faults(error):
            name, _, why = fault.partition(": ")
            yield Finding(name, State.MISSING, why)
        return
    yield Finding("settings", State.GOOD, "all can be read")
    yield from _risks(settings)
    yield bank_payouts(settings)
    yield _policy(settings)
    yield _signing_key(settings)
    yield _evidence_keys(settings)
    yield push_setting(settings)
    yield _look()
    django_ready()
    database = _database()
    yield database
    yield _static_files(settings)
    if database.state is State.GOOD:
        yield from _tables()
        yield _worker()
    yield from _remote_systems(settings)


def _risks(settings: Config) -> Iterator[Finding]:
    """What may be meant so on a desk, and hardly in production."""
    where = urlsplit(settings.public_url)
    if where.scheme != "https" and where.hostname not in {"127.0.0.1", "localhost", "::1"}:
        yield Finding("public address", State.WARNING, f"{settings.public_url} is without TLS")
    if where.hostname and where.hostname not in settings.allowed_hosts:
        yield Finding(
            "public address",
            State.MISSING,
            f"{where.hostname} is not in SIGNOFF_ALLOWED_HOSTS: every page would be refused",
        )
    if settings.debug:
        yield Finding("debug", State.WARNING, "stack traces are shown to everybody")
    if settings.demo:
        yield Finding("demo", State.WARNING, "known passwords may be set")
    if settings.stripe_webhook_secret is None:
        said = "SIGNOFF_STRIPE_WEBHOOK_SECRET is not set: none is believed, the worker asks instead"
        yield Finding("payment events", State.WARNING, said)
    if not settings.official_hosts:
        yield Finding(
            "official channels", State.WARNING, "SIGNOFF_OFFICIAL_HOSTS names none to compare with"
        )


def bank_payouts(settings: Config) -> Finding:
    """Half of it set would look like on, and pay nobody in Europe."""
    both = {"PAYOUT_NAME": settings.payout_name, "PAYOUT_IBAN": settings.payout_iban}
    unset = [f"SIGNOFF_{name}" for name, value in both.items() if not value]
    if not unset:
        where = Iban(settings.payout_iban).masked
        return Finding("bank payouts", State.GOOD, f"{settings.payout_message} from {where}")
    state = State.MISSING if len(unset) < len(both) else State.GOOD
    return Finding("bank payouts", state, f"no SEPA files: {' and '.join(unset)} not set")


def push_setting(settings: Config) -> Finding:
    """Off, or with a key that can be used."""
    if settings.push_key is None:
        return Finding("web push", State.GOOD, "off: SIGNOFF_PUSH_KEY is not set")
    try:
        push_key.load(settings.push_key)
    except keys.KeyFileError as error:
        return Finding("web push", State.MISSING, str(error))
    if not settings.push_services:
        return Finding("web push", State.MISSING, "SIGNOFF_PUSH_SERVICES names none")
    return Finding("web push", State.GOOD, f"to {', '.join(settings.push_services)}")


def _policy(settings: Config) -> Finding:
    try:
        policies()
    except PolicyError as error:
        return Finding("rule packs", State.MISSING, str(error))
    own = f"with {settings.policy_file}" if settings.policy_file else "without values of one's own"
    return Finding("rule packs", State.GOOD, own)


def _signing_key(settings: Config) -> Finding:
    try:
        key = keys.load(settings.signing_key_file)
    except keys.KeyFileError as error:
        return Finding("signing key", State.MISSING, str(error))
    fingerprint = keys.spoken(keys.key_id(key.public_key()))
    return Finding("signing key", State.GOOD, f"fingerprint {fingerprint[:19]} …")


def _evidence_keys(settings: Config) -> Finding:
    try:
        held = operator_keys(settings)
    except EvidenceKeyError as error:
        return Finding("keys of photos", State.MISSING, str(error))
    older = len(held.keys) - 1
    return Finding("keys of photos", State.GOOD, f"{held.first_id} seals, {older} older ones open")


def _look() -> Finding:
    """An extra: without it nothing is missing."""
    there = idcheck.available()
    said = "installed" if there else "not installed, and nothing else needs it: signoff[idcheck]"
    return Finding("look at documents", State.GOOD, said)


def _database() -> Finding:
    """Without password and user: only what tells one database from another."""
    from django.db import DatabaseError, connection  # noqa: PLC0415 - needs Django set up first

    row = connection.settings_dict
    where = str(row["NAME"])
    if connection.vendor != "sqlite":
        where = f"{row['NAME']} at {row['HOST'] or 'the local socket'}"
    try:
        connection.ensure_connection()
        version = ".".join(str(part) for part in connection.get_database_version())
    except DatabaseError as error:
        return Finding("database", State.MISSING, f"{where}: {str(error).splitlines()[0]}")
    return Finding("database", State.GOOD, f"{connection.display_name} {version}, {where}")


def _static_files(settings: Config) -> Finding:
    if (settings.home / "static" / "staticfiles.json").is_file():
        return Finding("static files", State.GOOD, str(settings.home / "static"))
    return Finding("static files", State.MISSING, "not collected: run `signoff migrate`")


def _tables() -> Iterator[Finding]:
    # These need Django set up first.
    from django.db import connection  # noqa: PLC0415

    from signoff.audit import triggers  # noqa: PLC0415
    from signoff.journal import triggers as of_the_journal  # noqa: PLC0415
    from signoff.sagas.engine import tables_are_current  # noqa: PLC0415
    from signoff.sagas.health import missing_migrations  # noqa: PLC0415

    behind = missing_migrations()
    if behind:
        yield Finding(
            "tables", State.MISSING, f"{len(behind)} changes are missing: run `signoff migrate`"
        )
        return
    yield Finding("tables", State.GOOD, "up to date")
    yield _judged("tables of the engine", tables_are_current, "run `signoff migrate`")
    yield _judged(
        "guards of the record",
        lambda: not triggers.missing(connection),
        "the database would let the record be changed: run `signoff audit verify`",
    )
    yield _judged(
        "guards of the journal",
        lambda: not of_the_journal.missing(connection),
        "the database would let what was booked be changed: run `signoff journal check`",
    )
    yield _checkpoints()


def _checkpoints() -> Finding:
    """A row should not wait longer than the setting says; twice as long means that none is made."""
    from signoff.audit.queries import last_checkpoint, waiting_since  # noqa: PLC0415 - needs Django

    since, last = waiting_since(), last_checkpoint()
    if since and now() > since + 2 * timedelta(seconds=config().checkpoint_seconds):
        why = "does a worker run, with the signing key? Else `signoff audit verify` tells"
        said = f"rows wait for one since {since:%Y-%m-%d %H:%M} UTC: {why}"
        return Finding("checkpoints", State.MISSING, said)
    said = f"number {last.number}, of {last.at:%Y-%m-%d %H:%M} UTC" if last else "none needed yet"
    return Finding("checkpoints", State.GOOD, said)


def _judged(what: str, is_good: Callable[[], bool], otherwise: str) -> Finding:
    if is_good():
        return Finding(what, State.GOOD, "up to date")
    return Finding(what, State.MISSING, otherwise)


def _worker() -> Finding:
    from django.db import DatabaseError  # noqa: PLC0415 - needs Django set up first

    from signoff.sagas.queries import live_workers  # noqa: PLC0415 - the same

    try:
        alive = live_workers(now=now())
    except DatabaseError:
        return Finding("worker", State.MISSING, "cannot be known before the tables are made")
    if not alive:
        return Finding("worker", State.MISSING, "none lives: start `signoff worker`")
    return Finding("worker", State.GOOD, f"{len(alive)} alive")


def _remote_systems(settings: Config) -> Iterator[Finding]:
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
