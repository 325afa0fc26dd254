"""People who work at the desk of the sample carrier, each at a browser of their own."""

from typing import ClassVar

from playwright.sync_api import Locator, expect

from signoff.carrier_box.totp import code, seconds_left
from signoff.kernel.clock import now
from tests.journeys.people import Person, row_of

_SESSION = "sessionid"
ELSEWHERE = "This page is for colleagues with another task"


class Staff(Person):
    """Somebody of the staff, whatever their task is."""

    username = ""
    _used: ClassVar[set[tuple[str, str]]] = set()
    _kept: ClassVar[dict[tuple[str, str], str]] = {}

    @property
    def name(self) -> str:
        """As their colleagues read it."""
        return name_of(self, self.username)

    def sign_in_with_code(self, username: str) -> None:
        """Password, then the code that the authenticator app shows at this moment.

        Ends at the page where the day of their task begins.
        """
        self.username = username
        self.sign_in(username)
        self.see("code")
        self.page.locator("[name=code]").fill(self._fresh_code())
        self.main.locator("form button").first.click()
        self.page.wait_for_url("**/desk/**")
        self._kept[self.demo.url, username] = next(
            one["value"] for one in self.visit.context.cookies() if one["name"] == _SESSION
        )

    def come_back(self, username: str) -> None:
        """Is still signed in from before; otherwise signs in. A code is good only once."""
        kept = self._kept.get((self.demo.url, username))
        if kept is None:
            self.sign_in_with_code(username)
            return
        self.username = username
        self.visit.context.add_cookies([{"name": _SESSION, "value": kept, "url": self.demo.url}])
        self.open("/desk/")
        self._in_own_language()

    def _fresh_code(self) -> str:
        """One that was not used yet and will not change at once; may wait for half a minute."""
        row = row_of(self.demo.export / "staff.csv", "username", self.username)
        secret = row["totp_secret"]
        while seconds_left(now()) < 4 or (self.demo.url, code(secret, now())) in self._used:
            self.page.wait_for_timeout(250)
        found = code(secret, now())
        self._used.add((self.demo.url, found))
        return found

    def row(self, words: str) -> Locator:
        """The first row of a table that says this."""
        return self.main.locator("tbody tr", has_text=words).first

    def opens_case(self, case: str, name: str = "") -> None:
        """By its address, as from a colleague's message."""
        self.open(f"/desk/{case}/", name)

    def is_sent_away_from(self, *paths: str) -> None:
        """Each of these pages says that it is for others, and whom to ask."""
        for path in paths:
            self.open(path)
            expect(self.page.locator("h1")).to_have_text(self.say(ELSEWHERE))
        self.see("desk-other-role")
        self.expected(403, len(paths))

    def expected(self, status: int, times: int = 1) -> None:
        """The browser complains of every answer that is an error; these were what it should be."""
        complaints = self.visit.complaints
        wanted = [one for one in complaints if f" status of {status} " in one]
        assert len(wanted) == times, complaints
        complaints[:] = [one for one in complaints if one not in wanted]

    def may_not(self, english: str) -> None:
        """The page has no such button."""
        words = self.say(english)
        expect(self.main.get_by_role("button", name=words, exact=True)).to_have_count(0)


class Reviewer(Staff):
    """Looks at cases, and decides."""

    def take(self, case: str) -> None:
        """Finds the case in the queue, looks at it, and takes it."""
        self.open("/desk/", "desk-queue")
        self.main.get_by_role("link", name=case, exact=True).first.click()
        self.see("desk-case-submitted")
        self.press("Take it", "desk-case-in-review")

    def approve(self, case: str) -> None:
        """Takes it, and says yes."""
        self.take(case)
        self.press("Approve", "desk-case-approved")
        self.reads("Approved. The letter goes within a minute; until then you can take it back.")

    def approve_as_first(self, case: str) -> None:
        """Takes it, and says yes where two persons have to."""
        self.take(case)
        self.press("Say yes, as the first of two", "desk-case-proposed")
        self.reads("Your yes is noted. A second person has to decide; nothing happens before.")

    def refuse(self, case: str, text: str) -> None:
        """Takes it, and says no, with words for the customer."""
        self.take(case)
        self.follow("Refuse with a reason", "desk-refuse")
        self.write_refusal(text)

    def write_refusal(self, text: str) -> None:
        """On the page that asks why."""
        self.page.locator("input[name=reason]").first.check()
        self.page.locator("[name=text]").fill(text)
        self.press("Refuse and tell the customer", "desk-case-refused")

    def asks_for_more(self, text: str) -> None:
        """On the page that asks what is needed."""
        self.page.locator("input[name=what][value=other]").check()
        self.page.locator("[name=text]").fill(text)
        self.press("Ask the customer", "desk-case-asked")

    def takes_it_back(self) -> None:
        """Within the minute."""
        self.press("Take it back", "desk-case-taken-back")
        self.reads("Taken back. No letter has gone to the customer; you have the case again.")


def name_of(person: Person, username: str) -> str:
    """What a colleague is called at the desk."""
    return row_of(person.demo.export / "staff.csv", "username", username)["name"]
