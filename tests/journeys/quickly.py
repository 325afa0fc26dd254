"""Cases that somebody sent before the day begins: by forms and links like a browser's, but without
one, since what the customer sees on the way is walked elsewhere."""

from signoff.cli.walk.browser import Browser
from tests.peers.demo import PASSWORD, Demo

_NAMES = {"en": "English", "zh-hans": "中文"}


def send_case(stack: Demo, username: str, reference: str, language: str) -> str:
    """Closes one line of a customer whose country asks for no papers; gives the case number."""
    with Browser(stack.url, language=language) as one:
        one.open("/")
        one.submit(login=username, password=PASSWORD)
        one.read_in(_NAMES[language])
        one.open(f"/close/{reference}/preview/")
        one.submit()
        one.submit(reason="price", text="")
        one.submit(name=one.form("name").values["name"])
        one.submit(settlement=one.form("settlement").values["settlement"])
        if any("password" in form.names for form in one.page.forms):  # signed in some time ago
            one.submit(password=PASSWORD)
        return one.page.figures[0]
