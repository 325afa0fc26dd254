"""The decoding program, started for one file and gone after it. See ADR 14."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from pydantic import BaseModel, ConfigDict, Field

from signoff.evidence.rules import MAX_PAGES, MediaType, media_type_of, plain_jpeg_size, refusal
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _

SECONDS = 10.0
"""For one file, from its start to its answer; the customer waits for it."""
AT_A_TIME = 2
"""Files in one web process. Who comes later waits for as long as one may take."""
STRANGERS_AT_A_TIME = AT_A_TIME + 1
"""Strangers' files, with the one that waits. Each holds a thread of the web server, which has four:
however many customers send what is hard to read, one is left for everybody's pages."""
_ANSWER_BYTES = 40_000_000
COMMAND: tuple[str, ...] = (sys.executable, "-I", "-m", "signoff.evidence.decoding")
"""-I: no variable and no folder of the caller's leads it to other code."""

_places = threading.BoundedSemaphore(AT_A_TIME)
_strangers = threading.BoundedSemaphore(STRANGERS_AT_A_TIME)


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG with nothing in it but its dots. width, height: in dots."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """left_out: pages of a PDF beyond the first four."""

    media_type: MediaType
    pages: tuple[Picture, ...]
    left_out: int


def clean(content: bytes) -> Cleaned:
    """A stranger's file, drawn anew. Raises InvalidValue in words for the customer, and Refusal
    when too many are sending theirs at this moment."""
    media = media_type_of(content)
    if not _strangers.acquire(blocking=False):
        raise _busy()
    try:
        pages, left_out = _run({"media": media.value}, content)
    finally:
        _strangers.release()
    return Cleaned(media, pages, left_out)


def marked(content: bytes, text: str) -> bytes:
    """One of our own clean pictures with `text` all over it, as a JPEG."""
    pages, _left_out = _run({"media": MediaType.JPEG.value, "mark": text}, content)
    return pages[0].content


def _busy() -> Refusal:
    return Refusal(
        "pictures_busy",
        _("Many people are sending pictures just now. Please try again in a minute."),
    )


def _run(todo: Mapping[str, str], content: bytes) -> tuple[tuple[Picture, ...], int]:
    if not _places.acquire(timeout=SECONDS):
        raise _busy()
    try:
        answer = ask(json.dumps(todo).encode() + b"\n" + content)
    finally:
        _places.release()
    return _understood(answer)


def ask(question: bytes) -> bytes:
    """One process for one file. Raises InvalidValue if it takes too long or does not live."""
    with subprocess.Popen(  # noqa: S603 - our own program, without a word from outside
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # decoders quote from files
        env={},  # the settings are no business of a decoder
        cwd="/",
        start_new_session=True,
    ) as child:
        assert child.stdin is not None and child.stdout is not None  # noqa: S101 - asked for above
        timer = threading.Timer(SECONDS, _end, [child.pid])
        feeder = threading.Thread(target=_feed, args=(child.stdin, question), daemon=True)
        timer.start()
        feeder.start()
        try:
            answer = child.stdout.read(_ANSWER_BYTES)
            child.stdout.close()  # who says more than it may is ended by that
            # Not yet forgotten by the system: until then its number is nobody else's.
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        finally:
            timer.cancel()
            _end(child.pid)
            feeder.join()
        ended = child.wait()
    if ended in {-signal.SIGKILL, -signal.SIGXCPU}:
        raise refusal("too_hard")
    return answer


def _end(leader: int) -> None:
    """The process, and whatever it may have started: they are a group of their own."""
    os.killpg(leader, signal.SIGKILL)


def _feed(pipe: IO[bytes], question: bytes) -> None:
    """In a thread: it may answer, or die, before it has read all of it."""
    with contextlib.suppress(BrokenPipeError), pipe:
        pipe.write(question)


class _Answer(BaseModel):
    """First line of an answer: a refusal by its code, with numbers for its words; or the lengths of
    the pictures behind it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    refusal: str = ""
    params: dict[str, int] = {}
    lengths: list[int] = []
    left_out: int = Field(default=0, ge=0, le=2**31 - 1)


def _understood(answer: bytes) -> tuple[tuple[Picture, ...], int]:
    """The answer, looked at as a stranger's: a decoder may have been taken over by the file.

    One that is not whole means that the process died, of its limits as a rule.
    """
    first, _newline, rest = answer.partition(b"\n")
    try:
        said = _Answer.model_validate_json(first)
        told = refusal(said.refusal, **said.params) if said.refusal else None
        pages = () if told else tuple(_split(rest, said.lengths))
    except (ValueError, KeyError):
        raise refusal("unreadable") from None
    if told:
        raise told
    return pages, said.left_out


def _split(rest: bytes, lengths: list[int]) -> list[Picture]:
    """Raises ValueError if it is not one to four plain pictures, one behind the other."""
    if not 1 <= len(lengths) <= MAX_PAGES or sum(lengths) != len(rest) or min(lengths) < 1:
        raise ValueError("not what was asked for")
    pages, at = [], 0
    for length in lengths:
        content = rest[at : at + length]
        pages.append(Picture(content, *plain_jpeg_size(content)))
        at += length
    return pages
