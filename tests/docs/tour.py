"""Links of the documents to lines of the code: `[name](path#L12)` leads to where `name` is made.

    python -m tests.docs.tour            says which links are off
    python -m tests.docs.tour --update   puts the numbers right

`name` is a class, a function, a constant, `Class.method`, `module.function`; in a file that is not
Python, a piece of the line. A name that is gone is an error in any case: then the text must be read again.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.docs.pages import ROOT, Link, links, pages

_TO_A_LINE = re.compile(r"(?P<path>[^#:]+)#L(?P<line>\d+)")


class NameGone(Exception):
    """A link names something that its file does not have any more."""


def line_of(file: Path, name: str) -> int:
    """Where `name` is made. Raises NameGone."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        path = name.removeprefix(f"{file.stem}.").split(".")
        found = next(_places(ast.parse(text).body, path), None)
    else:
        lines = enumerate(text.splitlines(), 1)
        found = next((number for number, line in lines if name in line), None)
    if found is None:
        raise NameGone(f"{file.relative_to(ROOT)} has no {name}")
    return found


def _places(body: list[ast.stmt], path: list[str]) -> Iterator[int]:
    head, *rest = path
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if node.name == head:
                yield from _places(node.body, rest) if rest else [node.lineno]
        elif not rest and head in _assigned(node):
            yield node.lineno


def _assigned(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return {node.target.id}
    return set()


def links_to_lines() -> Iterator[tuple[Link, Path, int]]:
    """Every such link of the documents: file and line that it names."""
    for page in pages():
        for link in links(page):
            if found := _TO_A_LINE.fullmatch(link.target):
                yield link, (page.parent / found["path"]).resolve(), int(found["line"])


def update() -> int:
    """Puts every number right; returns how many were wrong. Raises NameGone."""
    wrong = 0
    for link, file, line in list(links_to_lines()):
        right = line_of(file, link.text)
        if right != line:
            wrong += 1
            text = link.page.read_text(encoding="utf-8")
            old = f"{link.text}`]({link.target})"
            new = f"{link.text}`]({link.target.partition('#')[0]}#L{right})"
            link.page.write_text(text.replace(old, new), encoding="utf-8")
    return wrong


def main(arguments: list[str]) -> int:
    """Exit status: 0 all is right, 1 something is off."""
    if arguments == ["--update"]:
        sys.stdout.write(f"Links put right: {update()}.\n")
        return 0
    off = 0
    for link, file, line in links_to_lines():
        try:
            right = line_of(file, link.text)
        except (NameGone, OSError) as error:
            off += 1
            sys.stdout.write(f"{link}: {error}\n")
            continue
        if right != line:
            off += 1
            sys.stdout.write(f"{link}: it is in line {right}\n")
    return 1 if off else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
