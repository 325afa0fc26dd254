"""What must hold on every page: it fits, and axe-core has nothing to say against it."""

from collections.abc import Iterable, Mapping
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.journeys.people import DESK, PHONE

_NARROW = {"width": 320, "height": 640}
_TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
_ALL: Mapping[str, Any] = {"resultTypes": ["violations"]}
_COLOURS: Mapping[str, Any] = {**_ALL, "runOnly": ["color-contrast"]}
"""By night only the colours are others."""


_EACH = (("light", PHONE), ("light", DESK), ("dark", PHONE), ("dark", DESK))
_IN_PASSING = (("light", PHONE), ("dark", DESK))
"""Of pages that are looked at in full elsewhere, in other states."""


class Inspector:
    """A look: goes over each page once, wide and narrow, by day and by night; keeps the faults.

    in_passing: narrow by day and wide by night only, for those who walk many pages.
    """

    def __init__(self, *, in_passing: bool = False) -> None:
        self.faults: list[str] = []
        self._seen: set[str] = set()
        self._ways = _IN_PASSING if in_passing else _EACH

    def __call__(self, page: Page, name: str) -> None:
        if name in self._seen:
            return
        self._seen.add(name)
        page.wait_for_load_state()
        for scheme, size in self._ways:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size(size)  # type: ignore[arg-type]
            where = f"{name} {scheme} {size['width']}"
            self._fits(page, where)
            self._is_accessible(page, where, _ALL if scheme == "light" else _COLOURS)
        page.set_viewport_size(_NARROW)  # type: ignore[arg-type]
        self._fits(page, f"{name} 320")
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")

    def _is_accessible(self, page: Page, where: str, rules: Mapping[str, Any]) -> None:
        if page.evaluate("typeof window.axe") == "undefined":
            page.evaluate(AXE_SCRIPT)
        for violation in page.evaluate("rules => axe.run(rules)", rules)["violations"]:
            node = violation["nodes"][0]
            self.faults.append(f"{where}: {violation['id']} at {node['target']}: {node['html']}")

    def _fits(self, page: Page, where: str) -> None:
        if (pixels := page.evaluate(_TOO_WIDE)) > 0:
            self.faults.append(f"{where}: {pixels} px too wide")


def fits(page: Page, name: str) -> None:
    """A look: the words of another language must not make the page too wide for a phone."""
    page.wait_for_load_state()
    page.set_viewport_size(_NARROW)  # type: ignore[arg-type]
    assert page.evaluate(_TOO_WIDE) <= 0, name
    page.set_viewport_size(DESK)  # type: ignore[arg-type]


def faults_of(page: Page, site: str, paths: Iterable[str]) -> list[str]:
    """What is to be said against these pages of a site, all at once. Each is loaded only once."""
    inspector = Inspector()
    for path in paths:
        page.goto(site + path)
        inspector(page, path)
    return inspector.faults
