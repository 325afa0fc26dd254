"""How a text travels: GSM 7-bit where it can, UCS-2 where it must.

Source: 3GPP TS 23.038 section 6.2.1 (alphabet and extension table); SMPP 3.4 section 5.2.19
(data_coding: 0 is the SMSC's default alphabet, one character an octet; 8 is UCS-2).
"""

from dataclasses import dataclass

GSM = 0
UCS2 = 8

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPE = 0x1B
_EXTENSION = {
    "\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F,
    "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40, "€": 0x65,
}  # fmt: skip
_OCTETS = {sign: bytes([place]) for place, sign in enumerate(_BASIC) if place != _ESCAPE} | {
    sign: bytes([_ESCAPE, place]) for sign, place in _EXTENSION.items()
}
_SIGNS = {octets: sign for sign, octets in _OCTETS.items()}

_ONE_MESSAGE = {GSM: 160, UCS2: 140}
"""Octets on the SMPP side that still fit one message on the air: 160 septets, or 140 octets."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text ready for a PDU. `one_message`: it needs no splitting on the air."""

    data_coding: int
    octets: bytes

    @property
    def one_message(self) -> bool:
        """Does the telephone get it in one piece?"""
        return len(self.octets) <= _ONE_MESSAGE[self.data_coding]


def encoded(text: str) -> Encoded:
    """`text` in the GSM alphabet if it has every character of it, else in UCS-2.

    Characters beyond the basic plane travel as surrogate pairs, as telephones expect.
    Raises UnicodeEncodeError for a lone surrogate.
    """
    try:
        return Encoded(GSM, b"".join(_OCTETS[sign] for sign in text))
    except KeyError:
        return Encoded(UCS2, text.encode("utf-16-be"))


def decoded(message: Encoded) -> str:
    """What a telephone shows. Raises ValueError for octets that the alphabet does not have."""
    if message.data_coding == UCS2:
        return message.octets.decode("utf-16-be")
    signs = []
    octets = iter(message.octets)
    for octet in octets:
        code = bytes([octet, next(octets, 0)]) if octet == _ESCAPE else bytes([octet])
        if code not in _SIGNS:
            raise ValueError(f"not in the GSM alphabet: {code.hex()}")
        signs.append(_SIGNS[code])
    return "".join(signs)
