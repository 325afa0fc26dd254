"""What may go wrong between us and a remote system, in two kinds."""

import re

from signoff.kernel.errors import SignoffError

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class RemoteError(SignoffError):
    """A remote system failed us.

    system: its short name, as in the settings ("smdp", "hlr", "smsc", "mail", "payments").
    detail: what happened, in English, without secrets or personal data: it is shown at the desk.
    raw: the remote's answer as it came, secrets removed; kept with the receipt.
    """

    def __init__(self, system: str, detail: str, *, raw: str = "") -> None:
        self.system = system
        self.detail = _storable(detail)
        self.raw = _storable(raw)
        super().__init__(f"{system}: {self.detail}")


def _storable(text: str) -> str:
    """A remote may answer anything, and PostgreSQL keeps any text but one with NUL or with half a
    surrogate pair (which JSON can write)."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class Temporary(RemoteError):
    """Not now: no connection, a time-out, "busy". The same request may succeed later.

    The remote may nevertheless have done what was asked: ask before repeating.
    retry_after: seconds that the remote asks us to stay away, 0 if it says nothing.
    """

    def __init__(self, system: str, detail: str, *, raw: str = "", retry_after: int = 0) -> None:
        super().__init__(system, detail, raw=raw)
        self.retry_after = retry_after


class Permanent(RemoteError):
    """Not like this: refused, malformed, unknown. Repeating changes nothing; a person must look."""
