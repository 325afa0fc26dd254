"""The submit_sm of a text: its marks, its alphabet, its addresses. Pure."""

import base64
import hashlib
import re

from smpp34 import SubmitSm, Tlv

from signoff.adapters.smpp import pdu
from signoff.adapters.smpp.alphabet import encoded
from signoff.kernel.identifiers import Msisdn
from signoff.ports.errors import Permanent

_INTERNATIONAL, _ALPHANUMERIC, _UNKNOWN = 1, 5, 0
_ISDN = 1
_LINK = re.compile(r"\b(?:https?://|www\.)", re.IGNORECASE)

Address = tuple[int, int, str]
"""Type of number, numbering plan and address."""


def reference_of(key: str) -> int:
    """16 bits that the receipt brings back (user_message_reference, SMPP 3.4 section 5.3.2.17).

    Never 0, which some SMSCs take for "none". Alone it is too short to tell messages apart; with
    the destination it is meant only to recognize a receipt whose message id we never learnt.
    """
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:2], "big") or 1


def service_type_of(key: str) -> str:
    """Five characters that make replace_if_present meet the same message and no other.

    SMPP 3.4 section 5.2.18: the pending message with the same source, destination and
    service_type is replaced. Without this, two different messages to one number would
    replace each other.
    """
    return "S" + base64.b32encode(hashlib.sha256(key.encode()).digest()[2:5]).decode()[:4]


def submission(
    sender: Address, to: Msisdn, text: str, *, key: str, service_type: str | None
) -> SubmitSm:
    """`service_type` None: one made from `key`. Raises Permanent for what cannot be sent.

    A text that needs more than one message on the air goes as message_payload. The SMSC splits
    it then, and there stays one id and one receipt to ask for; if we split it ourselves, "once"
    would have to hold for each part and for all of them together.
    """
    try:
        content = encoded(text)
    except UnicodeEncodeError as error:
        raise Permanent("smsc", "the text has a character that cannot be sent") from error
    ton, npi, address = sender
    tlvs = [Tlv(pdu.USER_MESSAGE_REFERENCE, reference_of(key).to_bytes(2, "big"))]
    if not content.one_message:
        tlvs.append(Tlv(pdu.MESSAGE_PAYLOAD, content.octets))
    return SubmitSm(
        address,
        to.digits,
        content.octets if content.one_message else b"",
        service_type=service_type_of(key) if service_type is None else service_type,
        source_addr_ton=ton,
        source_addr_npi=npi,
        dest_addr_ton=_INTERNATIONAL,
        dest_addr_npi=_ISDN,
        registered_delivery=1,
        replace_if_present_flag=1,
        data_coding=content.data_coding,
        tlvs=tlvs,
    )


def refuse_links(text: str) -> None:
    """Our messages carry no links, so that customers may take any with a link for a fraud."""
    if _LINK.search(text):
        raise Permanent("smsc", "the text carries a link; Signoff's messages have none")


def address_of_sender(sender: str) -> Address:
    """Type of number, numbering plan and address (SMPP 3.4 sections 5.2.5 to 5.2.8)."""
    if sender.startswith("+"):
        return _INTERNATIONAL, _ISDN, sender[1:]
    if sender.isdigit():
        return _UNKNOWN, _ISDN, sender
    return _ALPHANUMERIC, _UNKNOWN, sender
