"""The documents as data: links, headings, and the commands in their fenced blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
_PARSER = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True, slots=True)
class Link:
    """`target` as written; `text` without marks; `page` is where it stands."""

    page: Path
    line: int
    text: str
    target: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line} [{self.text}]({self.target})"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; `line` is that of its fence."""

    page: Path
    line: int
    language: str
    content: str


def pages() -> list[Path]:
    """Every document that is ours, in order."""
    return [
        *sorted(ROOT.glob("*.md")),
        *sorted(ROOT.glob("docs/**/*.md")),
        *sorted(ROOT.glob("examples/**/*.md")),
    ]


@cache
def _tokens(page: Path) -> list[Token]:
    return _PARSER.parse(page.read_text(encoding="utf-8"))


def links(page: Path) -> Iterator[Link]:
    """Links and pictures."""
    for token in _tokens(page):
        line = token.map[0] + 1 if token.map else 0
        for source in re.findall(r'<img[^>]* src="([^"]+)"', token.content):
            yield Link(page, line, "img", source)
        children = token.children or []
        for place, child in enumerate(children):
            if child.type == "image":
                yield Link(page, line, child.content, str(child.attrs["src"]))
            if child.type == "link_open":
                end = next(
                    n for n in range(place, len(children)) if children[n].type == "link_close"
                )
                text = "".join(part.content for part in children[place:end])
                yield Link(page, line, text, str(child.attrs["href"]))


def anchors(page: Path) -> set[str]:
    """What `#…` may name on a page: its headings, as code hosts write them."""
    tokens = _tokens(page)
    found: set[str] = set()
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            inline = tokens[place + 1].children or []
            words = "".join(part.content for part in inline).lower()
            found.add(re.sub(r"[^\w\- ]", "", words).replace(" ", "-"))
    return found


def blocks(page: Path) -> Iterator[Block]:
    """Fenced and indented code."""
    for token in _tokens(page):
        if token.type in {"fence", "code_block"}:
            line = token.map[0] + 1 if token.map else 0
            yield Block(page, line, token.info.strip(), token.content)


def inline_code(page: Path) -> Iterator[tuple[int, str]]:
    """`…` within a paragraph or a table, with its line."""
    for token in _tokens(page):
        line = token.map[0] + 1 if token.map else 0
        for child in token.children or []:
            if child.type == "code_inline":
                yield line, child.content


def command_lines(block: Block) -> Iterator[str]:
    """The lines of a block for a shell, those that `\\` continues joined, without blank ones."""
    joined = block.content.replace("\\\n", " ")
    yield from (line.strip() for line in joined.splitlines() if line.strip())
