"""The SM-DP+ over ES2+ (GSMA SGP.22 v2.5 section 5.3), JSON over HTTP (section 6.5)."""

from signoff.adapters.es2plus.orders import Es2Plus

__all__ = ["Es2Plus"]
