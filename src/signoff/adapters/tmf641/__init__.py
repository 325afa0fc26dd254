"""Orders to end linked services: TM Forum TMF641 Service Ordering Management v4.1."""

from signoff.adapters.tmf641.orders import Tmf641

__all__ = ["Tmf641"]
