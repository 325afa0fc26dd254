"""The network's own word, asked anew: not what our rows say of it."""

from signoff.kernel.identifiers import Imsi
from signoff.wiring import ports


def is_gone(imsi: Imsi) -> bool:
    """Whether the network does not know the subscriber (any more). Raises RemoteError."""
    return ports().network.look_up(imsi) is None
