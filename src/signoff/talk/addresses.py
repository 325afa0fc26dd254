"""The address of a conversation: who answers one of our letters writes to it.

`case+NUMBER.TOKEN@…` of a case, `case+a-ID.TOKEN@…` of an account: the token is made from the case
or the account and the operator's secret, so that nobody can write to a conversation whose letter
they never had. It opens nothing: mail only adds a message.
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime

from django.conf import settings

from signoff.accounts.models import Account
from signoff.accounts.queries import account_by_id
from signoff.closing.models import Case
from signoff.closing.queries import case_by_number
from signoff.closing.rules import CaseState
from signoff.config import config
from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import CaseNumber
from signoff.talk.conversations import About
from signoff.talk.rules import ANSWERS_FOR

_PLUS = re.compile(
    r"^(?P<local>[^+@]{1,20})\+"
    r"(?:a-(?P<account>[1-9][0-9]{0,17})|(?P<number>[a-z0-9]{5,20}))"
    r"\.(?P<token>[a-z2-7]{26})$",
    re.ASCII,
)


def address_of(about: About) -> str:
    """Empty if the operator takes no mail."""
    local, at, domain = config().mail_answers.partition("@")
    if not at:
        return ""
    return f"{local}+{_name(about)}.{_token(about)}@{domain}"


def _name(about: About) -> str:
    if isinstance(about, Account):
        return f"a-{about.pk}"
    return about.number.replace("-", "").lower()


def found_at(address: str, now: datetime) -> About | None:
    """What an address is about. None for a wrong one, and for one that has ended.

    That of a case ends long after the case; that of an account ends with the account, whose last
    case goes on to take answers.
    """
    ours, _at, our_domain = config().mail_answers.casefold().partition("@")
    local, _at, domain = address.strip().casefold().rpartition("@")
    parts = _PLUS.match(local)
    if not our_domain or domain != our_domain or parts is None or parts["local"] != ours:
        return None
    try:
        found = _named(parts)
    except (InvalidValue, Case.DoesNotExist, Account.DoesNotExist):
        return None
    if not hmac.compare_digest(parts["token"].encode(), _token(found).encode()):
        return None
    return found if _takes_mail(found, now) else None


def _named(parts: re.Match[str]) -> About:
    if parts["account"]:
        return account_by_id(int(parts["account"]))
    return case_by_number(CaseNumber.parse(parts["number"]))


def _takes_mail(about: About, now: datetime) -> bool:
    if isinstance(about, Account):
        return about.closed_at is None
    if about.state == CaseState.DRAFT.value:
        return False
    return about.ended_at is None or now <= about.ended_at + ANSWERS_FOR


def _token(about: About) -> str:
    """128 bits in small letters and digits: a local part may lose its capitals on the way.

    What is signed says which of the two it is: no token of a case is ever one of an account.
    """
    whose = "account answer address" if isinstance(about, Account) else "answer address"
    key = settings.SECRET_KEY.encode()
    mark = hmac.new(key, f"{whose}:{about.pk}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mark[:16]).decode().rstrip("=").lower()
