"""The Osmocom control interface (CTRL): requests and answers as text in IPA frames.

A frame is the length of what follows the protocol byte (two bytes, big-endian), 0xEE, 0x00, and
the text. A request carries a number that its answer repeats. Source: "Osmocom Control Interface",
in the user manual of every Osmocom program; checked against osmo-hlr 1.5.0.
"""

import itertools
import re
import struct
from dataclasses import dataclass

from signoff.adapters.osmo_hlr.connection import SYSTEM, Connection
from signoff.ports.errors import Permanent

_HEADER = struct.Struct(">HBB")
_OSMO_EXTENSION = 0xEE
_CTRL = 0x00
_ANSWER = re.compile(r"(?P<word>GET_REPLY|SET_REPLY|ERROR|TRAP) (?P<number>\S+) (?P<rest>.*)", re.S)
_request_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Answer:
    """`error` is osmo-hlr's own text, or None; `value` what follows the variable's name."""

    value: str
    error: str | None
    raw: str


def framed(text: str) -> bytes:
    """`text` as it travels."""
    content = text.encode("ascii")
    return _HEADER.pack(len(content) + 1, _OSMO_EXTENSION, _CTRL) + content


def parse_answer(text: str, *, verb: str, number: int, variable: str) -> Answer | None:
    """The answer to request `number`, or None if `text` belongs to another or is a trap.

    Raises Permanent if `text` is no answer at all, or one to something else that we asked.
    """
    found = _ANSWER.fullmatch(text)
    if found is None:
        raise Permanent(SYSTEM, "the answer is not of the control interface", raw=text[:1000])
    if found["word"] == "TRAP" or found["number"] not in (str(number), "err"):
        return None
    if found["word"] == "ERROR":
        return Answer(value="", error=found["rest"], raw=text)
    name, _, value = found["rest"].partition(" ")
    if found["word"] != f"{verb}_REPLY" or name != variable:
        raise Permanent(SYSTEM, "the answer is to another question", raw=text)
    return Answer(value=value, error=None, raw=text)


def get(connection: Connection, variable: str) -> Answer:
    """Reads `variable`. Raises Temporary or Permanent."""
    return _ask(connection, "GET", variable, "")


def put(connection: Connection, variable: str, value: str) -> Answer:
    """Writes `variable`. Raises Temporary or Permanent."""
    return _ask(connection, "SET", variable, f" {value}")


def _ask(connection: Connection, verb: str, variable: str, tail: str) -> Answer:
    number = next(_request_numbers)
    connection.send(framed(f"{verb} {number} {variable}{tail}"))
    while True:
        text = _read_frame(connection)
        answer = parse_answer(text, verb=verb, number=number, variable=variable)
        if answer is not None:
            return answer


def _read_frame(connection: Connection) -> str:
    header = connection.read_exactly(_HEADER.size)
    length, protocol, extension = _HEADER.unpack(header)
    if (protocol, extension) != (_OSMO_EXTENSION, _CTRL) or length < 1:
        raise Permanent(SYSTEM, "this is not a control interface", raw=repr(header))
    return connection.read_exactly(length - 1).decode("utf-8", "backslashreplace")
