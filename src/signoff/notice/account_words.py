"""What our letters about an account say, where no case is open that they could belong to."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from signoff.notice.layout import answerable
from signoff.notice.words import Wording, sign_off


@dataclass(frozen=True, slots=True)
class DisputeWords:
    """A dispute that a person has decided. `amount` is ready to read; `answer` is that person's.

    `credited`: what is taken off the bill; `owed`: what was paid already and comes back; both
    empty where there is nothing. `case`: the number of the closing that pays it back; empty if it
    is a credit on the account.
    """

    name: str
    item: str
    bill: str
    amount: str
    answer: str
    is_upheld: bool
    credited: str = ""
    owed: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class MessageWords:
    """A message of the desk that is about no case. `answer_to`: an address that takes answers."""

    name: str
    answer_to: str = ""


def message_waits(language: str, words: MessageWords) -> Wording:
    """The letter that tells of it. What was written stays on the page: a mailbox may be read by
    others."""
    with translation.override(language):
        paragraphs = [
            _("Hello %(name)s,") % {"name": words.name},
            _(
                "We have written to you. Sign in to read it, and choose “Talk to a person”: %(address)s"
            )
            % {"address": f"{settings.SIGNOFF.public_url}/talk/"},
            _("You can answer there, or by answering this letter.")
            if words.answer_to
            else _("You can answer there."),
            sign_off(),
        ]
        wording = Wording(_("There is a message for you"), "\n\n".join(paragraphs))
        return answerable(wording) if words.answer_to else wording


def dispute_resolved(language: str, words: DisputeWords) -> Wording:
    """The letter that answers a dispute."""
    with translation.override(language):
        outcome = _upheld(words) if words.is_upheld else _rejected(words)
        paragraphs = [
            _("Hello %(name)s,") % {"name": words.name},
            _("You said that “%(item)s” on bill %(bill)s is wrong: %(amount)s of it.")
            % {"item": words.item, "bill": words.bill, "amount": words.amount},
            *outcome,
            _("Our answer: %(answer)s") % {"answer": words.answer},
            sign_off(),
        ]
        subject = _("Our answer about bill %(bill)s") % {"bill": words.bill}
    return Wording(subject, "\n\n".join(paragraphs))


def _upheld(words: DisputeWords) -> list[str]:
    said = [_("You are right.")]
    if words.credited:
        said.append(
            _("%(amount)s is taken off the bill: you need not pay it.") % {"amount": words.credited}
        )
    if words.owed and words.case:
        said.append(
            _(
                "You had paid %(amount)s of it. It goes back to you with the money of case"
                " %(case)s, whose page shows where it is."
            )
            % {"amount": words.owed, "case": words.case}
        )
    elif words.owed:
        said.append(
            _(
                "You had paid %(amount)s of it. It is on your account as a credit, and is paid out"
                " if you close."
            )
            % {"amount": words.owed}
        )
    return said


def _rejected(words: DisputeWords) -> list[str]:
    return [
        _("We looked at it and think that the item is right: %(amount)s stays on the bill.")
        % {"amount": words.amount},
        _("If you see it differently, answer this letter: another person will look."),
    ]
