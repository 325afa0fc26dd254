"""The subscriber register: as much of osmo-hlr's CTRL and VTY as a carrier's office uses.

Byte for byte what osmo-hlr 1.5.0 says on loopback, errors and doubled prompts included; and with
its traps: CTRL changes the database only, and neither way of deleting tells the network.
"""

import re
from typing import Any

from signoff.carrier_box.store import BoxStore, Kind

SYSTEM = "hlr"
_MODES = {"none": (False, False), "cs": (True, False), "ps": (False, True), "cs+ps": (True, True)}


def is_imsi(text: str) -> bool:
    """Whether osmo-hlr takes `text` for an IMSI."""
    return re.fullmatch(r"\d{6,15}", text) is not None


class Register:
    """Subscribers by IMSI. A row: id, msisdn ("" for none), nam_cs, nam_ps, attached.

    `attached`: a phone is in the network with this subscription, and goes on using it until the
    network is told.
    """

    def __init__(self, store: BoxStore) -> None:
        self._store = store

    def find(self, imsi: str) -> dict[str, Any] | None:
        """The row, or None."""
        return self._store.get(Kind.SUBSCRIBERS, imsi)

    def find_by_msisdn(self, digits: str) -> tuple[str, dict[str, Any]] | None:
        """IMSI and row, or None."""
        for imsi, row in self._store.all(Kind.SUBSCRIBERS).items():
            if row["msisdn"] == digits:
                return imsi, row
        return None

    def create(self, imsi: str) -> int | None:
        """The new row's number, or None if there is such a subscriber."""
        with self._store.transaction():
            if self.find(imsi) is not None:
                return None
            number = self._store.next_number("subscriber")
            row = {"id": number, "msisdn": "", "nam_cs": True, "nam_ps": True, "attached": False}
            self._store.put(Kind.SUBSCRIBERS, imsi, row)
            self._store.record_effect(SYSTEM, "create", imsi)
            return number

    def change(self, imsi: str, operation: str, **values: object) -> bool:
        """Writes `values`; an effect if something really changed. False without a subscriber."""
        with self._store.transaction():
            row = self.find(imsi)
            if row is None:
                return False
            if row != (changed := row | values):
                self._store.put(Kind.SUBSCRIBERS, imsi, changed)
                self._store.record_effect(SYSTEM, operation, imsi)
            return True

    def set_network_access(self, imsi: str, mode: str) -> bool:
        """With "none" the network is told, and the phone is thrown out at once."""
        circuits, packets = _MODES[mode]
        values: dict[str, object] = {"nam_cs": circuits, "nam_ps": packets}
        if mode == "none":
            return self.change(imsi, "stop_service", **values, attached=False)
        return self.change(imsi, "restore_service", **values)

    def delete(self, imsi: str) -> int | None:
        """The number of the deleted row, or None if there is no such subscriber."""
        with self._store.transaction():
            row = self.find(imsi)
            if row is None:
                return None
            self._store.delete(Kind.SUBSCRIBERS, imsi)
            if row["msisdn"]:
                # For the SMSC: unlike a number of another network, nobody is there any more.
                self._store.put(Kind.GONE_NUMBERS, row["msisdn"], {"imsi": imsi})
            self._store.record_effect(SYSTEM, "remove", imsi)
            number: int = row["id"]
            return number
