"""What somebody of the staff may be called. Pure."""

import re
import unicodedata

from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _

LONGEST_CALLED = 80
_SIGN_IN = re.compile(r"[\w.-]{2,40}")
_UNSEEN = frozenset({"Zl", "Zp"})


def sign_in_name(typed: str) -> str:
    """The name that somebody signs in with, in one form of Unicode.

    Never something that could be an e-mail address or the number of a line: at the sign-in these
    stand for their owners. Raises InvalidValue.
    """
    name = unicodedata.normalize("NFKC", typed)
    if not _SIGN_IN.fullmatch(name) or not any(sign.isalpha() for sign in name):
        raise InvalidValue(
            "sign_in_name",
            _(
                "Use 2 to 40 letters, digits, dots, hyphens or underscores, without spaces, and at"
                " least one letter."
            ),
            field="username",
        )
    return name


def called_name(typed: str) -> str:
    """What colleagues read, and customers the first word of it; may be empty.

    Signs that nobody sees are refused: they would make one person look like another. Raises
    InvalidValue.
    """
    name = typed.strip()
    if len(name) > LONGEST_CALLED:
        raise InvalidValue(
            "called_long",
            _("Write at most %(most)s characters; these are %(count)s."),
            field="called",
            most=LONGEST_CALLED,
            count=len(name),
        )
    if any(_is_unseen(sign) for sign in name):
        raise InvalidValue(
            "called_signs",
            _("There is a sign in this name that nobody can see. Type the name by hand."),
            field="called",
        )
    return name


def _is_unseen(sign: str) -> bool:
    """Control, format and unassigned characters, and the ends of lines (Unicode, chapter 4.5)."""
    category = unicodedata.category(sign)
    return category.startswith("C") or category in _UNSEEN
