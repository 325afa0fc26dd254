"""What the value of a setting may be: read from the text of the environment, or refused in words."""

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from signoff.kernel.bank_accounts import Iban, bic
from signoff.kernel.errors import InvalidValue
from signoff.kernel.payee_names import latin_text
from signoff.kernel.push_services import service as push_service


def _host_port(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError("write host:port, like 127.0.0.1:4259")
    return value


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("write a time zone of the IANA list, like Europe/Berlin")
    return value


def _iban(value: str) -> str:
    return _own(Iban.parse, value)


def _bic(value: str) -> str:
    return _own(bic, value)


def _payer(value: str) -> str:
    return _own(latin_text, value)


def _answer_address(value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z0-9._-]{1,20}@[A-Za-z0-9.-]{1,200}", value):
        raise ValueError("write an address, like case@answers.boom.example; up to 20 before the @")
    return value


def _own(parse: Callable[[str, str], str], value: str) -> str:
    """Empty, or as `parse` wants it; pydantic passes on only ValueErrors."""
    try:
        return parse(value, "") if value else ""
    except InvalidValue as refusal:
        raise ValueError(str(refusal)) from None


def _by_commas(value: object) -> object:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _or_none(value: object) -> object:
    return None if value == "" else value


def _base64_key(value: SecretStr) -> SecretStr:
    try:
        length = len(base64.b64decode(value.get_secret_value(), validate=True))
    except ValueError:
        length = 0
    if length != 32:
        raise ValueError("write 32 bytes in base64, as `signoff keys new-evidence --print` does")
    return value


def _push_service(value: str) -> str:
    return _own(lambda entry, _field: push_service(entry), value)


AnswerAddress = Annotated[str, AfterValidator(_answer_address)]
HostPort = Annotated[str, AfterValidator(_host_port)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
HourOrNone = Annotated[int | None, BeforeValidator(_or_none), Field(ge=0, le=23)]

PayerText = Annotated[str, AfterValidator(_payer)]
IbanText = Annotated[str, AfterValidator(_iban)]
BicText = Annotated[str, AfterValidator(_bic)]

Words = Annotated[list[str], NoDecode, BeforeValidator(_by_commas)]
Paths = Annotated[list[Path], NoDecode, BeforeValidator(_by_commas)]
Base64Keys = Annotated[
    list[Annotated[SecretStr, AfterValidator(_base64_key)]], NoDecode, BeforeValidator(_by_commas)
]
PushServiceList = Annotated[
    list[Annotated[str, AfterValidator(_push_service)]], NoDecode, BeforeValidator(_by_commas)
]
