"""One file as a table of rows of one model."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from signoff.kernel.words import gettext_noop as _
from signoff.sheets.cells import CellError
from signoff.sheets.problems import Place, Problem
from signoff.sheets.text import Record, Unreadable, decoded, records, unprintable


class Row(BaseModel):
    """A row: its fields are the columns of the file; one with a default may be left out of it.

    A subclass may check them together.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


RowT = TypeVar("RowT", bound=Row)
RowT_co = TypeVar("RowT_co", bound=Row, covariant=True)


@dataclass(frozen=True, slots=True)
class Placed(Generic[RowT_co]):
    """A row and where it stands."""

    place: Place
    row: RowT_co

    def at(self, column: str) -> Place:
        """The cell of a column."""
        return Place(self.place.file, self.place.line, column)


@dataclass(frozen=True, slots=True)
class Table(Generic[RowT_co]):
    """The rows of a file that fit, and what is wrong with the others.

    columns: those that the file has; empty if the file is not there.
    """

    file: str
    rows: tuple[Placed[RowT_co], ...]
    problems: tuple[Problem, ...]
    columns: frozenset[str] = frozenset()

    @property
    def is_there(self) -> bool:
        """Whether the export says anything of this kind, and be it that there is none."""
        return bool(self.columns)

    def untold(self, *columns: str) -> frozenset[str]:
        """Those of the columns that the file leaves out: it says nothing of them."""
        return frozenset(columns) - self.columns

    def __iter__(self) -> Iterator[RowT_co]:
        return (placed.row for placed in self.rows)


def read_table(content: bytes, *, file: str, model: type[RowT]) -> Table[RowT]:
    """Never raises for what is in the file: whatever is wrong is among the problems."""
    rows: list[Placed[RowT]] = []
    problems: list[Problem] = []
    header = Record(1, ())
    try:
        found = records(decoded(content))
        header = next(found, header)
        problems.extend(_header_problems(header.cells, file, model))
        if not problems:
            for record in found:
                _read(record, header.cells, Place(file, record.line), model, rows, problems)
    except Unreadable as unreadable:
        problems.append(Problem.of(Place(file, unreadable.line), unreadable))
    return Table(file, tuple(rows), tuple(problems), frozenset(header.cells))


def _header_problems(names: Sequence[str], file: str, model: type[Row]) -> Iterator[Problem]:
    known = tuple(model.model_fields)
    for name, column in model.model_fields.items():
        if column.is_required() and name not in names:
            yield Problem(Place(file, 1, name), "missing_column", _("The column is missing."))
    for name in dict.fromkeys(names):
        if name not in known:
            yield Problem(
                Place(file, 1, name),
                "unknown_column",
                _("The column is not known; the columns are %(columns)s."),
                {"columns": ", ".join(known)},
            )
        elif names.count(name) > 1:
            yield Problem(
                Place(file, 1, name), "column_twice", _("The column is there more than once.")
            )


def _read(
    record: Record,
    names: Sequence[str],
    place: Place,
    model: type[RowT],
    rows: list[Placed[RowT]],
    problems: list[Problem],
) -> None:
    if len(record.cells) != len(names):
        problems.append(
            Problem(
                place,
                "cells",
                _("The line has %(found)s cells, the first line names %(wanted)s columns."),
                {"found": len(record.cells), "wanted": len(names)},
            )
        )
        return
    cells = dict(zip(names, record.cells, strict=True))
    unfit = list(_unprintable(cells, place))
    if not unfit:
        try:
            rows.append(Placed(place, model.model_validate(cells)))
        except ValidationError as error:
            unfit = list(_unfit(error, place))
    problems.extend(unfit)


def _unprintable(cells: dict[str, str], place: Place) -> Iterator[Problem]:
    for name, cell in cells.items():
        if sign := unprintable(cell):
            yield Problem(
                Place(place.file, place.line, name),
                "control_character",
                _("The cell contains %(sign)s, a character that cannot be seen: remove it."),
                {"sign": sign},
            )


def _unfit(error: ValidationError, place: Place) -> Iterator[Problem]:
    for fault in error.errors(include_url=False, include_input=False):
        cause = fault.get("ctx", {}).get("error")
        if not isinstance(cause, CellError):
            raise TypeError(f"a row model refused without words: {fault['type']}") from error
        column = str(fault["loc"][0]) if fault["loc"] else cause.refusal.field
        yield Problem.of(Place(place.file, place.line, column), cause.refusal)


def duplicates(table: Table[RowT], key: Callable[[RowT], str], column: str) -> Iterator[Problem]:
    """Each row whose key an earlier row has."""
    first: dict[str, int] = {}
    for placed in table.rows:
        value = key(placed.row)
        line = first.setdefault(value, placed.place.line)
        if line != placed.place.line:
            yield Problem(
                placed.at(column),
                "duplicate",
                _("“%(value)s” is already in line %(line)s."),
                {"value": value, "line": line},
            )
