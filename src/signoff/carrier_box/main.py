"""`python -m signoff.carrier_box`: starts every system of the carrier in one process.

When everything listens it prints one line of JSON, the addresses (`BoxAddresses`), and nothing
more. SIGTERM and SIGINT end it cleanly. Only loopback: the box has no passwords.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from starlette.routing import BaseRoute

from signoff.carrier_box import control, inbox, phones, push_service, smdp
from signoff.carrier_box.addresses import BoxAddresses
from signoff.carrier_box.faults import Faults
from signoff.carrier_box.hlr import Register
from signoff.carrier_box.hlr_ctrl import CtrlServer
from signoff.carrier_box.hlr_vty import VtyServer
from signoff.carrier_box.http import HttpServer
from signoff.carrier_box.mail import MailServer
from signoff.carrier_box.payments import PaymentService
from signoff.carrier_box.seed import SeedError, fill
from signoff.carrier_box.service_orders import ServiceOrderSystem
from signoff.carrier_box.smsc import SmscServer
from signoff.carrier_box.store import BoxStore

HOST = "127.0.0.1"
TEXT_SECONDS = 0.2


class BoxServer(Protocol):
    """A system with a socket of its own."""

    async def start(self) -> int:
        """Answers from now on. Returns the port, which matters if it was given as 0."""

    async def stop(self) -> None:
        """Hangs up and frees the port."""


class Box:
    """All systems over one store."""

    def __init__(
        self,
        store: BoxStore,
        *,
        base_port: int,
        seed: Path | None,
        operator_url: str | None,
        text_seconds: float = TEXT_SECONDS,
    ) -> None:
        """`base_port` 0 means any free ports, otherwise five in a row beginning there.

        `operator_url`: where the SM-DP+ and the payment service send what they have to tell, None
        for nowhere.
        `text_seconds`: how long a text message is on its way.
        """
        self._store = store
        self._faults = Faults()
        self._seed = seed
        self._operator_url = operator_url
        self._base_port = base_port
        self._service_orders = ServiceOrderSystem(store, self._faults)
        self._payments = PaymentService(store, self._faults, operator_url)
        self._smsc = SmscServer(
            store, self._faults, HOST, self._port(3), delivery_seconds=text_seconds
        )
        self._servers: dict[str, BoxServer] = {
            "services": self._service_orders,
            "http": HttpServer(self._routes(), HOST, self._port(0)),
            "hlr_ctrl": CtrlServer(Register(store), self._faults, HOST, self._port(1)),
            "hlr_vty": VtyServer(Register(store), self._faults, HOST, self._port(2)),
            "smpp": self._smsc,
            "smtp": MailServer(store, self._faults, HOST, self._port(4)),
            "payments": self._payments,
        }

    def _port(self, place: int) -> int:
        return self._base_port + place if self._base_port else 0

    def _routes(self) -> list[BaseRoute]:
        return [
            *control.routes(self._store, self._faults, self.reset),
            *self._payments.routes(),
            *inbox.routes(self._store),
            *smdp.routes(self._store, self._faults),
            *push_service.routes(self._store, self._faults),
            *phones.routes(self._store, self._operator_url),
            *self._service_orders.routes(),
        ]

    def reset(self) -> None:
        """As on the first day."""
        with self._store.transaction():
            self._store.reset()
            self._fill()
        self._smsc.forget()
        self._payments.forget()
        self._service_orders.forget()

    def _fill(self) -> None:
        if self._seed is not None:
            fill(self._store, self._seed)

    async def start(self) -> BoxAddresses:
        """Starts all, or none: raises OSError if a port is taken, SeedError for a bad export."""
        self._fill()
        ports: dict[str, int] = {}
        try:
            for name, server in self._servers.items():
                ports[name] = await server.start()
        except BaseException:
            await self.stop()
            raise
        http_url = f"http://{HOST}:{ports['http']}"
        self._payments.listens_at(http_url)
        return BoxAddresses(
            http_url=http_url,
            hlr_ctrl=(HOST, ports["hlr_ctrl"]),
            hlr_vty=(HOST, ports["hlr_vty"]),
            smpp=(HOST, ports["smpp"]),
            smtp=(HOST, ports["smtp"]),
        )

    async def stop(self) -> None:
        """Stops what runs."""
        for server in self._servers.values():
            await server.stop()


async def run(arguments: argparse.Namespace) -> None:
    """Runs until SIGTERM or SIGINT."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    store = BoxStore(arguments.state)
    try:
        box = Box(
            store,
            base_port=arguments.ports,
            seed=arguments.seed,
            operator_url=arguments.operator_url,
            text_seconds=arguments.text_seconds,
        )
        addresses = await box.start()
        sys.stdout.write(addresses.to_json() + "\n")
        sys.stdout.flush()
        await ended.wait()
        await box.stop()
    finally:
        store.close()


def parser() -> argparse.ArgumentParser:
    """The command line."""
    options = argparse.ArgumentParser(
        prog="python -m signoff.carrier_box",
        description="A whole small carrier on 127.0.0.1, for the demo and the tests.",
    )
    options.add_argument(
        "--ports", type=_base_port, default=8601, metavar="N",
        help="first of five ports: HTTP, HLR CTRL, HLR VTY, SMPP, SMTP; 0 takes free ones",
    )  # fmt: skip
    options.add_argument("--state", type=Path, metavar="FILE", help="keeps the state; else memory")
    options.add_argument("--seed", type=Path, metavar="DIR", help="the carrier's export (CSV)")
    options.add_argument(
        "--operator-url",
        metavar="URL",
        help="where the SM-DP+ and the payment service send what they have to tell",
    )
    options.add_argument(
        "--text-seconds", type=float, default=TEXT_SECONDS, metavar="S",
        help="how long a text message is on its way",
    )  # fmt: skip
    return options


def _base_port(text: str) -> int:
    """Raises ValueError, which argparse words."""
    port = int(text)
    if port and not 1024 <= port <= 65_531:
        raise argparse.ArgumentTypeError("0, or from 1024 to 65531")
    return port


def main(words: Sequence[str] | None = None) -> None:
    """`words`: of the command line, if not this process's. Exit status 2 if it cannot start."""
    arguments = parser().parse_args(words)
    try:
        asyncio.run(run(arguments))
    except (OSError, SeedError) as taken:
        sys.stderr.write(f"The carrier box cannot start: {taken}\n")
        sys.exit(2)
