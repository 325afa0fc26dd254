"""Finding a case by its number and its code, without signing in: the page and the API use this."""

import hmac
import unicodedata

from signoff.closing import queries
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import CaseNumber

ACTION = "look_up"
LIMITS = {ACTION: "20/5m/ip,10/h/key"}
"""For each address 20 tries in five minutes; for each case ten an hour, from anywhere: guessing a
code of six digits would take five years on average. The interfaces count together."""


def limit_key(number: str) -> str:
    """One and the same for every way to write a case number."""
    try:
        return CaseNumber.parse(number)
    except InvalidValue:
        return number.casefold()


def find(number: str, code: str) -> Case | None:
    """The case if number and code fit together; None for a wrong one of either, and for a draft."""
    try:
        case = queries.case_by_number(CaseNumber.parse(number))
    except (InvalidValue, Case.DoesNotExist):
        return None
    narrow = unicodedata.normalize("NFKC", code)
    digits = "".join(sign for sign in narrow if sign.isdecimal())
    fits = hmac.compare_digest(digits.encode(), queries.access_code(case).encode())
    return case if fits and case.state != CaseState.DRAFT.value else None
