"""Who is on the telephone: an agent of the hotline, and what their callers say."""

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.journeys.people import line, row_of
from tests.journeys.staff import Staff
from tests.peers.demo import BOOM


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who calls about a case, and what they know: without it, the others' facts."""

    username: str
    reference: str

    @property
    def name(self) -> str:
        """As it stands on their contract."""
        return self._customer["name"]

    @property
    def email(self) -> str:
        """Where we write to them."""
        return self._customer["email"]

    @property
    def digits(self) -> str:
        """The last four of the number that is closed."""
        return line(self.reference)["msisdn"][-4:]

    @property
    def plan(self) -> str:
        """What the line is sold as."""
        return line(self.reference)["plan"]

    @property
    def since(self) -> str:
        """Year and month in which the line began to work."""
        return line(self.reference)["activated_on"][:7]

    @property
    def _customer(self) -> dict[str, str]:
        return row_of(BOOM / "customers.csv", "username", self.username)


class Agent(Staff):
    """Answers the telephone."""

    def looks_for_number(self, number: str) -> None:
        """As the caller reads it out."""
        self.open("/desk/hotline/")
        self.page.locator("[name=number]").fill(number)
        self.press("Find", "hotline-looked-for-number")

    def looks_for(self, name: str, digits: str, day: str) -> None:
        """What a caller says who has no number at hand. day: like 2026-11-22."""
        self.open("/desk/hotline/")
        self.page.locator("[name=name]").fill(name)
        self.page.locator("[name=digits]").fill(digits)
        self.page.locator("[name=day]").fill(day)
        self.press("Find by all three", "hotline-looked-for-words")

    def is_at(self, case: str) -> None:
        """The page about a call shows this case."""
        expect(self.page.locator("h1")).to_have_text(self.say("Call about %(number)s", number=case))

    def hears(self, plan: str, month: str) -> None:
        """Two answers; to the third question the caller says nothing."""
        self.page.locator("[name=plan]").select_option(plan)
        self.page.locator("[name=activated]").fill(month)
        self.press("Compare", "hotline-compared")

    def asks_to_see(self, what: str) -> None:
        """Masked data, by the word on its button."""
        self.press_named("Show the %(what)s", what=what)
        self.see("hotline-shown")

    def press_named(self, english: str, what: str) -> None:
        """A button that says of what it is."""
        words = self.say(english, what=self.say(what))
        self.main.get_by_role("button", name=words, exact=True).click()

    def files(self, text: str) -> None:
        """A ticket, for somebody of the desk."""
        self.page.locator("[name=text]").fill(text)
        self.press("File it", "hotline-ticket")
