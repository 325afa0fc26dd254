"""What a command_status means for us: try again, or a person must look.

Source: SMPP 3.4 section 5.1.3.
"""

from signoff.ports.errors import Permanent, RemoteError, Temporary

OK = 0x00
UNKNOWN_COMMAND = 0x03
UNKNOWN_MESSAGE = 0x0C
TRY_ME_LATER = 0x64
"""ESME_RX_T_APPN: what we answer to a receipt that belongs to another session."""
NOT_FOR_ME = 0x66
"""ESME_RX_R_APPN: what we answer to what is no receipt."""
QUERY_FAILED = 0x67

_TEMPORARY = {
    0x04: "not in the right bind state",
    0x05: "already bound",
    0x08: "system error",
    0x0D: "bind failed",
    0x14: "message queue full",
    0x45: "submit failed",
    0x58: "throttled: too many messages at once",
    0x64: "temporary application error",
    0xFF: "unknown error",
}
_PERMANENT = {
    0x01: "message too long",
    0x02: "wrong command length",
    0x03: "command not known",
    0x06: "priority refused",
    0x07: "delivery receipts refused",
    0x0A: "sender refused",
    0x0B: "number refused",
    0x0C: "message id not known",
    0x0E: "wrong password",
    0x0F: "wrong system id",
    0x13: "replacing failed",
    0x15: "service type refused: set a service_type that this SMSC knows",
    0x43: "esm_class refused",
    0x48: "sender's type of number refused",
    0x49: "sender's numbering plan refused",
    0x50: "number's type refused",
    0x51: "number's numbering plan refused",
    0x53: "system type refused",
    0x54: "replace_if_present_flag refused",
    0x65: "permanent application error",
    0x66: "refused by the application",
    0x67: "query failed",
    0xC0: "optional parameters refused",
    0xC1: "an optional parameter is not allowed",
    0xC2: "an optional parameter has a wrong length",
    0xC3: "an optional parameter is missing",
    0xC4: "an optional parameter has a wrong value",
    0xFE: "delivery failed",
}


def refusal(status: int, doing: str) -> RemoteError:
    """The error for a `status` other than OK, while `doing` (an English noun like "bind").

    A code that the standard does not name is Temporary: vendors use such codes for their own
    queues and limits, and the caller's cap on repeats brings a person in if it stays.
    """
    raw = f"command_status=0x{status:08X}"
    if status in _PERMANENT:
        return Permanent("smsc", f"{doing}: {_PERMANENT[status]}", raw=raw)
    words = _TEMPORARY.get(status, f"the SMSC's own error 0x{status:08X}")
    return Temporary("smsc", f"{doing}: {words}", raw=raw)
