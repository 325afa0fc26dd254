"""What our messages say. SMS carry no links, and nothing we send ever asks for a code."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from signoff.notice.layout import CaseWords, Wording, case_letter, sign_off
from signoff.notice.review_words import REVIEW_LETTERS

__all__ = ["CaseWords", "Wording", "letter", "sign_off", "text"]

_IN_GSM_ALPHABET = str.maketrans({"\u00a0": " ", "…": "..", "’": "'", "“": '"', "”": '"'})
"""One such sign would make an English SMS need two and a half times the room (3GPP TS 23.038)."""


def letter(kind: str, language: str, words: CaseWords) -> Wording:
    """The e-mail of `kind`. Raises KeyError for an unknown kind."""
    with translation.override(language):
        return _LETTERS[kind](words)


def text(kind: str, language: str, words: CaseWords) -> str:
    """The SMS of `kind`. Raises KeyError for an unknown kind."""
    with translation.override(language):
        wording = _TEXTS[kind](words)
    return wording.translate(_IN_GSM_ALPHABET) if language == "en" else wording


def _received(words: CaseWords) -> Wording:
    """The receipt that Directive 2011/83/EU, article 11a(4) asks for: content, date and time."""
    return case_letter(
        words,
        _("We have your request to close: case %(number)s") % {"number": words.number},
        _("You asked us to close %(lines)s. A person looks at it by %(date)s at the latest.")
        % {"lines": words.lines, "date": words.date},
        _("This letter is your receipt: %(name)s sent us this request on %(sent_at)s.")
        % {"name": words.name, "sent_at": words.sent_at},
        _("Until the closing begins you can undo it with one press on the page of the case."),
    )


def _approved(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("Your closing is approved: case %(number)s") % {"number": words.number},
        _("We close %(lines)s on %(date)s. Until then everything works, and you can still undo it.")
        % {"lines": words.lines, "date": words.date},
    )


def _withdrawn(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("Your closing is undone: case %(number)s") % {"number": words.number},
        _("Nothing has changed: %(lines)s works as before, and no money has moved.")
        % {"lines": words.lines},
    )


def _refunded(words: CaseWords) -> tuple[str, ...]:
    if not words.amount:
        return ()
    return (
        _("You get back %(amount)s. Where each part of it is, you see on the page of the case.")
        % {"amount": words.amount},
    )


def _done(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("It is done: case %(number)s is closed") % {"number": words.number},
        _(
            "%(lines)s is closed. The network confirmed that the number no longer works, and every linked service has ended."
        )
        % {"lines": words.lines},
        *_refunded(words),
        _(
            "The certificate of closing is attached. It is signed: anyone can check it, without asking us."
        ),
        _(
            "If the eSIM is still on your phone, remove it in the phone's settings. It no longer works, whatever happens."
        ),
    )


def _amount_changed(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("More money goes back to you: case %(number)s") % {"number": words.number},
        _(
            "Since you confirmed, something has changed on your account, in your favour. You get back %(amount)s. Every part of it is on the page of the case."
        )
        % {"amount": words.amount},
        _("You need to do nothing: the closing goes on."),
    )


def _confirm_again(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("Please look at your closing once more: case %(number)s") % {"number": words.number},
        _(
            "Since you confirmed, something has changed on your account: a bill or use that came in late, for instance. You would now get back %(amount)s."
        )
        % {"amount": words.amount},
        _(
            "We wait for you: nothing is closed until you have looked at the amounts on the page of the case and confirmed them. You can also undo it there."
        ),
    )


def _place_needed(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("Where should your money go? Case %(number)s") % {"number": words.number},
        _(
            "A part of your money cannot go back the way it came. Say on the page of the case where you want it: a bank account, or another line of yours."
        ),
        _("It stays yours until then, and we never ask for bank details in a message or a call."),
    )


def _refund_failed(words: CaseWords) -> Wording:
    return case_letter(
        words,
        _("A refund could not be paid: case %(number)s") % {"number": words.number},
        _(
            "A part of your money came back to us, because the card or the account does not take it. Nothing is lost: say on the page of the case where else it should go."
        ),
        _("We never ask for bank details in a message or a call."),
    )


def _text_last(words: CaseWords) -> str:
    return _(
        "%(brand)s: this is the last message to this number. It is switched off now, as you asked "
        "(case %(number)s). We never ask for codes."
    ) % {"brand": settings.SIGNOFF.brand_name, "number": words.number}


def _text_received(words: CaseWords) -> str:
    return _(
        "%(brand)s: we have your request to close %(lines)s, case %(number)s. Not you? Sign in and "
        "undo it. We never ask for codes."
    ) % {"brand": settings.SIGNOFF.brand_name, "lines": words.lines, "number": words.number}


def _text_done(words: CaseWords) -> str:
    template = (
        _("%(brand)s: it is done. %(lines)s is closed, case %(number)s. Refunded: %(amount)s.")
        if words.amount
        else _("%(brand)s: it is done. %(lines)s is closed, case %(number)s.")
    )
    return template % {
        "brand": settings.SIGNOFF.brand_name,
        "lines": words.lines,
        "number": words.number,
        "amount": words.amount,
    }


_LETTERS = {
    **REVIEW_LETTERS,
    "received": _received,
    "approved": _approved,
    "withdrawn": _withdrawn,
    "done": _done,
    "amount_changed": _amount_changed,
    "confirm_again": _confirm_again,
    "place_needed": _place_needed,
    "refund_failed": _refund_failed,
}
_TEXTS = {"last": _text_last, "received": _text_received, "done": _text_done}
