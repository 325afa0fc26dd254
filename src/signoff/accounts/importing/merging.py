"""Bringing rows of a table to what an export says, in sets: no query for a single row."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db.models import CharField, F, Model, Value
from django.db.models.functions import Cast, Concat

from signoff.kernel.words import gettext_noop as _
from signoff.sheets.problems import Place, Problem

BATCH = 500
"""Rows to a query. Django divides further where the database takes fewer parameters."""

ModelT = TypeVar("ModelT", bound=Model)
ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of a kind.

    kept: what we know is newer, or final. removed: the export tells the whole, and not them.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Kind(Generic[ModelT]):
    """How the rows of a table are recognised and what of them may change. All are attnames.

    key: tells which row is meant, if `merge` is not told the existing rows.
    facts: may change. unique: those of them (text) that no two rows may share.
    fixed: never changes once known. Both with the column that a person knows it by.
    occupies: whether a row with a unique value keeps others from having it.
    """

    model: type[ModelT]
    key: str
    facts: tuple[str, ...]
    unique: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    occupies: Callable[[ModelT], bool] = lambda _row: True


@dataclass(frozen=True, slots=True)
class Wanted(Generic[ModelT]):
    """A row as the export says it, where it says so, and its key."""

    place: Place
    key: str
    row: ModelT


@dataclass(slots=True)
class Merged(Generic[ModelT]):
    """The rows by their key, as they are now; and what became of them."""

    rows: dict[str, ModelT] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    counts: Counts = field(default_factory=Counts)
    problems: list[Problem] = field(default_factory=list)


Tick = Callable[[int], None]
"""Told how many rows more are done."""


def hold_nothing(_existing: Model, _wanted: Model) -> frozenset[str]:
    """Every fact may change."""
    return frozenset()


def merge(
    kind: Kind[ModelT],
    wanted: Sequence[Wanted[ModelT]],
    *,
    existing: Mapping[str, ModelT] | None = None,
    hold: Callable[[ModelT, ModelT], Collection[str]] = hold_nothing,
    tick: Tick = lambda _rows: None,
) -> Merged[ModelT]:
    """Creates and changes rows so that they say what is wanted; in the caller's transaction.

    hold: given a row as it is and as wanted, the facts that stay as they are.
    A row that is known as of a later moment than the wanted one stays as it is.
    Where anything cannot be (a value that another row has, a fixed value that differs), nothing
    of this kind is written: the caller gives up the transaction and shows the problems.
    """
    known = fetch(kind, [item.key for item in wanted]) if existing is None else existing
    merged: Merged[ModelT] = Merged()
    new: list[Wanted[ModelT]] = []
    changed: list[tuple[Wanted[ModelT], ModelT, list[str]]] = []
    same: list[ModelT] = []
    for item in wanted:
        row = known.get(item.key)
        if row is None:
            new.append(item)
            continue
        merged.rows[item.key] = row
        merged.problems.extend(_fixed_problems(kind, item, row))
        if _is_newer(row, item.row):
            merged.kept.add(item.key)
            continue
        held = hold(row, item.row)
        differing = [
            name
            for name in kind.facts
            if name not in held and getattr(row, name) != getattr(item.row, name)
        ]
        if differing:
            changed.append((item, row, differing))
        else:
            same.append(row)
    merged.problems.extend(_taken(kind, new, changed))
    merged.counts = Counts(len(new), len(changed), len(same), len(merged.kept))
    if not merged.problems:
        tick(len(merged.kept))
        _write_new(kind, new, merged, tick)
        _write_changed(kind, changed, tick)
        _renew(kind, same, [item.row for item in wanted], tick)
    return merged


def fetch(kind: Kind[ModelT], keys: Sequence[str]) -> dict[str, ModelT]:
    """The rows with these keys, locked until the end of the transaction."""
    return {getattr(row, kind.key): row for row in fetch_where(kind.model, kind.key, keys)}


def fetch_where(model: type[ModelT], name: str, values: Sequence[object]) -> Iterator[ModelT]:
    """The rows whose attribute has one of the values, locked until the end of the transaction."""
    for batch in batches(values):
        found = model._default_manager.select_for_update().filter(**{f"{name}__in": batch})
        yield from found.order_by("pk")


def batches(items: Sequence[ItemT]) -> Iterator[list[ItemT]]:
    """`items` in lists of at most `BATCH`."""
    remaining = iter(items)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def remove(model: type[ModelT], rows: Iterable[ModelT]) -> int:
    """Deletes rows and says how many; in the caller's transaction."""
    pks = [row.pk for row in rows]
    for batch in batches(pks):
        model._default_manager.filter(pk__in=batch).delete()
    return len(pks)


def _is_newer(row: Model, wanted: Model) -> bool:
    ours: datetime | None = getattr(row, "as_of", None)
    theirs: datetime | None = getattr(wanted, "as_of", None)
    return ours is not None and theirs is not None and ours > theirs


def _fixed_problems(kind: Kind[ModelT], item: Wanted[ModelT], row: ModelT) -> Iterator[Problem]:
    for name, column in kind.fixed.items():
        if getattr(row, name) != getattr(item.row, name):
            yield Problem(
                Place(item.place.file, item.place.line, column),
                "fixed",
                _("“%(key)s” is known with another value here, and this one never changes."),
                {"key": item.key},
            )


def _taken(
    kind: Kind[ModelT],
    new: Sequence[Wanted[ModelT]],
    changed: Sequence[tuple[Wanted[ModelT], ModelT, list[str]]],
) -> Iterator[Problem]:
    """Values that another row has which does not let go of them in this same import."""
    for name, column in kind.unique.items():
        moving = {row.pk for _item, row, names in changed if name in names}
        asked = {getattr(item.row, name): item for item in new}
        asked |= {getattr(item.row, name): item for item, _row, names in changed if name in names}
        for holder in fetch_where(kind.model, name, list(asked)):
            if holder.pk not in moving and kind.occupies(holder):
                item = asked[getattr(holder, name)]
                yield Problem(
                    Place(item.place.file, item.place.line, column),
                    "taken",
                    _("“%(value)s” already belongs to another one that Signoff knows."),
                    {"value": getattr(holder, name)},
                )


def _write_new(
    kind: Kind[ModelT], new: Sequence[Wanted[ModelT]], merged: Merged[ModelT], tick: Tick
) -> None:
    for batch in batches(new):
        made = kind.model._default_manager.bulk_create([item.row for item in batch])
        for item, row in zip(batch, made, strict=True):
            merged.rows[item.key] = row
        tick(len(batch))


def _write_changed(
    kind: Kind[ModelT],
    changed: Sequence[tuple[Wanted[ModelT], ModelT, list[str]]],
    tick: Tick,
) -> None:
    for name in kind.unique:
        _vacate(kind, name, [row.pk for _item, row, names in changed if name in names])
    fields = [*kind.facts, *(["as_of"] if _has_as_of(kind) else [])]
    for batch in batches(changed):
        for item, row, names in batch:
            for name in names:
                setattr(row, name, getattr(item.row, name))
            if _has_as_of(kind):
                setattr(row, "as_of", getattr(item.row, "as_of"))  # noqa: B009, B010 - any model
        kind.model._default_manager.bulk_update([row for _item, row, _names in batch], fields)
        tick(len(batch))


def _vacate(kind: Kind[ModelT], name: str, pks: Sequence[Any]) -> None:
    """Frees values that are about to move: two rows may exchange theirs.

    Databases look at uniqueness row by row, not at the end of the statement.
    """
    free = Concat(Value("~"), Cast(F("pk"), CharField()))
    for batch in batches(pks):
        kind.model._default_manager.filter(pk__in=batch).update(**{name: free})


def _renew(
    kind: Kind[ModelT], same: Sequence[ModelT], wanted: Sequence[ModelT], tick: Tick
) -> None:
    """What was confirmed is known as of the new moment."""
    if same and _has_as_of(kind):
        moment = getattr(wanted[0], "as_of")  # noqa: B009 - not every model has it
        older = [row.pk for row in same if getattr(row, "as_of") != moment]  # noqa: B009 - same
        for batch in batches(older):
            kind.model._default_manager.filter(pk__in=batch).update(as_of=moment)
    tick(len(same))


def _has_as_of(kind: Kind[ModelT]) -> bool:
    return any(column.attname == "as_of" for column in kind.model._meta.concrete_fields)
