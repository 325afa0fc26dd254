"""One demo and one browser for the journeys."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.staff import Reviewer
from tests.peers.chromium import chromium
from tests.peers.demo import Demo, demo


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The carrier box, the web server and a worker, until this test process ends."""
    with demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


# Only as long as the tests of one file: while Playwright runs, Django refuses its database in this
# thread, and the next file may want it.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def desk(browser: Browser, stack: Demo) -> Iterator[Reviewer]:
    """A reviewer who has signed in, and stays so: a code is good only once."""
    reviewer = Reviewer(browser, stack)
    reviewer.come_back("reviewer3")
    yield reviewer
    reviewer.leave()
