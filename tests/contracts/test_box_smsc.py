"""The box's SMSC seen by another implementation of SMPP 3.4, and by those who send it rubbish."""

import asyncio
import socket
import struct
import time

import pytest
import smpp34

from signoff.adapters.smpp.texts import SmppTexts
from signoff.kernel.identifiers import Msisdn
from signoff.ports.texts import Delivery
from tests.peers.box import RunningBox

ALICE = "8613800138000"
DELIVERED, DELETED = 2, 4


async def _bound(box: RunningBox) -> smpp34.Smsc:
    host, port = box.addresses.smpp
    return await smpp34.Client(host, port, "other", "secret", bind_type="TRX").connect()


async def _next_receipt(smsc: smpp34.Smsc) -> smpp34.DeliverSmEvent:
    event = await asyncio.wait_for(smsc.next(), 5)
    assert isinstance(event, smpp34.DeliverSmEvent)
    return event


def test_another_client_submits_and_gets_its_receipt(box: RunningBox) -> None:
    async def talk() -> None:
        smsc = await _bound(box)
        answer = await smsc.submit_sm(ALICE, b"Hello", source_addr="Boom", registered_delivery=1)
        assert answer.is_success
        receipt = await _next_receipt(smsc)
        assert answer.message_id is not None
        assert f"id:{answer.message_id} ".encode() in receipt.short_message
        assert b"stat:DELIVRD" in receipt.short_message
        assert receipt.source_addr == ALICE
        await smsc.unbind()

    asyncio.run(talk())
    assert len(box.effects("smsc")) == 1


@pytest.mark.parametrize(
    ("replaces", "same", "arrive"), [(1, True, 1), (0, True, 2), (1, False, 2)]
)
def test_a_pending_text_is_replaced_only_if_asked_and_only_by_its_like(
    box: RunningBox, *, replaces: int, same: bool, arrive: int
) -> None:
    async def talk() -> None:
        smsc = await _bound(box)
        for text, service_type in ((b"one", "A"), (b"two", "A" if same else "B")):
            await smsc.submit_sm(
                ALICE,
                text,
                source_addr="Boom",
                service_type=service_type,
                replace_if_present_flag=replaces,
            )
        await asyncio.sleep(0.6)
        await smsc.unbind()

    asyncio.run(talk())
    states = [row["state"] for row in box.rows("messages").values()]
    assert states == ([DELETED, DELIVERED] if arrive == 1 else [DELIVERED, DELIVERED])
    assert len(box.effects("smsc")) == arrive


def test_a_receipt_waits_for_the_next_bind_of_its_owner_and_nobody_else(box: RunningBox) -> None:
    async def submit() -> None:
        smsc = await _bound(box)
        await smsc.submit_sm(ALICE, b"Hello", source_addr="Boom", registered_delivery=1)
        await smsc.unbind()

    asyncio.run(submit())
    time.sleep(0.5)
    host, port = box.addresses.smpp
    SmppTexts(host, port, "signoff", "secret", "Boom", 2).ping()
    assert [row["receipt_owed"] for row in box.rows("messages").values()] == [True]

    async def come_back() -> None:
        smsc = await _bound(box)
        assert b"stat:DELIVRD" in (await _next_receipt(smsc)).short_message
        await smsc.unbind()

    asyncio.run(come_back())
    assert [row["receipt_owed"] for row in box.rows("messages").values()] == [False]


RUBBISH = [
    b"GET / HTTP/1.1\r\n\r\n",
    b"\xff" * 64,
    struct.pack(">IIII", 16, 0x04, 0, 1),
    struct.pack(">IIII", 15, 0x09, 0, 1),
    struct.pack(">IIII", 20, 0x09, 0, 1) + b"abcd",
    struct.pack(">IIII", 16, 0x77, 0, 1),
    struct.pack(">IIII", 16, 0x80000004, 0, 1),
    struct.pack(">IIII", 0x7FFFFFFF, 0x04, 0, 1),
    smpp34.SubmitSm("Boom", ALICE, b"not bound").encode(),
]


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_changes_nothing_and_others_are_served_on(box: RunningBox, rubbish: bytes) -> None:
    with socket.create_connection(box.addresses.smpp, 2) as line:
        line.sendall(rubbish)
        line.settimeout(0.3)
        try:
            answer = line.recv(1000)
        except TimeoutError:
            answer = b""
        # Whatever it says, it is SMPP.
        assert answer == b"" or int.from_bytes(answer[:4], "big") == len(answer)
    host, port = box.addresses.smpp
    texts = SmppTexts(host, port, "signoff", "secret", "Boom", 2, 5, settle=0.1)
    receipt = texts.send(
        to=Msisdn(f"+{ALICE}"), text="ok", key="k", message_id=None, accepted=lambda _: None
    )
    assert receipt.delivery is Delivery.DELIVERED
    assert len(box.effects("smsc")) == 1
