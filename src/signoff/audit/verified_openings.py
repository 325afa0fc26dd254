"""Are the values beside the chain those that were committed to, and is none of them gone?"""

import json
from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef, Subquery

from signoff.audit.commitments import SUFFIX, open_commitment
from signoff.audit.events import Event
from signoff.audit.models import AuditRow, Opening
from signoff.audit.streaming import BATCH, rows_as_text

Fault = tuple[str, int, str]
"""The chain, the place in it, and what is wrong there, in words."""


def faults() -> Iterator[Fault]:
    """Of each value, by its place. Rows that are broken themselves are named too."""
    yield from _changed()
    yield from _gone()


def _changed() -> Iterator[Fault]:
    row = rows_as_text().filter(stream=OuterRef("stream"), seq=OuterRef("seq"))
    openings = Opening.objects.annotate(facts=Subquery(row.values("facts_text")[:1]))
    for opening in openings.order_by("stream", "seq").iterator(chunk_size=BATCH):
        commitment = _facts(opening.facts).get(f"{opening.field}{SUFFIX}")
        if not open_commitment(str(commitment), value=opening.value, salt=opening.salt):
            what = f"the “{opening.field}” kept beside it is not what was committed to"
            yield opening.stream, opening.seq, what


def _gone() -> Iterator[Fault]:
    """In one query: an erasure that happens meanwhile is seen with its row, or not at all."""
    here = Opening.objects.filter(stream=OuterRef("stream"), seq=OuterRef("seq"))
    count = here.order_by().values("stream").annotate(count=Count("pk")).values("count")
    erased = AuditRow.objects.filter(
        stream=OuterRef("stream"),
        seq__gt=OuterRef("seq"),
        event=Event.PERSONAL_DATA_ERASED.value,
    )
    rows = (
        rows_as_text()
        .filter(~Exists(erased), facts_text__contains=f'{SUFFIX}"')
        .annotate(kept=Subquery(count))
        .order_by("stream", "seq")
    )
    places = rows.values_list("stream", "seq", "facts_text", "kept")
    for stream, seq, facts, kept in places.iterator(chunk_size=BATCH):
        if (kept or 0) < sum(name.endswith(SUFFIX) for name in _facts(facts)):
            yield stream, seq, "what was kept beside it is gone, and nobody has recorded erasing it"


def _facts(text: str | None) -> dict[str, object]:
    """What cannot be read is named by the walk along the chains."""
    try:
        facts = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}
