"""The number of the paper that somebody's lines were registered with: told by the carrier, sealed.

It is kept for one thing, to be compared with the paper in a photo, and not longer than the account.
It lies in a table of its own, so that whatever reads accounts does not read it, and sealed under the
operator's key, so that the database alone does not tell it. It goes to the program that compares,
and to a reviewer who asks for it; never to a log, a page of the customer, an export or the record.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from signoff.accounts.importing.merging import Counts
from signoff.accounts.models import Account
from signoff.config import config
from signoff.evidence.keys import operator_keys
from signoff.evidence.models import RegisteredNumber
from signoff.evidence.sealing import EvidenceKeyError, OperatorKeys, SealBroken

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Told:
    """What an export says of an account's paper; empty: that there is no number."""

    account: Account
    number: str = field(repr=False)


def number_of(account: Account) -> str:
    """Letters and digits, or empty if none is known (one query).

    Raises EvidenceKeyError if the operator's key is missing, SealBroken if it was tampered with.
    """
    row = RegisteredNumber.objects.filter(account=account).first()
    return _opened(row, operator_keys(config())) if row else ""


def is_known(account: Account) -> bool:
    """Whether there is a number to compare with (one query)."""
    return RegisteredNumber.objects.filter(account=account).exists()


def known_as_of(account: Account) -> datetime | None:
    """When the carrier told the number last; None: there is none (one query)."""
    return RegisteredNumber.objects.filter(account=account).values_list("as_of", flat=True).first()


def forget(*, account: int) -> None:
    """With the account, nothing is left to compare."""
    RegisteredNumber.objects.filter(account=account).delete()


def take_in(told: Sequence[Told], *, as_of: datetime) -> Counts:
    """Brings the numbers to what an export says; in the caller's transaction.

    What is known as of a later moment stays, and accounts that are closed get none. Nothing is
    sealed anew that says the same. Raises EvidenceKeyError if there is something to seal and no key.
    """
    wanted = {one.account.pk: one.number for one in told if one.account.closed_at is None}
    if not any(wanted.values()) and not RegisteredNumber.objects.exists():
        return Counts()
    keys = operator_keys(config())
    counts = Counts()
    for some in _batches(wanted):
        counts = _sum(counts, _take_in(some, keys, as_of))
    return counts


def _take_in(wanted: Mapping[int, str], keys: OperatorKeys, as_of: datetime) -> Counts:
    rows = RegisteredNumber.objects.select_for_update().filter(account__in=list(wanted))
    known = {row.account_id: row for row in rows.order_by("pk")}
    newer = {account for account, row in known.items() if row.as_of > as_of}
    gone = [row for account, row in known.items() if account not in newer and not wanted[account]]
    told = {account: number for account, number in wanted.items() if number}
    new = [
        RegisteredNumber(
            account_id=account,
            sealed=keys.seal_number(number, account),
            key_id=keys.first_id,
            as_of=as_of,
        )
        for account, number in told.items()
        if account not in known
    ]
    there = [known[account] for account in told if account in known and account not in newer]
    changed = [row for row in there if not _says(row, told[row.account_id], keys)]
    for row in changed:
        row.sealed = keys.seal_number(told[row.account_id], row.account_id)
        row.key_id = keys.first_id
    RegisteredNumber.objects.bulk_create(new)
    RegisteredNumber.objects.bulk_update(changed, ["sealed", "key_id"])
    RegisteredNumber.objects.filter(pk__in=[row.pk for row in there]).update(as_of=as_of)
    RegisteredNumber.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return Counts(len(new), len(changed), len(there) - len(changed), len(newer), len(gone))


def rewrap(keys: OperatorKeys) -> tuple[int, frozenset[str]]:
    """Seals every number under the first key: how many were not, and the ids of missing keys."""
    done, lost = 0, set()
    for row in RegisteredNumber.objects.exclude(key_id=keys.first_id).order_by("pk").iterator():
        try:
            number = _opened(row, keys)
        except EvidenceKeyError:
            lost.add(row.key_id)
            continue
        # By compare-and-set, as with the keys of cases.
        done += RegisteredNumber.objects.filter(pk=row.pk, key_id=row.key_id).update(
            sealed=keys.seal_number(number, row.account_id), key_id=keys.first_id
        )
    return done, frozenset(lost)


def _opened(row: RegisteredNumber, keys: OperatorKeys) -> str:
    return keys.open_number(bytes(row.sealed), row.key_id, row.account_id)


def _says(row: RegisteredNumber, number: str, keys: OperatorKeys) -> bool:
    """One that does not open any more is replaced by what the export says."""
    try:
        return _opened(row, keys) == number
    except (EvidenceKeyError, SealBroken):
        return False


def _batches(wanted: Mapping[int, str]) -> Iterator[dict[int, str]]:
    left = iter(wanted.items())
    while some := dict(islice(left, _BATCH)):
        yield some


def _sum(one: Counts, other: Counts) -> Counts:
    return Counts(
        one.created + other.created,
        one.changed + other.changed,
        one.unchanged + other.unchanged,
        one.kept + other.kept,
        one.removed + other.removed,
    )
