"""Delivery receipts, as the standard and as the world write them."""

import pytest
import smpp34
from hypothesis import given
from hypothesis import strategies as st

from signoff.adapters.smpp import pdu as wire
from signoff.adapters.smpp import status
from signoff.adapters.smpp.awaited import AwaitedMessage
from signoff.adapters.smpp.receipts import MessageState, Receipt, read, same_id
from signoff.adapters.smpp.submission import reference_of, service_type_of
from signoff.ports.errors import Permanent, Temporary

WORDS = {
    "DELIVRD": MessageState.DELIVERED,
    "EXPIRED": MessageState.EXPIRED,
    "DELETED": MessageState.DELETED,
    "UNDELIV": MessageState.UNDELIVERABLE,
    "ACCEPTD": MessageState.ACCEPTED,
    "UNKNOWN": MessageState.UNKNOWN,
    "REJECTD": MessageState.REJECTED,
}
IDS = st.text("0123456789abcdefABCDEF-", min_size=1, max_size=64)
REFERENCES = st.integers(0, 0xFFFF)


def delivery(text: bytes = b"", *tlvs: smpp34.Tlv, esm_class: int = 4) -> smpp34.DeliverSm:
    return smpp34.DeliverSm("8613800138000", "Boom", text, esm_class=esm_class, tlvs=list(tlvs))


def parameters(message_id: str, state: int, reference: int) -> list[smpp34.Tlv]:
    return [
        smpp34.Tlv(wire.RECEIPTED_MESSAGE_ID, message_id.encode() + b"\0"),
        smpp34.Tlv(wire.MESSAGE_STATE, bytes([state])),
        smpp34.Tlv(wire.USER_MESSAGE_REFERENCE, reference.to_bytes(2, "big")),
    ]


@given(IDS, st.sampled_from(MessageState), REFERENCES)
def test_the_parameters_are_read(message_id: str, state: MessageState, reference: int) -> None:
    receipt = read(delivery(b"", *parameters(message_id, state, reference)))
    assert receipt == Receipt(message_id, reference, "8613800138000", state)


@given(IDS, st.sampled_from(sorted(WORDS)))
def test_the_text_of_appendix_b_is_read(message_id: str, word: str) -> None:
    text = (
        f"id:{message_id} sub:001 dlvrd:001 submit date:2601010000 done date:2601010001 "
        f"stat:{word} err:000 text:id:x stat:y"
    )
    assert read(delivery(text.encode())) == Receipt(message_id, None, "8613800138000", WORDS[word])


def test_the_parameters_are_believed_before_the_text() -> None:
    text = b"id:other stat:UNDELIV"
    receipt = read(delivery(text, *parameters("mine", MessageState.DELIVERED, 7)))
    assert receipt == Receipt("mine", 7, "8613800138000", MessageState.DELIVERED)


def test_a_text_in_message_payload_is_read_too() -> None:
    payload = smpp34.Tlv(wire.MESSAGE_PAYLOAD, b"id:a stat:DELIVRD")
    receipt = read(delivery(b"", payload))
    assert receipt is not None
    assert receipt.message_id == "a"


def test_what_a_person_writes_is_no_receipt() -> None:
    assert read(delivery(b"id:1 stat:DELIVRD", esm_class=0)) is None
    assert read(delivery(b"Hello", esm_class=4)) is None


@given(
    st.binary(max_size=254),
    st.integers(0, 255),
    st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=20)), max_size=4),
)
def test_no_delivery_breaks_the_reader(
    text: bytes, esm_class: int, tlvs: list[tuple[int, bytes]]
) -> None:
    made = delivery(text, *(smpp34.Tlv(*tlv) for tlv in tlvs), esm_class=esm_class)
    receipt = read(made)
    assert receipt is None or receipt.state in MessageState


@given(IDS)
def test_ids_are_the_same_in_either_case_and_with_zeros_before_them(message_id: str) -> None:
    assert same_id(message_id.upper(), "00" + message_id.lower())
    assert not same_id(message_id, message_id + "1")


def test_a_receipt_is_ours_by_its_id_or_else_by_reference_and_number() -> None:
    known = AwaitedMessage("8613800138000", 7, "A1")
    unknown = AwaitedMessage("8613800138000", 7, None)
    ours = Receipt("A1", 7, "8613800138000", MessageState.DELIVERED)
    assert known.is_meant_by(ours)
    assert unknown.is_meant_by(ours)
    assert known.is_meant_by(Receipt(None, 7, "8613800138000", MessageState.DELIVERED))
    assert not known.is_meant_by(Receipt("A2", 7, "8613800138000", MessageState.DELIVERED))
    assert not unknown.is_meant_by(Receipt("A1", 7, "447400123456", MessageState.DELIVERED))
    assert not unknown.is_meant_by(Receipt("A1", 8, "8613800138000", MessageState.DELIVERED))


def test_the_receipt_of_the_text_that_we_replaced_is_not_the_end_of_the_new_one() -> None:
    replaced = Receipt("A1", 7, "8613800138000", MessageState.DELETED)
    assert not AwaitedMessage("8613800138000", 7, "A2").is_meant_by(replaced)
    assert not AwaitedMessage("8613800138000", 7, None).is_meant_by(replaced)


@given(st.text())
def test_a_key_always_makes_a_reference_and_a_service_type_that_smpp_can_carry(key: str) -> None:
    assert 1 <= reference_of(key) <= 0xFFFF
    assert reference_of(key) == reference_of(key)
    assert len(wire.c_string(service_type_of(key), 6)) == 6


@given(st.integers(1, 0xFFFFFFFF))
def test_every_refusal_is_sorted(code: int) -> None:
    error = status.refusal(code, "submit_sm")
    assert isinstance(error, (Temporary, Permanent))
    assert f"{code:08X}" in error.raw


@pytest.mark.parametrize("code", [0x58, 0x14, 0x08, 0x0D, 0x500])
def test_what_may_pass_is_temporary(code: int) -> None:
    assert isinstance(status.refusal(code, "submit_sm"), Temporary)


@pytest.mark.parametrize("code", [0x0B, 0x0E, 0x0F, 0x15, 0x0C])
def test_what_stays_is_permanent(code: int) -> None:
    assert isinstance(status.refusal(code, "submit_sm"), Permanent)


@given(st.binary(max_size=80))
def test_no_octets_break_the_framing(octets: bytes) -> None:
    try:
        pdu = wire.parsed(octets)
    except wire.MalformedPduError:
        return
    assert len(pdu.wire) == len(octets)
    try:
        wire.query_answer(pdu.body)
    except wire.MalformedPduError:
        return


@given(st.binary(max_size=200), st.integers(0, 0xFFFFFFFF), st.integers(0, 0xFFFFFFFF))
def test_a_pdu_is_read_as_it_was_built(body: bytes, command: int, sequence: int) -> None:
    pdu = wire.parsed(wire.built(command, sequence, body))
    assert (pdu.command_id, pdu.sequence, pdu.body) == (command, sequence, body)
