"""Signoff: close an eSIM line or account, safely and provably."""

__version__ = "0.1.0"
