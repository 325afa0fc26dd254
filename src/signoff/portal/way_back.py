"""Where a customer came from, so that paying a bill in the middle of a closing leads back to it.

A mark of ours and the thing it is about, like `preview.L200001`, never an address: it is made
into one only by the names of our own pages, so nobody can lead anybody elsewhere with it.
"""

import re
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

NAME = "back"
_PAGES = {
    "preview": "portal:close_preview",
    "check": "portal:check_answers",
    "confirm": "portal:case_confirm",
}
_SESSION, _KEPT_AT_MOST = "signoff_ways_back", 10


@dataclass(frozen=True, slots=True)
class WayBack:
    """mark: for links and forms; address: the page; both empty if there is none."""

    mark: str = ""
    address: str = ""

    @property
    def query(self) -> str:
        """For the end of a link; empty if there is none."""
        return f"?{NAME}={self.mark}" if self.mark else ""


def marked(page: str, subject: str) -> WayBack:
    """From one of our pages. Raises KeyError for a page that nobody comes back to."""
    return WayBack(f"{page}.{subject}", reverse(_PAGES[page], args=[subject]))


def parsed(mark: str) -> WayBack:
    """What a browser gave us; nothing for anything strange."""
    page, _dot, subject = mark.partition(".")
    if page not in _PAGES or not re.fullmatch(r"[\w-]{1,40}", subject):
        return WayBack()
    return marked(page, subject)


def asked(request: HttpRequest) -> WayBack:
    """As the address of the page says."""
    return parsed(request.GET.get(NAME, ""))


def remember(request: HttpRequest, payment: str, way: WayBack) -> None:
    """Until the payment service leads back: its address for that knows nothing of it."""
    kept = dict(list(request.session.get(_SESSION, {}).items())[-_KEPT_AT_MOST + 1 :])
    request.session[_SESSION] = {**kept, payment: way.mark}


def remembered(request: HttpRequest, payment: str) -> WayBack:
    """What `remember` was told, by this browser."""
    return parsed(request.session.get(_SESSION, {}).get(payment, ""))
