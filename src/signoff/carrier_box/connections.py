"""A TCP server whose connections end when the box ends."""

import abc
import asyncio

from signoff.carrier_box.faults import Faults


class TcpServer(abc.ABC):
    """A BoxServer. Whoever derives from it writes `converse`; when that returns we hang up."""

    def __init__(self, faults: Faults, system: str, host: str, port: int) -> None:
        self.faults = faults
        self._system = system
        self._host = host
        self._port = port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    @abc.abstractmethod
    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from greeting to end."""

    async def start(self) -> int:
        """Listens. Returns the port; raises OSError if it is taken."""
        self._server = await asyncio.start_server(self._connected, self._host, self._port)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Hangs up on everybody."""
        if self._server is None:
            return
        self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
        try:
            if not self.faults.is_down(self._system):
                await self.converse(reader, writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, OSError):
            pass  # the other side went away, or the box ends: both are the end of it
        finally:
            writer.close()
            if task is not None:
                self._open.discard(task)
