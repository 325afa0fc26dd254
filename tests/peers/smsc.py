"""A small SMSC on `smpp34`'s own server: another implementation of the protocol than the box's.

It has no query_sm, like many SMSCs for rent. `smpp34` does not show replace_if_present_flag to
its server, and Signoff always sets it: so a pending message with the same source, destination and
service_type is always replaced here.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import smpp34

_REFERENCE, _STATE, _RECEIPTED, _PAYLOAD = 0x0204, 0x0427, 0x001E, 0x0424
_RETRY = 0.1


@dataclass
class _Text:
    message_id: str
    source: str
    number: str
    service_type: str
    reference: bytes
    octets: bytes
    data_coding: int
    replaced: bool = False


@dataclass
class RunningSmsc:
    """`arrived`: what telephones showed, in order. `switched_off`: numbers nobody reaches.

    `says_it_in_words`: receipts as text only (SMPP 3.4 appendix B), without parameters but the
    reference.
    """

    address: tuple[str, int]
    says_it_in_words: bool
    delay: float = 0.2
    arrived: list[_Text] = field(default_factory=list)
    submitted: list[_Text] = field(default_factory=list)
    switched_off: set[str] = field(default_factory=set)
    _owed: list[tuple[_Text, bool]] = field(default_factory=list)
    _bound: dict[str, smpp34.Esme] = field(default_factory=dict)

    async def serve(self, server: smpp34.Server) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._offer_receipts())
            while True:
                event = await server.next()
                if isinstance(event, smpp34.Esme):
                    self._bound[event.session_id] = event
                elif isinstance(event, smpp34.Unbound):
                    self._bound.pop(event.session_id, None)
                else:
                    text = self._take(event)
                    event.accept(text.message_id)
                    tasks.create_task(self._carry(text))

    def _take(self, event: smpp34.SubmitSmEvent) -> _Text:
        parameters = {tlv.tag: tlv.value for tlv in event.tlvs}
        text = _Text(
            # Letters, so that nobody takes the id for a number.
            f"MX{len(self.submitted):06X}",
            event.source_addr,
            event.destination_addr,
            event.service_type,
            parameters.get(_REFERENCE, b""),
            parameters.get(_PAYLOAD, event.short_message),
            event.data_coding,
        )
        for older in self.submitted:
            if (older.source, older.number, older.service_type) == (
                text.source,
                text.number,
                text.service_type,
            ):
                older.replaced = True
        self.submitted.append(text)
        return text

    async def _carry(self, text: _Text) -> None:
        await asyncio.sleep(self.delay)
        if text.replaced:
            return
        reached = text.number not in self.switched_off
        if reached:
            self.arrived.append(text)
        self._owed.append((text, reached))

    async def _offer_receipts(self) -> None:
        while True:
            await asyncio.sleep(_RETRY)
            for text, reached in list(self._owed):
                for esme in list(self._bound.values()):
                    if await self._told(esme, text, reached=reached):
                        self._owed.remove((text, reached))
                        break

    async def _told(self, esme: smpp34.Esme, text: _Text, *, reached: bool) -> bool:
        word = "DELIVRD" if reached else "UNDELIV"
        tlvs = [smpp34.Tlv(_REFERENCE, text.reference)]
        if not self.says_it_in_words:
            tlvs.append(smpp34.Tlv(_RECEIPTED, text.message_id.encode() + b"\0"))
            tlvs.append(smpp34.Tlv(_STATE, bytes([2 if reached else 5])))
        words = f"id:{text.message_id} sub:001 dlvrd:001 stat:{word} err:000 text:..."
        try:
            answer = await asyncio.wait_for(
                esme.deliver_sm(
                    text.source,
                    words.encode() if self.says_it_in_words else b"",
                    source_addr=text.number,
                    esm_class=0x04,
                    tlvs=tlvs,
                ),
                2,
            )
        except Exception:  # noqa: BLE001 -- whatever went wrong, the receipt is still owed
            return False
        return answer.is_success


@contextlib.contextmanager
def running_smsc(port: int, *, says_it_in_words: bool) -> Iterator[RunningSmsc]:
    """The SMSC in a thread with a loop of its own."""
    smsc = RunningSmsc(("127.0.0.1", port), says_it_in_words)
    loop = asyncio.new_event_loop()
    listens = threading.Event()

    async def run() -> None:
        server = smpp34.Server("127.0.0.1", port, system_id="PEER")
        await server.start()
        listens.set()
        try:
            await smsc.serve(server)
        finally:
            await server.stop()

    task = loop.create_task(run())

    def work() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert listens.wait(5)
    try:
        yield smsc
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(5)
