"""The subscriber in the mobile network (HLR or HSS)."""

from dataclasses import dataclass
from typing import Protocol

from signoff.kernel.identifiers import Imsi


@dataclass(frozen=True, slots=True)
class Subscriber:
    """What the network knows. `has_service`: it may use calls, messages or data."""

    imsi: Imsi
    msisdn_digits: str
    has_service: bool


class SubscriberRegister(Protocol):
    """Every method raises Temporary or Permanent; each may be repeated without harm."""

    def look_up(self, imsi: Imsi) -> Subscriber | None:
        """None if the network does not know the subscriber."""

    def stop_service(self, imsi: Imsi) -> None:
        """Takes network access away and tells the serving network at once.

        Raises Permanent if there is no such subscriber.
        """

    def restore_service(self, imsi: Imsi) -> None:
        """Gives network access back. Raises Permanent if there is no such subscriber."""

    def remove(self, imsi: Imsi) -> None:
        """Deletes the subscriber; one who is already gone is success."""
