"""A browser without a window: cookies, links by their words, forms by their fields."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

from signoff.cli.walk.page import Form, Page, read
from signoff.kernel.errors import SignoffError


class WalkError(SignoffError):
    """The way ended; the text names the page and what was missing on it."""


class Browser:
    """One person's. Every page is at `page` until the next."""

    def __init__(self, url: str, *, language: str = "en") -> None:
        """`url`: of the front page. Nothing is asked yet."""
        self._http = httpx.Client(
            follow_redirects=True,
            trust_env=False,
            timeout=30,
            headers={"Accept-Language": language, "User-Agent": "signoff walkthrough"},
        )
        self._address = url
        self.page = Page()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    @property
    def address(self) -> str:
        """Of the page."""
        return self._address

    def open(self, address: str) -> Page:
        """A page by its address, as from a bookmark. Raises WalkError."""
        return self._take(self._http.build_request("GET", urljoin(self._address, address)))

    def again(self) -> Page:
        """The same page anew."""
        return self.open(self._address)

    def follow(self, words: str) -> Page:
        """The first link that says exactly this. Raises WalkError if there is none."""
        if words not in self.page.links:
            raise self._missing(f"no link “{words}”")
        return self.open(self.page.links[words])

    def download(self, words: str) -> bytes:
        """What is behind the link, as a file."""
        if words not in self.page.links:
            raise self._missing(f"no link “{words}”")
        return self._answer(
            self._http.build_request("GET", urljoin(self._address, self.page.links[words]))
        ).content

    def form(self, *names: str, button: str | None = None) -> Form:
        """The one form in the page's middle that has these fields, and that button."""
        found = [
            form
            for form in self.page.forms
            if form.in_main
            and form.names.issuperset(names)
            and (button in form.buttons if button else form.buttons)
        ]
        if len(found) != 1:
            raise self._missing(f"not one form, but {len(found)}, with {[*names, button or '']}")
        return found[0]

    def submit(self, button: str | None = None, /, **answers: str) -> Page:
        """Fills the form that has these fields, and presses its button.

        Raises WalkError if there is no such form, or if the next page says that an answer is
        wrong.
        """
        page = self._send(self.form(*answers, button=button), button, answers)
        if page.errors:
            raise self._missing(page.errors)
        return page

    def upload(self, field: str, content: bytes) -> Page:
        """Sends a file with the form that has this field. Raises WalkError as `submit`."""
        form = self.form(field)
        values = {name: value for name, value in form.values.items() if name != field}
        request = self._http.build_request(
            "POST",
            urljoin(self._address, form.action or self._address),
            data=values,
            files={field: ("photo.png", content, "image/png")},
            headers={"Referer": self._address},
        )
        page = self._take(request)
        if page.errors:
            raise self._missing(page.errors)
        return page

    def read_in(self, language: str) -> None:
        """Presses that language's name at the foot of the page, unless it is the page's own."""
        for form in self.page.forms:
            if language in form.buttons:
                self._send(form, language, {})
                return

    def _send(self, form: Form, button: str | None, answers: Mapping[str, str]) -> Page:
        name, value = form.buttons[button] if button else next(iter(form.buttons.values()))
        values = {**form.values, **answers, **({name: value} if name else {})}
        target = urljoin(self._address, form.action or self._address)
        # Forms are told where they come from, as by any browser: the check against forged
        # requests asks for it.
        headers = {"Referer": self._address}
        if form.method == "post":
            request = self._http.build_request("POST", target, data=values, headers=headers)
        else:
            request = self._http.build_request("GET", target, params=values, headers=headers)
        return self._take(request)

    def _take(self, request: httpx.Request) -> Page:
        answer = self._answer(request)
        self._address = str(answer.url)
        self.page = read(answer.text)
        return self.page

    def _answer(self, request: httpx.Request) -> httpx.Response:
        try:
            answer = self._http.send(request)
        except httpx.TransportError as error:
            raise WalkError(f"{request.url} does not answer: {error}") from None
        if not answer.is_success:
            title = read(answer.text).heading or "no heading"
            raise WalkError(f"{answer.url} answers {answer.status_code}: {title}")
        return answer

    def _missing(self, what: str) -> WalkError:
        return WalkError(f"{self._address} (“{self.page.title}”): {what}")
