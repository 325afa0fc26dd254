"""The subscriber register osmo-hlr, over its control interface (CTRL) and its terminal (VTY).

CTRL is made for programs and is asked wherever it can do the work. It cannot tell the network
that a subscriber lost service (it changes the database only), so that one order goes over VTY.
"""

from signoff.adapters.osmo_hlr.register import OsmoHlr

__all__ = ["OsmoHlr"]
