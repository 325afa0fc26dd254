"""The address of a case: who answers one of our letters writes to it.

`case+NUMBER.TOKEN@…`: the token is made from the case and the operator's secret, so that nobody can
write to a case whose letter they never had. It opens nothing: mail only adds a message.
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime

from django.conf import settings

from signoff.closing.models import Case
from signoff.closing.queries import case_by_number
from signoff.closing.rules import CaseState
from signoff.config import config
from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import CaseNumber
from signoff.talk.rules import ANSWERS_FOR

_PLUS = re.compile(r"^(?P<local>[^+@]{1,20})\+(?P<number>[a-z0-9]{5,20})\.(?P<token>[a-z2-7]{26})$")


def address_of(case: Case) -> str:
    """Empty if the operator takes no mail."""
    local, at, domain = config().mail_answers.partition("@")
    if not at:
        return ""
    number = case.number.replace("-", "").lower()
    return f"{local}+{number}.{_token(case)}@{domain}"


def case_at(address: str, now: datetime) -> Case | None:
    """The case that an address belongs to. None for a wrong one, and long after its end."""
    ours, _at, our_domain = config().mail_answers.casefold().partition("@")
    local, _at, domain = address.strip().casefold().rpartition("@")
    parts = _PLUS.match(local)
    if not our_domain or domain != our_domain or parts is None or parts["local"] != ours:
        return None
    try:
        case = case_by_number(CaseNumber.parse(parts["number"]))
    except (InvalidValue, Case.DoesNotExist):
        return None
    if not hmac.compare_digest(parts["token"].encode(), _token(case).encode()):
        return None
    if case.state == CaseState.DRAFT.value:
        return None
    return None if case.ended_at and now > case.ended_at + ANSWERS_FOR else case


def _token(case: Case) -> str:
    """128 bits in small letters and digits: a local part may lose its capitals on the way."""
    key = settings.SECRET_KEY.encode()
    mark = hmac.new(key, f"answer address:{case.pk}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mark[:16]).decode().rstrip("=").lower()
