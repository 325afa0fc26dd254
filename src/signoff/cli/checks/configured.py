"""What is said by the settings and the key files alone."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from signoff import idcheck
from signoff.cli.checks.finding import Finding, State
from signoff.config import Config, policies
from signoff.evidence.keys import operator_keys
from signoff.evidence.sealing import EvidenceKeyError
from signoff.kernel import keys, push_key
from signoff.kernel.bank_accounts import Iban
from signoff.policies.override import PolicyError


def findings(settings: Config) -> Iterator[Finding]:
    """Asks no database and nobody else."""
    yield from _risks(settings)
    yield bank_payouts(settings)
    yield _rule_packs(settings)
    yield _signing_key(settings)
    yield _evidence_keys(settings)
    yield push_setting(settings)
    yield _look_at_documents()


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


def _rule_packs(settings: Config) -> Finding:
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


def _look_at_documents() -> Finding:
    """An extra: without it nothing is missing."""
    there = idcheck.available()
    said = "installed" if there else "not installed, and nothing else needs it: signoff[idcheck]"
    return Finding("look at documents", State.GOOD, said)
