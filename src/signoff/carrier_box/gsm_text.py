"""Reads a text as a telephone would (3GPP TS 23.038 section 6.2.1; SMPP 3.4 section 5.2.19)."""

_PLAIN = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ�ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = str.maketrans("\x0a\x14()/<=>@e", "\f^{}\\[~]|€")
_ESCAPE = 0x1B
_UCS2 = 8


def shown(octets: bytes, data_coding: int) -> str:
    """The text on the screen; what cannot be read becomes U+FFFD."""
    if data_coding == _UCS2:
        return octets.decode("utf-16-be", "replace")
    text, escaped = "", False
    for octet in octets:
        if escaped:
            text += chr(octet).translate(_ESCAPED)
            escaped = False
        elif octet == _ESCAPE:
            escaped = True
        else:
            text += _PLAIN[octet] if octet < len(_PLAIN) else "�"
    return text
