"""docs/audit.md: the program that a stranger runs, on good files and on those that were changed."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signoff.audit import seals
from signoff.audit.export import export
from signoff.audit.rules import canonical
from signoff.kernel.keys import key_id, public_pem
from tests.docs.pages import ROOT, blocks
from tests.record import NOON, sign, write

KEY = Ed25519PrivateKey.generate()
STRANGER = Ed25519PrivateKey.generate()
(PROGRAM,) = (
    block.content
    for block in blocks(ROOT / "docs" / "audit.md")
    if block.language == "python check"
)
Lines = list[dict[str, Any]]


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Runs the program as a stranger would; gives its exit status and what it said."""
    program, public = tmp_path / "check.py", tmp_path / "public.pem"
    program.write_text(PROGRAM, encoding="utf-8")

    def run(content: bytes, key: Ed25519PrivateKey = KEY) -> tuple[int, str]:
        file = tmp_path / "audit.jsonl"
        file.write_bytes(content)
        public.write_text(public_pem(key.public_key()))
        ended = subprocess.run(
            [sys.executable, "-I", program, file, public],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return ended.returncode, ended.stdout + ended.stderr

    return run


@pytest.fixture
def record_of_three_chains(db: None) -> None:
    """Two checkpoints, and a row that is younger than both."""
    for stream in ("case:A", "case:B", "case:C"):
        write(stream, 2)
    sign(KEY)
    write("case:A", 2)
    sign(KEY)
    write("case:B")


def exported(stream: str | None = None, key: Ed25519PrivateKey = KEY) -> bytes:
    file = BytesIO()
    export(file=file, key=key, now=NOON, stream=stream)
    return file.getvalue()


def test_the_program_is_short() -> None:
    assert len(PROGRAM.splitlines()) <= 50


@pytest.mark.usefixtures("record_of_three_chains")
def test_a_good_file_is_found_good(check: Callable[..., tuple[int, str]]) -> None:
    status, said = check(exported())
    assert (status, said.strip()) == (
        0,
        "9 rows of everything, 8 of them covered by 2 checkpoints: as they were.",
    )
    status, said = check(exported("case:A"))
    assert (status, said.strip()) == (
        0,
        "4 rows of case:A, 4 of them covered by 2 checkpoints: as they were.",
    )


@pytest.mark.usefixtures("record_of_three_chains")
def test_a_file_of_one_chain_tells_nothing_of_the_others() -> None:
    text = exported("case:A").decode()
    assert "case:B" not in text and "case:C" not in text


@pytest.mark.usefixtures("record_of_three_chains")
def test_another_key_is_not_believed(check: Callable[..., tuple[int, str]]) -> None:
    status, said = check(exported(), STRANGER)
    assert status == 1 and "a key that you did not give" in said


@pytest.mark.usefixtures("record_of_three_chains")
def test_the_signed_end_finds_every_change_on_the_way(
    check: Callable[..., tuple[int, str]],
) -> None:
    lines = exported().splitlines(keepends=True)
    for changed in (
        lines[:-1],
        lines[:-2] + lines[-1:],
        [*lines, lines[-2]],
        lines[:1] + lines[2:],
    ):
        status, said = check(b"".join(changed))
        assert status == 1 and "NOT AS IT WAS" in said


@pytest.mark.usefixtures("record_of_three_chains")
@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b'"facts":{', b'"facts":{"step":9,'),
        (b'"step":0', b'"step": 0'),
        (b'"step":0', b'"step":-0'),
        (b'"type":"row"', b'"type":"raw"'),
        ("注销".encode(), b"\\u6ce8\\u9500"),
    ],
)
def test_what_readers_could_read_in_two_ways_is_refused(
    check: Callable[..., tuple[int, str]], was: bytes, becomes: bytes
) -> None:
    """A person who looks at the file must see what the program has computed."""
    lines = exported().splitlines(keepends=True)
    place = next(place for place, line in enumerate(lines) if was in line)
    lines[place] = lines[place].replace(was, becomes, 1)
    status, said = check(b"".join(lines))
    assert status == 1 and ("canonical form" in said or "a kind that there is not" in said)


def _of(lines: Lines, kind: str, place: int = 0) -> dict[str, Any]:
    return [line for line in lines if line["type"] == kind][place]


def _change_facts(lines: Lines) -> None:
    _of(lines, "row", 1)["content"]["facts"]["step"] = 7


def _drop_row(lines: Lines) -> None:
    lines.remove(_of(lines, "row", 0))


def _drop_chain(lines: Lines) -> None:
    lines[:] = [line for line in lines if (line.get("content") or {}).get("stream") != "case:C"]


def _drop_newest(lines: Lines) -> None:
    """The newest rows of case:A with the head that covers them."""
    last = _of(lines, "head", 1)
    place = lines.index(last)
    del lines[place - 2 : place + 1]


def _drop_checkpoint(lines: Lines) -> None:
    lines.remove(_of(lines, "checkpoint", 0))


def _change_checkpoint(lines: Lines) -> None:
    _of(lines, "checkpoint", 1)["content"]["rows"] = 1


def _change_proof(lines: Lines) -> None:
    _of(lines, "head")["proof"].reverse()


def _turn_proof(lines: Lines) -> None:
    proof = _of(lines, "head")["proof"]
    proof[0] = proof[0].replace(">", "<")


def _twice(lines: Lines) -> None:
    """A chain a second time, so that the counts of another's removal fit."""
    _drop_chain(lines)
    lines.extend([line for line in lines if (line.get("content") or {}).get("stream") == "case:A"])


@pytest.mark.usefixtures("record_of_three_chains")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_change_facts, "the row was changed"),
        (_drop_row, "a row is missing before it"),
        (_drop_chain, "a chain is missing"),
        (_drop_newest, "a chain is missing"),
        (_drop_checkpoint, "a checkpoint is missing before it"),
        (_change_checkpoint, "the signature does not fit"),
        (_change_proof, "knows no such chain"),
        (_turn_proof, "knows no such chain"),
        (_twice, "in a wrong place"),
    ],
)
def test_a_change_at_home_is_found_although_the_end_is_signed_again(
    check: Callable[..., tuple[int, str]], change: Callable[[Lines], None], words: str
) -> None:
    """Whoever makes the file can sign its end: then chains and checkpoints must tell."""
    lines = [json.loads(line) for line in exported().splitlines()][:-1]
    change(lines)
    status, said = check(_ended(lines))
    assert status == 1 and words in said


def test_what_the_program_is_given_back_unchanged_is_good(
    check: Callable[..., tuple[int, str]], record_of_three_chains: None
) -> None:
    """So that the test above fails for its changes, not for its own way of writing."""
    content = exported()
    lines = [json.loads(line) for line in content.splitlines()][:-1]
    assert _ended(lines) == content
    assert check(_ended(lines))[0] == 0


def _ended(lines: Lines) -> bytes:
    """As the export ends a file."""
    content = b"".join(canonical(line) + b"\n" for line in lines)
    end = {
        "kind": seals.EXPORT_KIND,
        "version": seals.VERSION,
        "lines": len(lines),
        "digest": hashlib.sha256(content).hexdigest(),
    }
    signed = {
        "type": "end",
        "content": end,
        "key_id": key_id(KEY.public_key()),
        "signature": seals.sign(end, KEY),
    }
    return content + canonical(signed) + b"\n"
