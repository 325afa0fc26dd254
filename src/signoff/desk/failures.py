"""Why a refund came back, in words. Pure but for the reader's language."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext

from signoff.desk import words

_OF_A_BANK = re.compile(r"(?P<code>[A-Z]{2}[0-9A-Z]{2})(?: (?P<text>.+))?", re.DOTALL)
"""ISO 20022's code, then its meaning as the catalogue has it in English (`bank_file.reasons`)."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`code`: as the bank or the payment service gave it, or empty. `text`: what it means.

    is_foreign: we know no words for it; the text is theirs, in English.
    """

    code: str
    text: str
    is_foreign: bool = False


def reason(failure: str) -> Reason:
    """Of `Refund.failure`; nothing for nothing."""
    if failure in words.WORDS["failure"]:
        return Reason(failure, words.called("failure", failure))
    found = _OF_A_BANK.fullmatch(failure)
    if found is None:
        return Reason("", failure, is_foreign=bool(failure))
    text = found["text"] or ""
    return Reason(found["code"], gettext(text) if text else "")


def trouble(failure: str) -> Reason:
    """Of `PayoutBatch.failure`: a code, and mostly the reference of a transfer after it."""
    code = failure.partition(":")[0]
    return reason("no_such_file" if failure.startswith("no bank files") else code)
