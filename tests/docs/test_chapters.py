"""A chapter's tables are touched by that chapter alone: others call its queries and operations.

What import-linter cannot see: models may be imported as types, but not be asked or written.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps

PACKAGE = Path(__file__).parents[2] / "src" / "signoff"
MANAGERS = {"objects", "_default_manager", "_base_manager"}
ROW_WRITES = {"save", "delete", "asave", "adelete", "refresh_from_db"}


@dataclass(frozen=True)
class Touch:
    """A line of code that asks or writes a table of another chapter."""

    file: str
    line: int
    code: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.code}"


def _chapter(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0]


def _models() -> set[tuple[str, str]]:
    """Chapter and name: a value class of another package may have the name of a table."""
    return {
        (model.__module__.split(".")[1], model.__name__)
        for model in apps.get_models()
        if model.__module__.startswith("signoff.")
    }


def _foreign_models(tree: ast.Module, chapter: str) -> set[str]:
    """Names in this module that stand for tables of another chapter."""
    names: set[str] = set()
    models = _models()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("signoff."):
            owner = (node.module or "").split(".")[1]
            if owner != chapter:
                names |= {a.asname or a.name for a in node.names if (owner, a.name) in models}
    return names


def touches(source: str, chapter: str, file: str = "") -> Iterator[Touch]:
    """Every place where code of `chapter` asks, makes or writes rows of another."""
    tree = ast.parse(source)
    foreign = _foreign_models(tree, chapter)
    typed = {
        argument.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for argument in [*node.args.args, *node.args.kwonlyargs]
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id in foreign
    }
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if (
                name in foreign and attr in MANAGERS
            ) or (name in typed and attr in ROW_WRITES):
                yield Touch(file, node.lineno, ast.unparse(node))
            case ast.Call(func=ast.Name(id=name)) if name in foreign:
                yield Touch(file, node.lineno, ast.unparse(node)[:60])
            case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=model), *_]) if (
                model in foreign and name in {"get_object_or_404", "get_list_or_404"}
            ):
                yield Touch(file, node.lineno, ast.unparse(node)[:60])


FILES = sorted(
    file
    for file in PACKAGE.rglob("*.py")
    if "migrations" not in file.parts and file.parent != PACKAGE
)


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(PACKAGE)) for file in FILES])
def test_a_module_touches_no_table_of_another_chapter(file: Path) -> None:
    found = touches(file.read_text(), _chapter(file), str(file.relative_to(PACKAGE)))
    assert [str(touch) for touch in found] == []


@pytest.mark.parametrize(
    "code",
    [
        "Case.objects.filter(pk=1)",
        "Case.objects.filter(pk=1).update(state='closed')",
        "Case(state='closed').save()",
        "get_object_or_404(Case, pk=1)",
        "def f(case: Case) -> None:\n    case.save()",
        "def f(*, case: Case) -> None:\n    case.delete()",
    ],
)
def test_the_check_sees_a_touch(code: str) -> None:
    source = f"from signoff.closing.models import Case\n{code}\n"
    assert list(touches(source, "review"))
    assert not list(touches(source, "closing"))


def test_the_check_lets_types_and_words_of_another_chapter_pass() -> None:
    source = (
        "from signoff.closing.models import Case\n"
        "from signoff.accounts.models import LineState\n"
        "def f(case: Case) -> str:\n"
        "    return LineState('active').value + case.number\n"
    )
    assert not list(touches(source, "review"))
