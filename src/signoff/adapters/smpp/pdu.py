"""The PDUs that `smpp34` has no classes for, and the framing of all.

`smpp34` encodes and decodes submit_sm and deliver_sm with their optional parameters. Its client
is not used, because it acknowledges a deliver_sm before we have seen it, and has no query_sm:
see docs/adr/0005-sms-exactly-once.md. Source: SMPP 3.4 sections 3.2, 4.1 and 4.8.
"""

import struct
from dataclasses import dataclass

GENERIC_NACK = 0x80000000
BIND_TRANSCEIVER = 0x00000009
QUERY_SM = 0x00000003
SUBMIT_SM = 0x00000004
DELIVER_SM = 0x00000005
UNBIND = 0x00000006
ENQUIRE_LINK = 0x00000015
RESPONSE = 0x80000000
"""Set in the command_id of every response."""

# Optional parameters, section 5.3.2. (Not from smpp34: its type stubs leave them out.)
RECEIPTED_MESSAGE_ID = 0x001E
USER_MESSAGE_REFERENCE = 0x0204
MESSAGE_PAYLOAD = 0x0424
MESSAGE_STATE = 0x0427

_HEADER = struct.Struct(">IIII")
HEADER_LENGTH = _HEADER.size
LONGEST = 70_000
"""Octets: a message_payload of 65,535 and all else. More is not SMPP, or not for us."""


class MalformedPduError(ValueError):
    """What came is not SMPP; the connection is of no use any more."""


@dataclass(frozen=True, slots=True)
class Pdu:
    """One PDU as it came. `wire` is the whole, header included."""

    command_id: int
    status: int
    sequence: int
    wire: bytes

    @property
    def body(self) -> bytes:
        """What follows the header."""
        return self.wire[HEADER_LENGTH:]


def length_of(head: bytes | bytearray) -> int:
    """The announced length of a PDU from its first four octets. Raises MalformedPduError."""
    length = int.from_bytes(head[:4], "big")
    if not HEADER_LENGTH <= length <= LONGEST:
        raise MalformedPduError(f"a PDU cannot be {length} octets long")
    return length


def parsed(wire: bytes) -> Pdu:
    """`wire`: exactly one PDU. Raises MalformedPduError."""
    if len(wire) < HEADER_LENGTH or length_of(wire) != len(wire):
        raise MalformedPduError("the PDU is cut off")
    _, command_id, status, sequence = _HEADER.unpack_from(wire)
    return Pdu(command_id, status, sequence, wire)


def built(command_id: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    """A PDU on the wire."""
    return _HEADER.pack(HEADER_LENGTH + len(body), command_id, status, sequence) + body


def c_string(text: str, longest: int) -> bytes:
    """`text` with its final zero; `longest` counts the zero, as the standard does.

    Raises ValueError for text that does not fit or is not ASCII.
    """
    octets = text.encode("ascii")
    if b"\0" in octets or len(octets) >= longest:
        raise ValueError(f"at most {longest - 1} characters, and no zero among them")
    return octets + b"\0"


def read_c_string(body: bytes, start: int = 0) -> tuple[str, int]:
    """The text at `start` and where the next field begins. Raises MalformedPduError."""
    end = body.find(b"\0", start)
    if end < 0:
        raise MalformedPduError("a text without its end")
    return body[start:end].decode("latin-1"), end + 1


def bind_body(system_id: str, password: str) -> bytes:
    """Section 4.1.5: interface_version 3.4, no address range."""
    return (
        c_string(system_id, 16)
        + c_string(password, 9)
        + c_string("", 13)
        + bytes([0x34, 0, 0])
        + c_string("", 41)
    )


def query_body(message_id: str, ton: int, npi: int, sender: str) -> bytes:
    """Section 4.8.1: the sender must be the one of the submit_sm."""
    return c_string(message_id, 65) + bytes([ton, npi]) + c_string(sender, 21)


def query_answer(body: bytes) -> int:
    """Section 4.8.2: the message_state. Raises MalformedPduError."""
    _, place = read_c_string(body)
    _, place = read_c_string(body, place)
    if len(body) < place + 2:
        raise MalformedPduError("query_sm_resp without a state")
    return body[place]
