"""The register's control interface (CTRL), as osmo-hlr 1.5.0 answers it."""

import asyncio
import contextlib
import re
import struct
from collections.abc import Callable

from signoff.carrier_box.connections import TcpServer
from signoff.carrier_box.faults import FaultKind, Faults, Misbehaviour
from signoff.carrier_box.hlr import SYSTEM, Register, is_imsi

_HEADER = struct.Struct(">HBB")
_OSMO_EXTENSION, _CTRL = 0xEE, 0x00
_SELECTOR = re.compile(r"subscriber\.by-(?P<by>[^-.]*)-(?P<value>[^.]*)(\.(?P<field>.*))?")
_BAD_SELECTOR = "Not a known subscriber 'by-xxx-' selector."
_BAD_VALUE = "Invalid value part of 'by-xxx-value' selector."
_NO_VALUE = "An error has occurred."


class CtrlError(Exception):
    """What stands after ERROR and the number."""


def framed(text: str) -> bytes:
    """`text` with its IPA header."""
    content = text.encode("utf-8")
    return _HEADER.pack(len(content) + 1, _OSMO_EXTENSION, _CTRL) + content


class CtrlServer(TcpServer):
    """A BoxServer."""

    def __init__(self, register: Register, faults: Faults, host: str, port: int) -> None:
        super().__init__(faults, SYSTEM, host, port)
        self._register = register

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers frames until one is not of the protocol."""
        while True:
            length, protocol, extension = _HEADER.unpack(await reader.readexactly(_HEADER.size))
            if (protocol, extension) != (_OSMO_EXTENSION, _CTRL) or length < 1:
                return
            text = (await reader.readexactly(length - 1)).decode("utf-8", "replace")
            told = self.faults.take(SYSTEM, operation_of(text))
            await asyncio.sleep(told.seconds)
            if told.hangs_up_at_once:
                return
            answer = self._answer(text, told)
            if told.kind is FaultKind.DROP_AFTER:
                return
            writer.write(_spoiled(framed(answer), told.kind))
            await writer.drain()

    def _answer(self, text: str, told: Misbehaviour) -> str:
        number = text.split(" ")[1] if " " in text else "err"
        if told.kind is FaultKind.BUSY:
            return f"ERROR {number} {_NO_VALUE}"
        if told.kind is FaultKind.REFUSE:
            return f"ERROR {number} Command not found"
        return answer_to(self._register, text)


def _spoiled(frame: bytes, kind: FaultKind | None) -> bytes:
    match kind:
        case FaultKind.TWICE:
            return frame + frame
        case FaultKind.GARBAGE:
            return b"HTTP/1.1 400 Bad Request\r\n\r\n"
    return frame


def operation_of(text: str) -> str:
    """The name by which faults know the request."""
    if " subscriber.delete " in text:
        return "remove"
    return "look_up" if text.startswith("GET ") else "other"


def answer_to(register: Register, text: str) -> str:
    """The answer's text to the request's."""
    words = text.split(" ", 3)
    if len(words) < 2:
        return "ERROR err Request malformed"
    verb, number = words[0], words[1]
    if not re.fullmatch(r"\d{1,10}", number):
        return "ERROR err Invalid message ID number"
    if verb in ("GET_REPLY", "SET_REPLY", "TRAP", "ERROR"):
        return f"ERROR {number} Trying to execute something not GET or SET"
    if verb not in ("GET", "SET"):
        return "ERROR err Request type unknown"
    with contextlib.suppress(IndexError):
        return _answer_to_known(register, verb, number, words)
    return f"ERROR {number} {verb} incomplete"


def _answer_to_known(register: Register, verb: str, number: str, words: list[str]) -> str:
    variable = words[2]
    try:
        value = _set(register, variable, words[3]) if verb == "SET" else _get(register, variable)
    except CtrlError as refused:
        return f"ERROR {number} {refused}"
    return f"{verb}_REPLY {number} {variable} {value}"


def _get(register: Register, variable: str) -> str:
    if variable in ("subscriber.create", "subscriber.delete"):
        raise CtrlError("Write Only attribute")
    imsi, field = _selected(register, variable, missing="No such subscriber.")
    row = register.find(imsi) or {}
    match field:
        case "info" | "info-all":
            return _info(imsi, row)
        case "cs-enabled":
            return str(int(row["nam_cs"]))
        case "ps-enabled":
            return str(int(row["nam_ps"]))
        case "msisdn":
            return row["msisdn"] or "none"
    raise CtrlError("Command not found")


def _info(imsi: str, row: dict[str, object]) -> str:
    values = {"id": row["id"], "imsi": imsi}
    if row["msisdn"]:
        values["msisdn"] = row["msisdn"]
    values |= {
        "nam_cs": int(bool(row["nam_cs"])),
        "nam_ps": int(bool(row["nam_ps"])),
        "ms_purged_cs": 0,
        "ms_purged_ps": 0,
        "periodic_lu_timer": 0,
        "periodic_rau_tau_timer": 0,
        "lmsi": "00000000",
    }
    return "".join(f"\n{name}\t{value}" for name, value in values.items())


def _set(register: Register, variable: str, value: str) -> str:
    whole: dict[str, tuple[Callable[[str], int | None], str]] = {
        "subscriber.create": (register.create, "Subscriber already exists."),
        "subscriber.delete": (register.delete, "Subscriber doesn't exist."),
    }
    if variable in whole:
        act, otherwise = whole[variable]
        if not is_imsi(value):
            raise CtrlError("Invalid IMSI value.")
        number = act(value)
        if number is None:
            raise CtrlError(otherwise)
        return str(number)
    imsi, field = _selected(register, variable, missing=_NO_VALUE)
    return _set_field(register, imsi, field, value)


def _set_field(register: Register, imsi: str, field: str, value: str) -> str:
    match field:
        case "cs-enabled" | "ps-enabled":
            if value not in ("0", "1"):
                raise CtrlError("Value failed verification.")
            column = "nam_cs" if field == "cs-enabled" else "nam_ps"
            register.change(imsi, "database_only", **{column: value == "1"})
            return "OK"
        case "msisdn":
            if not re.fullmatch(r"\d{1,15}|none", value):
                raise CtrlError("Value failed verification.")
            register.change(imsi, "msisdn", msisdn="" if value == "none" else value)
            return "OK"
        case "info" | "info-all":
            raise CtrlError("Read Only attribute")
    raise CtrlError("Command not found")


def _selected(register: Register, variable: str, *, missing: str) -> tuple[str, str]:
    """IMSI and field. Raises CtrlError, in osmo-hlr's order of complaints."""
    found = _SELECTOR.fullmatch(variable)
    if found is None:
        raise CtrlError("Command not found")
    if found["field"] is None:
        raise CtrlError("Command not present.")
    imsi = _imsi_selected(register, found["by"], found["value"])
    if imsi is None:
        raise CtrlError(missing)
    return imsi, found["field"]


def _imsi_selected(register: Register, by: str, value: str) -> str | None:
    if by == "imsi":
        if not is_imsi(value):
            raise CtrlError(_BAD_VALUE)
        return value if register.find(value) is not None else None
    if by == "msisdn":
        if not re.fullmatch(r"\d{1,15}", value):
            raise CtrlError(_BAD_VALUE)
        hit = register.find_by_msisdn(value)
        return hit[0] if hit else None
    raise CtrlError(_BAD_SELECTOR)
