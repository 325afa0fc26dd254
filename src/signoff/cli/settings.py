"""`signoff settings`: what an operator can set, each with its default and its meaning."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from rich.console import Console
from rich.table import Table
from rich.text import Text

from signoff.config import Config


@dataclass(frozen=True, slots=True)
class Setting:
    """`name`: of the environment variable. `default`: as one would write it; "" for none."""

    name: str
    default: str
    is_required: bool
    meaning: str


def settings(
    *,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As the page docs/settings.md.")
    ] = False,
) -> None:
    """List what can be set by the environment. `signoff check` says what is set and reachable."""
    if markdown:
        typer.echo(page(), nl=False)
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("name", "default", "meaning"):
        table.add_column(name, no_wrap=name == "name", overflow="fold")
    for setting in known():
        table.add_row(Text(setting.name), Text(_default(setting)), Text(setting.meaning))
    Console(highlight=False).print(table)


def known() -> Iterator[Setting]:
    """All of them, in the order of `signoff.config.settings`."""
    for name, field in Config.model_fields.items():
        yield Setting(
            name=field.alias or f"SIGNOFF_{name.upper()}",
            default=_written(field),
            is_required=field.is_required(),
            meaning=field.description or "",
        )


def page() -> str:
    """The page that documents them."""
    rows = [
        f"| `{s.name}` | {_cell(f'`{s.default}`' if s.default else _default(s))} "
        f"| {_cell(s.meaning)} |"
        for s in known()
    ]
    head = [
        "# Settings",
        "",
        "Signoff reads its settings from the environment, once, at start. What is not right is",
        "named at start, with the reason; `signoff check` says line by line what is configured,",
        "reachable and missing. This page is made by `make docs`.",
        "",
        "| name | default | meaning |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def _default(setting: Setting) -> str:
    return setting.default or ("needed" if setting.is_required else "none")


def _written(field: FieldInfo) -> str:
    value: Any = field.default
    if value is PydanticUndefined or value is None:
        return ""
    if isinstance(value, SecretStr):
        return ""  # the default of a secret is that there is none
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return ",".join(value)
    return str(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
