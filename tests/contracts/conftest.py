"""The peers that the contracts are kept with."""

from tests.peers.box import box, box_process
from tests.peers.osmo_hlr import osmo_hlr

__all__ = ["box", "box_process", "osmo_hlr"]
