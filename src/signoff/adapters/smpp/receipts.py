"""What a deliver_sm says about a message of ours. Pure.

Sources: SMPP 3.4 sections 5.2.12 (esm_class), 5.2.28 (message_state), 5.3.2 (optional
parameters) and appendix B (the text that receipts have in practice).
"""

import enum
import re
from dataclasses import dataclass

from smpp34 import DeliverSm

from signoff.adapters.smpp import pdu as wire


class MessageState(enum.IntEnum):
    """Section 5.2.28."""

    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8

    @property
    def is_final(self) -> bool:
        """Will it stay so?"""
        return self not in {MessageState.ENROUTE, MessageState.ACCEPTED}


_WORDS = {
    "ENROUTE": MessageState.ENROUTE,
    "DELIVRD": MessageState.DELIVERED,
    "EXPIRED": MessageState.EXPIRED,
    "DELETED": MessageState.DELETED,
    "UNDELIV": MessageState.UNDELIVERABLE,
    "ACCEPTD": MessageState.ACCEPTED,
    "UNKNOWN": MessageState.UNKNOWN,
    "REJECTD": MessageState.REJECTED,
}
_ID = re.compile(r"\bid:\s*([^\s\0]{1,64})", re.IGNORECASE)
_STATE = re.compile(r"\bstat:\s*([A-Z]{7})", re.IGNORECASE)
_IS_RECEIPT = 0b0000_0100
_IS_INTERMEDIATE = 0b0010_0000
_TYPE_BITS = 0b0011_1100


@dataclass(frozen=True, slots=True)
class Receipt:
    """`number`: digits of the telephone it is about. None where the SMSC did not say."""

    message_id: str | None
    reference: int | None
    number: str
    state: MessageState


def read(pdu: DeliverSm) -> Receipt | None:
    """The receipt in `pdu`; None for anything else, such as a person's answer."""
    if not pdu.esm_class & _TYPE_BITS & (_IS_RECEIPT | _IS_INTERMEDIATE):
        return None
    tlvs = {tlv.tag: tlv for tlv in pdu.tlvs}
    text = pdu.short_message or (
        tlvs[wire.MESSAGE_PAYLOAD].value if wire.MESSAGE_PAYLOAD in tlvs else b""
    )
    words = text.decode("latin-1")
    state = _state(tlvs[wire.MESSAGE_STATE].as_int() if wire.MESSAGE_STATE in tlvs else None, words)
    if state is None:
        return None
    return Receipt(
        message_id=_message_id(
            tlvs[wire.RECEIPTED_MESSAGE_ID].value if wire.RECEIPTED_MESSAGE_ID in tlvs else b"",
            words,
        ),
        reference=(
            tlvs[wire.USER_MESSAGE_REFERENCE].as_int()
            if wire.USER_MESSAGE_REFERENCE in tlvs
            else None
        ),
        number=pdu.source_addr.lstrip("+"),
        state=state,
    )


def _state(number: int | None, words: str) -> MessageState | None:
    """The parameter is the standard's; the text is custom, and comes second."""
    if number is not None:
        try:
            return MessageState(number)
        except ValueError:
            return MessageState.UNKNOWN
    match = _STATE.search(words)
    return _WORDS.get(match[1].upper(), MessageState.UNKNOWN) if match else None


def _message_id(value: bytes, words: str) -> str | None:
    plain = value.split(b"\0", 1)[0].decode("latin-1")
    if plain:
        return plain
    match = _ID.search(words)
    return match[1] if match else None


def same_id(one: str, other: str) -> bool:
    """SMSCs pad ids with zeros and change their case between an answer and a receipt."""
    return one.lstrip("0").casefold() == other.lstrip("0").casefold()
