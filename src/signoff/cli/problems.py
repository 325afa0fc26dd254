"""Problems of a file, as a command tells them."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from signoff.cli.language import in_words, said
from signoff.kernel.words import gettext_noop as _
from signoff.sheets.problems import Problem

SHOWN = 50
"""Problems to a screen; `--json` gives all."""


def print_problems(problems: Sequence[Problem], console: Console) -> None:
    """The first of them, a line each."""
    for problem in problems[:SHOWN]:
        console.print(Text(f"{_where(problem)}: {in_words(problem)}"))
    if len(problems) > SHOWN:
        more = said(_("… and %(count)s more; --json shows all."), count=len(problems) - SHOWN)
        console.print(Text(more))


def _where(problem: Problem) -> str:
    place = problem.place
    parts = [place.file]
    if place.line:
        parts.append(said(_("line %(number)s"), number=place.line))
    if place.column:
        parts.append(place.column)
    return ", ".join(parts)


def problem_object(problem: Problem) -> dict[str, object]:
    """For JSON."""
    return {
        "file": problem.place.file,
        "line": problem.place.line or None,
        "column": problem.place.column or None,
        "code": problem.code,
        "reason": in_words(problem),
    }
