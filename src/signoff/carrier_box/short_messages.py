"""Short messages at the box's SMSC: taken, on their way, arrived, and the receipts owed."""

from smpp34 import DeliverSm, SubmitSm, Tlv

from signoff.carrier_box.gsm_text import shown
from signoff.carrier_box.store import BoxStore, Kind, Row

ENROUTE, DELIVERED, DELETED, UNDELIVERABLE = 1, 2, 4, 5
"""SMPP 3.4 section 5.2.28."""

_MESSAGE_STATE, _MESSAGE_PAYLOAD = 0x0427, 0x0424
_USER_MESSAGE_REFERENCE, _RECEIPTED_MESSAGE_ID = 0x0204, 0x001E
_WORDS = {DELIVERED: "DELIVRD", UNDELIVERABLE: "UNDELIV"}


class ShortMessages:
    """Rows of Kind.MESSAGES: sender, number, service_type, text, reference, state, receipt_owed."""

    def __init__(self, store: BoxStore) -> None:
        self._store = store
        # Kept beside the store, so that thousands of old messages cost a new one nothing.
        self._owed: dict[str, str] = {}
        self._pending: set[str] = set()
        for message_id, row in store.all(Kind.MESSAGES).items():
            if row["state"] == ENROUTE:
                self._pending.add(message_id)
            elif row["receipt_owed"]:
                self._owed[message_id] = str(row["system_id"])

    def take(self, pdu: SubmitSm, system_id: str) -> str:
        """Keeps a new message, in the place of a pending one if it asks for that.

        SMPP 3.4 section 5.2.18: the same source, destination and service_type.
        """
        tlvs = {tlv.tag: tlv for tlv in pdu.tlvs}
        octets = tlvs[_MESSAGE_PAYLOAD].value if _MESSAGE_PAYLOAD in tlvs else pdu.short_message
        reference = tlvs.get(_USER_MESSAGE_REFERENCE)
        row: Row = {
            "system_id": system_id,
            "sender": pdu.source_addr,
            "number": pdu.destination_addr,
            "service_type": pdu.service_type,
            "text": shown(octets, pdu.data_coding),
            "reference": reference.as_int() if reference else None,
            "state": ENROUTE,
            "receipt_owed": bool(pdu.registered_delivery & 1),
        }
        with self._store.transaction():
            if pdu.replace_if_present_flag:
                self._take_back(row)
            message_id = f"{self._store.next_number('message'):08d}"
            self._store.put(Kind.MESSAGES, message_id, row)
        self._pending.add(message_id)
        return message_id

    def _take_back(self, newer: Row) -> None:
        same = ("system_id", "sender", "number", "service_type")
        for message_id in self.on_their_way():
            older = self.row(message_id)
            if older["state"] == ENROUTE and all(older[name] == newer[name] for name in same):
                self._store.put(
                    Kind.MESSAGES, message_id, {**older, "state": DELETED, "receipt_owed": False}
                )
                self._pending.discard(message_id)

    def arrive(self, message_id: str) -> None:
        """At the telephone, or nowhere; nothing happens to what was taken back or has arrived."""
        self._pending.discard(message_id)
        with self._store.transaction():
            row = self._store.get(Kind.MESSAGES, message_id)
            if row is None or row["state"] != ENROUTE:
                return
            reaches = self._reaches(row["number"])
            row["state"] = DELIVERED if reaches else UNDELIVERABLE
            self._store.put(Kind.MESSAGES, message_id, row)
            if reaches:
                key = f"{row['reference'] or 0:04x}"
                self._store.record_effect("smsc", "deliver", row["number"], key)
        if row["receipt_owed"]:
            self._owed[message_id] = row["system_id"]

    def _reaches(self, number: str) -> bool:
        """Has its subscriber service? Numbers that never were ours are another network's: yes."""
        for row in self._store.all(Kind.SUBSCRIBERS).values():
            if row["msisdn"] == number:
                return bool(row["nam_cs"] or row["nam_ps"])
        return self._store.get(Kind.GONE_NUMBERS, number) is None

    def on_their_way(self) -> list[str]:
        """Message ids, oldest first."""
        return sorted(self._pending)

    def state(self, message_id: str) -> int | None:
        """message_state; None for a message that never was here."""
        row = self._store.get(Kind.MESSAGES, message_id)
        return None if row is None else int(row["state"])

    def row(self, message_id: str) -> Row:
        """Raises KeyError for a message that is not here."""
        row = self._store.get(Kind.MESSAGES, message_id)
        if row is None:
            raise KeyError(message_id)
        return row

    def owed(self, system_id: str | None) -> list[str]:
        """Message ids whose receipt this ESME has not acknowledged."""
        return [message_id for message_id, owner in self._owed.items() if owner == system_id]

    def forget(self) -> None:
        """The store was put back to its first day."""
        self._owed.clear()
        self._pending.clear()

    def acknowledged(self, message_id: str) -> None:
        """The receipt may be forgotten."""
        with self._store.transaction():
            row = self._store.get(Kind.MESSAGES, message_id)
            if row is not None:
                self._store.put(Kind.MESSAGES, message_id, {**row, "receipt_owed": False})
        self._owed.pop(message_id, None)


def receipt_of(message_id: str, row: Row) -> DeliverSm:
    """As the optional parameters and, for old clients, the text of appendix B say it."""
    state = int(row["state"])
    tlvs = [
        Tlv(_RECEIPTED_MESSAGE_ID, message_id.encode() + b"\0"),
        Tlv(_MESSAGE_STATE, bytes([state])),
    ]
    if row["reference"] is not None:
        tlvs.append(Tlv(_USER_MESSAGE_REFERENCE, int(row["reference"]).to_bytes(2, "big")))
    return DeliverSm(
        row["number"],
        row["sender"],
        f"id:{message_id} sub:001 dlvrd:001 stat:{_WORDS.get(state, 'UNKNOWN')} err:000".encode(),
        source_addr_ton=1,
        source_addr_npi=1,
        esm_class=0x04,
        tlvs=tlvs,
    )
