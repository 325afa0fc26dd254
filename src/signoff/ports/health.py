"""Is a remote system there? Asked by `signoff check`, never by a page."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Reachable(Protocol):
    """Implemented by every adapter beside its own port."""

    def ping(self) -> str:
        """The remote's name and version, or what it says of itself; raises RemoteError."""
