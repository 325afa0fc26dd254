"""What all letters have in common: the greeting, where to look, how to know us."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Wording:
    """`subject` is for letters only; `text` is plain."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class CaseWords:
    """What a message about a case may mention. `lines` masked; dates and amounts ready to read.

    `amount` is what goes back to the customer, empty where there is nothing. `ground` of a refusal
    and `wanted` in a question are English texts that are marked for translation. `answer_to`: an
    address that takes answers, if there is one. `photos`: the last day on which photos of papers are
    kept, if there are any. `sent_at`: date and time at which the customer sent the request.
    """

    number: str
    code: str
    name: str
    lines: str
    date: str = ""
    amount: str = ""
    reason: str = ""
    ground: str = ""
    wanted: tuple[str, ...] = ()
    answer_to: str = ""
    photos: str = ""
    sent_at: str = ""


def sign_off() -> str:
    """How every letter ends, in the language that is active."""
    brand = settings.SIGNOFF.brand_name
    address = settings.SIGNOFF.public_url
    return _(
        "We never ask for a password or a code, by any way. Whether a message is really from us, "
        "you can check at %(address)s/check/\n\n%(brand)s"
    ) % {"address": address, "brand": brand}


def case_letter(words: CaseWords, subject: str, *paragraphs: str) -> Wording:
    """A letter about a case, from the greeting to the end."""
    greeting = _("Hello %(name)s,") % {"name": words.name}
    status = _(
        "You can see where your case is at any time at %(address)s/status/ with the case number "
        "%(number)s and the code %(code)s."
    ) % {"address": settings.SIGNOFF.public_url, "number": words.number, "code": words.code}
    return Wording(subject, "\n\n".join([greeting, *paragraphs, status, sign_off()]))


def answerable(wording: Wording) -> Wording:
    """A letter that may be answered: between the signs the program that takes answers finds where
    ours begins."""
    mark = "##- " + _("Please write your answer above this line") + " -##"
    return Wording(wording.subject, f"{mark}\n\n{wording.text}")
