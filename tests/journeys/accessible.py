"""What must hold on every page, for every width and by day and by night."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.people import DESK, PHONE

_NARROW = {"width": 320, "height": 640}
_TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
_axe = Axe()


class Inspector:
    """A look: goes over each page once, and keeps what is wrong with it.

    A page that people see often is inspected once for each name.
    """

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.names: set[str] = set()

    def __call__(self, page: Page, name: str) -> None:
        if name in self.names:
            return
        self.names.add(name)
        page.wait_for_load_state()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for size in (DESK, PHONE):
                page.set_viewport_size(size)  # type: ignore[arg-type]
                self._inspect(page, f"{name} {scheme} {size['width']}")
        page.set_viewport_size(_NARROW)  # type: ignore[arg-type]
        self._fits(page, f"{name} 320")
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")

    def _inspect(self, page: Page, where: str) -> None:
        self._fits(page, where)
        for violation in _axe.run(page).response["violations"]:
            node = violation["nodes"][0]
            self.faults.append(f"{where}: {violation['id']} at {node['target']}: {node['html']}")

    def _fits(self, page: Page, where: str) -> None:
        if (pixels := page.evaluate(_TOO_WIDE)) > 0:
            self.faults.append(f"{where}: {pixels} px too wide")
