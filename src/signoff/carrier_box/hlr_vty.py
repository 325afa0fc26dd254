"""The register's terminal (VTY), as osmo-hlr 1.5.0 answers it over telnet."""

import asyncio
import re

from signoff.carrier_box.connections import TcpServer
from signoff.carrier_box.faults import FaultKind, Faults
from signoff.carrier_box.hlr import SYSTEM, Register

_VERSION = (
    "Copyright (C) 2016, 2017 by Harald Welte, sysmocom s.f.m.c. GmbH\r\n"
    "License AGPLv3+: GNU AGPL version 3 or later <http://gnu.org/licenses/agpl-3.0.html>\r\n"
    "This is free software: you are free to change and redistribute it.\r\n"
    "There is NO WARRANTY, to the extent permitted by law.\r\n"
)
_GREETING = f"Welcome to the OsmoHLR VTY interface\r\n\r\n{_VERSION}".encode()
_TELNET_OPTIONS = b"\xff\xfb\x01\xff\xfb\x03\xff\xfe\x22\xff\xfd\x1f"
_UNKNOWN = "% Unknown command.\r\n"
_INCOMPLETE = "% Command incomplete.\r\n"
_SUBSCRIBER = re.compile(r"subscriber imsi (?P<imsi>\S+) (?P<order>.+)")
_UPDATE_ACCESS = re.compile(r"update network-access-mode (?P<mode>none|cs|ps|cs\+ps)")
_UPDATE_MSISDN = re.compile(r"update msisdn (?P<msisdn>none|\d{1,15})")


class VtyServer(TcpServer):
    """A BoxServer."""

    def __init__(self, register: Register, faults: Faults, host: str, port: int) -> None:
        super().__init__(faults, SYSTEM, host, port)
        self._register = register

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carriage return and line feed end a line each, so both together make two."""
        writer.write(_GREETING + _TELNET_OPTIONS + b"OsmoHLR> ")
        session = Session(self._register)
        line = bytearray()
        while byte := await reader.read(1):
            if byte == b"\xff":
                await reader.readexactly(2)  # the other side's opinion of our telnet options
            elif byte not in b"\r\n":
                line += byte.replace(b"\x00", b"")
            elif not await self._run(session, line.decode("utf-8", "replace"), writer):
                return
            else:
                line.clear()

    async def _run(self, session: "Session", line: str, writer: asyncio.StreamWriter) -> bool:
        """False when it is over."""
        told = self.faults.take(SYSTEM, operation_of(line))
        await asyncio.sleep(told.seconds)
        if told.hangs_up_at_once or told.kind is FaultKind.BUSY or line == "exit":
            return False  # the terminal has no word for “busy”
        output = _UNKNOWN if told.kind is FaultKind.REFUSE else session.run(line)
        if told.kind is FaultKind.DROP_AFTER:
            return False
        if told.kind is FaultKind.GARBAGE:
            output = "\x00\x07segmentation fault\r\n"
        answer = f"{line}\r\n{output}{session.prompt}".encode()
        writer.write(answer * 2 if told.kind is FaultKind.TWICE else answer)
        await writer.drain()
        return True


def operation_of(line: str) -> str:
    """The name by which faults know the command."""
    if "network-access-mode" in line:
        return "stop_service" if line.endswith(" none") else "restore_service"
    return "remove" if line.endswith(" delete") else "other"


class Session:
    """One terminal: what may be said depends on whether it is enabled."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._enabled = False

    @property
    def prompt(self) -> str:
        """What waits for the next line."""
        return "OsmoHLR# " if self._enabled else "OsmoHLR> "

    def run(self, line: str) -> str:
        """What the command prints, lines ended."""
        match line:
            case "":
                return ""
            case "enable" if not self._enabled:
                self._enabled = True
                return ""
            case "disable" if self._enabled:
                self._enabled = False
                return ""
            case "show version":
                return f"OsmoHLR 1.5.0 (OsmoHLR).\r\n{_VERSION}\r\n"
        if re.fullmatch(r"subscriber( imsi( \S+( update)?)?)?", line):
            return _INCOMPLETE
        found = _SUBSCRIBER.fullmatch(line)
        return self._subscriber(found["imsi"], found["order"]) if found else _UNKNOWN

    def _subscriber(self, imsi: str, order: str) -> str:
        if order == "show":
            return self._show(imsi)
        if not self._enabled:
            return _UNKNOWN
        if order == "create":
            return self._create(imsi)
        if order == "delete":
            gone = self._register.delete(imsi) is not None
            return f"% Deleted subscriber for IMSI '{imsi}'\r\n" if gone else _missing(imsi)
        return self._update(imsi, order)

    def _update(self, imsi: str, order: str) -> str:
        if access := _UPDATE_ACCESS.fullmatch(order):
            known = self._register.set_network_access(imsi, access["mode"])
            return "" if known else _missing(imsi)
        if number := _UPDATE_MSISDN.fullmatch(order):
            return self._update_msisdn(imsi, number["msisdn"])
        unfinished = order in ("update network-access-mode", "update msisdn")
        return _INCOMPLETE if unfinished else _UNKNOWN

    def _show(self, imsi: str) -> str:
        row = self._register.find(imsi)
        if row is None:
            return _missing(imsi)
        text = (
            f"    ID: {row['id']}\r\n    IMSI: {imsi}\r\n    MSISDN: {row['msisdn'] or 'none'}\r\n"
        )
        text += "" if row["nam_cs"] else "    CS disabled\r\n"
        return text + ("" if row["nam_ps"] else "    PS disabled\r\n")

    def _create(self, imsi: str) -> str:
        if self._register.create(imsi) is None:
            return f"% Subscriber already exists for IMSI = {imsi}\r\n"
        return f"% Created subscriber {imsi}\r\n{self._show(imsi)}"

    def _update_msisdn(self, imsi: str, msisdn: str) -> str:
        digits = "" if msisdn == "none" else msisdn
        if not self._register.change(imsi, "msisdn", msisdn=digits):
            return _missing(imsi)
        outcome = f" to MSISDN='{digits}'" if digits else ": removed MSISDN"
        return f"% Updated subscriber IMSI='{imsi}'{outcome}\r\n"


def _missing(imsi: str) -> str:
    return f"% No subscriber for imsi = '{imsi}'\r\n"
