"""The picture in the README: `python -m tests.docs.picture` from the project's folder.

A line is closed in a demo of its own, and the page that its customer then sees is kept.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.docs.pages import ROOT
from tests.journeys.people import Customer
from tests.journeys.staff import Reviewer
from tests.peers.chromium import chromium
from tests.peers.demo import QUICK_POLICY, Demo, demo

PICTURE = ROOT / "docs" / "images" / "timeline.png"
SIZE = {"width": 900, "height": 1000}
PART = {"x": 0, "y": 140, "width": 720, "height": 1080}
"""From the number of the case to the network; the rest of the page is not needed."""
WHO, LINE, OTHER_NUMBER = "lars.visser", "L200038", "+8613800139999"


def main() -> None:
    """Takes the picture; half a minute."""
    with (
        tempfile.TemporaryDirectory() as home,
        demo(Path(home), QUICK_POLICY) as stack,
        chromium() as browser,
    ):
        take(browser, stack)


def take(browser: Browser, stack: Demo) -> None:
    """Closes a line, and keeps what its customer then sees."""
    one = Customer(browser, stack)
    one.sign_in(WHO)
    case = one.ask_to_close(LINE, phone=OTHER_NUMBER)
    desk = Reviewer(browser, stack)
    desk.sign_in_with_code("reviewer")
    desk.approve(case)
    one.open(f"/cases/{case}/")
    one.tag("Closed", 90)
    one.page.set_viewport_size(SIZE)  # type: ignore[arg-type]
    one.page.reload()
    PICTURE.parent.mkdir(exist_ok=True)
    one.page.screenshot(
        path=PICTURE,
        full_page=True,
        clip=PART,  # type: ignore[arg-type]
        animations="disabled",
    )


if __name__ == "__main__":
    main()
