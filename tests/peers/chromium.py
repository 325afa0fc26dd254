"""Debian's chromium, driven by Playwright; what a page complains about is kept.

The build without windows: the same engine and the same version, but what would draw menus and
tabs for nobody takes two thirds of the processor's time.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)

from tests.peers.debian import need

_TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy ${event.violatedDirective} refused ${event.blockedURI}`));
"""

Scheme = Literal["light", "dark"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser program. While it runs, Django's database is out of reach of this thread."""
    with _running("chromium-headless-shell") as browser:
        yield browser


@contextmanager
def whole_chromium() -> Iterator[Browser]:
    """The build with everything: the small one never shows a notification."""
    with _running("chromium") as browser:
        yield browser


@contextmanager
def _running(package: str) -> Iterator[Browser]:
    arguments = ["--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # chromium's sandbox refuses to run as root
    program = need(package, package)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=arguments)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One person's browser: cookies of its own, one page, and all complaints so far.

    A complaint is an error on the console or in a script, a refusal by the content security
    policy, or a request to any host but the site's own.
    """

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        locale: str = "en",
        scripts: bool = True,
        scheme: Scheme = "light",
    ) -> None:
        self.complaints: list[str] = []
        self._hosts = {urlsplit(url).netloc}
        self.context: BrowserContext = browser.new_context(
            base_url=url,
            locale=locale,
            java_script_enabled=scripts,
            color_scheme=scheme,
            accept_downloads=True,
        )
        self.context.set_default_timeout(30_000)
        if scripts:
            self.context.add_init_script(_TELL_VIOLATIONS)
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("request", self._see)
        self.page: Page = self.context.new_page()

    def may_go_to(self, url: str) -> None:
        """Another site that our pages lead to, such as the payment service's."""
        self._hosts.add(urlsplit(url).netloc)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def _see(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc not in self._hosts:
            self.complaints.append(f"a request to {request.url}")
