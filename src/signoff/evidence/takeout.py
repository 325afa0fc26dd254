"""What a person takes along of their papers, as plain values: that something is kept, and no paper.

In a file that lies about, a number or a photo would be worth more to a thief than to its owner, who
has the paper itself. What is on record about them is theirs all the same.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from signoff.accounts.models import Account
from signoff.evidence.models import Evidence
from signoff.evidence.registered import known_as_of


def registered_number_taken(account: Account) -> list[dict[str, Any]]:
    """Whether the number of the paper is kept that lines were registered with (one query)."""
    as_of = known_as_of(account)
    kept = {"number_is_kept": as_of is not None, "as_of": as_of.isoformat() if as_of else None}
    return [kept]


def photos_taken(cases: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """Photos of papers, oldest first, and when somebody of ours looked at them (two queries).

    cases: numbers of the person's cases by their id.
    """
    rows = Evidence.objects.filter(case__in=list(cases)).defer("content")
    ordered = rows.prefetch_related("viewings").order_by("added_at", "kind", "number")
    return [_photo(row, cases[row.case_id]) for row in ordered]


def _photo(row: Evidence, case: str) -> dict[str, Any]:
    return {
        "case": case,
        "paper": row.kind,
        "page": row.number,
        "added_at": row.added_at.isoformat(),
        "state": row.state,
        "looked_at": sorted(viewing.at.isoformat() for viewing in row.viewings.all()),
        "deleted_at": row.deleted_at.isoformat() if row.deleted_at else None,
    }
