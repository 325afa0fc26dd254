"""The two who take part in a closing: a customer and a reviewer, each at a browser."""

from collections.abc import Callable
from datetime import datetime

from signoff.carrier_box.totp import code, seconds_left
from signoff.cli.walk.browser import Browser, WalkError
from signoff.cli.walk.page import Page
from signoff.cli.walk.paper import picture
from signoff.kernel.clock import now

Wait = Callable[[float], None]
_CERTIFICATE = "Download the certificate"
_PLAN_FOLLOWS = " · "
_NOTHING_LEFT = "nothing left"
_NEXT_PAPER = ("Next: ",)
_USE_PHOTO = ("Use this photo", "Use it anyway")


class Customer:
    """Closes one line."""

    def __init__(self, browser: Browser, username: str, password: str) -> None:
        self._browser = browser
        self._username = username
        self._password = password
        self.case = ""
        self.telephone = ""

    def sign_in(self) -> None:
        """From the front page, which asks for it; then the words below are to be found."""
        self._browser.open("/")
        self._browser.submit(login=self._username, password=self._password)
        self._browser.read_in("English")

    def find_the_way(self) -> None:
        """Settings → Account → Close."""
        for words in ("Settings", "Account", "Close a line or the account"):
            self._browser.follow(words)

    def choose(self) -> None:
        """A line that nothing stands in the way of, one with money to go back if there is any."""
        offered = self._browser.form("what").choices["what"]
        # “The whole account” is offered too, but it is one line that is walked with.
        choices = {value: words for value, words in offered.items() if _PLAN_FOLLOWS in words}
        question = self._browser.address
        free: dict[str, bool] = {}
        for value in choices:
            preview = self._look_at(question, value)
            if any(form.in_main and form.method == "post" for form in preview.forms):
                free[value] = not any(_NOTHING_LEFT in words for words in preview.sums)
        if not free:
            raise WalkError(f"{self._username} has no line that can be closed now")
        best = max(free, key=lambda value: free[value])
        self._look_at(question, best)
        self.telephone = choices[best].partition(_PLAN_FOLLOWS)[0]

    def _look_at(self, question: str, value: str) -> Page:
        self._browser.open(question)
        self._browser.submit(what=value)
        return self._browser.follow("Go on with closing")

    def answer(self) -> None:
        """Begins, says why, and where to be reached; ends at all the answers."""
        self._browser.submit()
        self._browser.submit(reason="price", text="A walkthrough.")
        self._browser.submit(name=self._browser.form("name").values["name"] or "A customer")
        if "/photos/" in self._browser.address:
            self._show_papers()

    def _show_papers(self) -> None:
        """Where the rule pack asks for them: one photo after the other, until it has all."""
        self._browser.follow(self._link(_NEXT_PAPER))
        while "/photos/" in self._browser.address:
            self._browser.upload("picture", picture())
            self._browser.follow(self._link(_USE_PHOTO))

    def _link(self, begins: tuple[str, ...]) -> str:
        """The words of the first link that begins so. Raises WalkError."""
        for words in self._browser.page.links:
            if words.startswith(begins):
                return words
        raise WalkError(f"{self._browser.address}: no link “{begins[0]}”")

    def confirm(self) -> None:
        """Sends the case, with the password once more; ends with a case number."""
        self._browser.submit(settlement=self._browser.form("settlement").values["settlement"])
        page = self._browser.page
        if any("password" in form.names for form in page.forms):
            page = self._browser.submit(password=self._password)
        if not page.figures:
            raise WalkError(f"{self._browser.address} (“{page.title}”): no case number")
        self.case = page.figures[0]
        self._browser.follow("See how it goes on")

    def look_again(self) -> Page:
        """The timeline as it is now."""
        return self._browser.again()

    def has_certificate(self) -> bool:
        """Whether the timeline offers it: then the case is closed."""
        return _CERTIFICATE in self._browser.page.links

    def certificate(self) -> bytes:
        """The file."""
        return self._browser.download(_CERTIFICATE)


class Reviewer:
    """Takes a case and approves it."""

    def __init__(
        self, browser: Browser, username: str, password: str, totp_secret: str, wait: Wait
    ) -> None:
        self._browser = browser
        self._username = username
        self._password = password
        self._secret = totp_secret
        self._wait = wait

    def sign_in(self) -> None:
        """With the password and a code; a code that was used already is waited out once."""
        self._browser.open("/")
        self._browser.submit(login=self._username, password=self._password)
        moment = now()
        try:
            self._give_code(moment)
        except WalkError:
            self._wait(seconds_left(moment) + 1.0)
            self._give_code(now())

    def _give_code(self, moment: datetime) -> None:
        self._browser.submit(code=code(self._secret, moment))

    def approve(self, case: str) -> None:
        """Looks it up, takes it, says yes."""
        self._find(case)
        self._browser.submit("Take it")
        self._browser.submit("Approve")

    def receipts(self, case: str) -> list[list[str]]:
        """Rows of the case's steps: step, state, tries, outcome, their reference, finished."""
        self._find(case)
        for table in self._browser.page.tables:
            if table and table[0][:2] == ["Step", "State"]:
                return table[1:]
        raise WalkError(f"{self._browser.address}: there is no table of the steps")

    def _find(self, case: str) -> None:
        self._browser.open("/desk/")
        self._browser.submit(words=case)
