"""What a person sees of a walkthrough while it goes on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

_MARKS = {"done": "✓", "now": "●", "problem": "!", "left_out": "–"}


class Show:
    """Stages from the top to the bottom, the timeline of the case below. Lines if no terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._done: list[str] = []
        self._now = ""
        self._steps: Sequence[tuple[str, str]] = ()
        self._spinner = Spinner("dots")
        self._live = Live(
            get_renderable=self._drawn, console=console, transient=True, refresh_per_second=10
        )

    @contextmanager
    def shown(self) -> Iterator[None]:
        """As long as this lasts."""
        if not self._console.is_terminal:
            yield
            return
        with self._live:
            yield

    @contextmanager
    def stage(self, words: str) -> Iterator[None]:
        """Done when this ends without an exception."""
        self._now = words
        yield
        self._done.append(words)
        self._now = ""
        self._console.print(Text(f"  ✓ {words}"))

    def doing(self, words: str) -> None:
        """What is done just now, within a stage."""
        self._now = words

    def timeline(self, steps: Sequence[tuple[str, str]]) -> None:
        """State and words of each step, as the customer's page has them."""
        self._steps = steps

    def _drawn(self) -> RenderableType:
        parts: list[RenderableType] = []
        if self._now:
            self._spinner.update(text=Text(self._now))
            parts.append(self._spinner)
        if self._steps:
            parts += ["", timeline_table(self._steps)]
        return Group(*parts)


def timeline_table(steps: Sequence[tuple[str, str]]) -> Table:
    """The steps with their marks."""
    table = Table.grid(padding=(0, 1))
    for state, words in steps:
        style = {"done": "green", "problem": "red", "now": "bold"}.get(state, "dim")
        table.add_row("   ", Text(_MARKS.get(state, "·"), style=style), Text(words, style=style))
    return table


def receipts_table(rows: Sequence[Sequence[str]]) -> Table:
    """Step, state, outcome and the remote's reference."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("Step", "State", "Outcome", "Their reference"):
        table.add_column(name, overflow="fold")
    for step, state, _tries, outcome, reference, *_ in rows:
        table.add_row(*(Text(cell) for cell in (step, state, outcome, reference)))
    return table
