"""The rules behind a case's dates. They are kept with it when it is sent.

`rules_of` explains what was fixed; `rules_for_next` is what the next date is fixed by, and `fixed`
keeps that with the case, so that the two always agree. How the desk works among itself
(`policies.promises.PROMISES` has the list) is no promise, and is asked of `config.policies`.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from signoff import __version__
from signoff.closing.models import Case, RuleBook
from signoff.config import policies
from signoff.policies.model import Policy
from signoff.policies.promises import PROMISES, better_of, digest_of, read, written


@dataclass(frozen=True, slots=True)
class Fixed:
    """Rules, and the digest under which they are kept: what `Case.rules_id` becomes."""

    rules: Policy
    book: str


def rules_of(case: Case) -> Policy:
    """The rules behind the dates of a case; of a draft, which has no dates, today's."""
    known = policies()
    today = known.digest(case.country)
    if case.rules_id in {None, today}:
        return known.for_country(case.country)
    return _read(case.rules_id, case.country, today)


def rules_for_next(case: Case) -> Policy:
    """What holds for what is still to be fixed: as promised, or today's where that is better."""
    if case.rules_id is None:
        return rules_of(case)
    return better_of(rules_of(case), policies().for_country(case.country), PROMISES)


def fixed(case: Case, *places: str, now: datetime) -> Fixed:
    """Something is fixed by the rules at `places` now: from here on they are the case's own.

    The caller writes `book` to the case, in one transaction with what it fixed.
    """
    today = policies().for_country(case.country)
    rules = better_of(rules_of(case), today, places)
    return Fixed(rules, kept(rules, now=now))


def kept(rules: Policy, *, now: datetime) -> str:
    """Keeps the rules, if they are not kept already; returns their digest."""
    content = written(rules)
    digest = digest_of(content)
    book = RuleBook(
        digest=digest,
        pack=rules.pack,
        country=rules.country,
        version=__version__,
        content=content,
        first_used_at=now,
    )
    RuleBook.objects.bulk_create([book], ignore_conflicts=True)
    return digest


@lru_cache(maxsize=256)
def _read(digest: str, country: str, _today: str) -> Policy:
    """A book is never changed, and what it leaves open is named by the digest of today's rules."""
    book = RuleBook.objects.get(pk=digest)
    return read(book.content, policies().for_country(country))
