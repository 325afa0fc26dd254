"""What the documents tell people to type, to set and to open is there."""

import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer
from typer.core import TyperGroup

from signoff.cli.main import app
from signoff.config import Config
from tests.docs.pages import (
    ROOT,
    Block,
    Link,
    anchors,
    blocks,
    command_lines,
    inline_code,
    links,
    pages,
)

PAGES = pages()
COMMAND_WORDS = re.compile(r"[a-z][a-z-]*")
ONLY_FOR_TESTS = {"SIGNOFF_TEST_ON", "SIGNOFF_RUBBISH"}
"""Variables that are not settings of an operator."""


def _ids(things: list[object]) -> list[str]:
    return [str(thing) for thing in things]


# Links


ALL_LINKS = [
    link
    for page in PAGES
    for link in links(page)
    if not link.target.startswith(("https:", "http:"))
]


@pytest.mark.parametrize("link", ALL_LINKS, ids=_ids([*ALL_LINKS]))
def test_a_link_leads_somewhere(link: Link) -> None:
    path, _, anchor = link.target.partition("#")
    target = (link.page.parent / unquote(path)).resolve() if path else link.page
    assert target.exists(), f"{link}: nothing is there"
    assert target.is_relative_to(ROOT), f"{link}: outside of the project"
    if anchor and target.suffix == ".md":
        assert anchor in anchors(target), f"{link}: the page has no such heading"


def test_every_page_of_docs_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    todo = [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen:
            continue
        seen.add(page)
        for link in links(page):
            target = (page.parent / unquote(link.target.partition("#")[0])).resolve()
            found = sorted(target.glob("*.md")) if target.is_dir() else [target]
            todo += [one for one in found if one.suffix == ".md" and one.is_relative_to(ROOT)]
    assert set(PAGES) <= seen


# Commands


def _typed() -> Iterator[tuple[str, list[str]]]:
    """Every `signoff …` that a page tells one to type: where it stands, and its words."""
    for page in PAGES:
        where = page.relative_to(ROOT)
        for block in blocks(page):
            for line in _shell_lines(block):
                if re.match(r"signoff |sudo -u signoff ", line):
                    yield f"{where}:{block.line}", shlex.split(line, comments=True)
        for number, code in inline_code(page):
            if code.startswith("signoff "):
                yield f"{where}:{number}", shlex.split(code)


def _shell_lines(block: Block) -> Iterator[str]:
    if block.language in {"", "sh"} or block.language.startswith("sh "):
        yield from command_lines(block)


def _signoff_words(words: list[str]) -> list[str] | None:
    """What follows the program's name; behind `sudo -u signoff signoff-run` it stands later."""
    if "signoff-run" in words:
        words = words[words.index("signoff-run") + 1 :]
    return words[1:] if words and words[0] == "signoff" else None


SIGNOFF_COMMANDS = [
    (where, rest) for where, words in _typed() if (rest := _signoff_words(words)) is not None
]


@pytest.mark.parametrize(
    ("where", "words"),
    SIGNOFF_COMMANDS,
    ids=[f"{where} signoff {' '.join(words)}" for where, words in SIGNOFF_COMMANDS],
)
def test_a_command_and_its_options_are_there(where: str, words: list[str]) -> None:
    command = typer.main.get_command(app)
    rest = list(words)
    while isinstance(command, TyperGroup) and rest and COMMAND_WORDS.fullmatch(rest[0]):
        found = command.commands.get(rest[0])
        assert found is not None, f"{where}: there is no `signoff {' '.join(words)}`"
        command, rest = found, rest[1:]
    assert not isinstance(command, TyperGroup) or rest in ([], ["--help"]), f"{where}: {words}"
    known = {name for parameter in command.params for name in (*parameter.opts, "--help")}
    used = {word.partition("=")[0] for word in rest if word.startswith("--")}
    assert used <= known, f"{where}: {command.name} has no {used - known}"


def test_the_operators_page_names_the_commands_of_an_installation() -> None:
    named = {words[0] for where, words in SIGNOFF_COMMANDS if where.startswith("docs/operate.md")}
    assert {"migrate", "check", "import", "keys", "audit", "verify"} <= named


@cache
def _make_targets() -> frozenset[str]:
    said = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True)
    return frozenset(re.findall(r"^  (\w+) ", said.stdout, re.M))


def _makes() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        where = str(page.relative_to(ROOT))
        codes = [code for _, code in inline_code(page)]
        codes += [line for block in blocks(page) for line in _shell_lines(block)]
        for code in codes:
            if found := re.fullmatch(r"make ([a-z]+)(?: .*)?", code, re.DOTALL):
                yield where, found[1]


@pytest.mark.parametrize(("where", "target"), sorted(set(_makes())))
def test_make_knows_what_it_is_told_to_make(where: str, target: str) -> None:
    assert target in _make_targets(), f"{where}: make {target}"


@pytest.mark.parametrize("name", ["demo", "test"])
def test_the_readme_has_the_two_commands(name: str) -> None:
    assert ("README.md", name) in set(_makes())


# Settings


def _settings() -> set[str]:
    fields = Config.model_fields.items()
    return {field.alias or f"SIGNOFF_{name.upper()}" for name, field in fields}


@pytest.mark.parametrize("page", PAGES, ids=_ids([page.relative_to(ROOT) for page in PAGES]))
def test_every_setting_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"\bSIGNOFF_[A-Z_]+\b", page.read_text(encoding="utf-8")))
    assert named <= _settings() | ONLY_FOR_TESTS, named - _settings()


def test_the_settings_of_the_operators_page_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ROOT / "docs" / "operate.md"
    block = next(b for b in blocks(page) if "SIGNOFF_SECRET_KEY=" in b.content)
    for line in shlex.split(block.content):
        name, _, value = line.partition("=")
        monkeypatch.setenv(name, value)
    made = Config()
    assert made.trusted_proxy and made.public_url == "https://close.carrier.example"
    assert made.database_url == "postgresql:///signoff"


def test_every_setting_of_a_remote_system_is_explained() -> None:
    text = (ROOT / "docs" / "connect.md").read_text(encoding="utf-8")
    prefixes = ("hlr_", "smdp_", "services_", "smsc", "mail", "stripe_", "delivery_", "remote_")
    remote = {n for n in Config.model_fields if n.startswith(prefixes)}
    assert remote and all(f"SIGNOFF_{name.upper()}" in text for name in remote)


# Logs


def test_the_log_lines_that_are_worth_an_alert_are_written_somewhere() -> None:
    page = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    sentence = next(line for line in page.splitlines() if "Worth an alert" in line)
    events = re.findall(r"`([a-z_]+)`", sentence)
    code = "".join(file.read_text() for file in (ROOT / "src" / "signoff").rglob("*.py"))
    assert len(events) > 3 and [event for event in events if f'"{event}"' not in code] == []


def test_every_fault_of_ours_in_the_log_is_worth_an_alert() -> None:
    page = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    sentence = next(line for line in page.splitlines() if "Worth an alert" in line)
    code = "".join(file.read_text() for file in (ROOT / "src" / "signoff").rglob("*.py"))
    written = set(re.findall(r"log\.exception\(\s*\"([a-z_]+)\"", code))
    assert written and [event for event in sorted(written) if f"`{event}`" not in sentence] == []


# Libraries


def test_every_library_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    wanted = {
        re.split(r"[^\w-]", line, maxsplit=1)[0] for line in [*project["dependencies"], *extras]
    }
    table = (ROOT / "docs" / "adr" / "0009-libraries.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| ([a-z0-9-]+) \|", table, re.M)) - {"package"}
    assert named == wanted


# What must not be in them


@pytest.mark.parametrize("page", PAGES, ids=_ids([page.relative_to(ROOT) for page in PAGES]))
def test_a_page_is_about_nobodys_own_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"/home/|/root/|/tmp/|/Users/|C:\\|pypi\.org|pythonhosted", text)
