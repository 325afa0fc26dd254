"""Judging a telephone number, a mail address or the sender of a text message."""

import re
from collections.abc import Iterator

from signoff.kernel.errors import InvalidValue
from signoff.kernel.mistyped import mistyped
from signoff.kernel.words import gettext_noop as _
from signoff.trust.links import host_faults
from signoff.trust.lookalike import hidden_in, nearly, skeleton
from signoff.trust.officials import Officials, dialled_as
from signoff.trust.verdict import Kind, Reason, Standing, Verdict, shortened, verdict

NUMBER = re.compile(r"(?:tel:)?\+?[\d(][\d\s().-]{1,24}\d", re.ASCII | re.IGNORECASE)
_WIDE = str.maketrans({0xFEE0 + ord(sign): sign for sign in "0123456789+-()"} | {"\u3000": " "})
"""Full-width signs, as Chinese keyboards write them: they are dialled as the plain ones."""
ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")

_CAN_BE_FAKED = Reason(
    "can_be_faked",
    _("A caller or sender can show any number or name. If in doubt, hang up and call us yourself."),
)


def is_number(text: str) -> bool:
    """Is it one telephone number, or a short code, and nothing else?"""
    plain = text.translate(_WIDE)
    return bool(NUMBER.fullmatch(plain) or re.fullmatch(r"\d{3,6}", plain, re.ASCII))


def judge_number(text: str, officials: Officials) -> Verdict:
    """`text` is one telephone number, in any spelling. Compared in E.164, or as a short code."""
    text = text.strip().translate(_WIDE)
    try:
        number = dialled_as(re.sub(r"(?i)^tel:", "", text), officials.region)
    except InvalidValue:
        unreadable = Reason("number_unreadable", _("This is not a telephone number."))
        return Verdict(Kind.NUMBER, shortened(text), Standing.UNKNOWN, (unreadable,))
    if number in officials.numbers and NUMBER.fullmatch(text):
        official = Reason("number_official", _("%(number)s is ours."), {"number": number})
        reasons = (official, _CAN_BE_FAKED)
        return Verdict(Kind.NUMBER, shortened(text), Standing.OFFICIAL, reasons)
    params = {"number": number}
    unknown = Reason("number_not_ours", _("%(number)s is not one of our numbers."), params)
    return verdict(Kind.NUMBER, text, unknown, _number_faults(text, number, officials))


def _number_faults(text: str, number: str, officials: Officials) -> Iterator[Reason]:
    if hidden_in(text):
        yield Reason("number_hidden", _("It holds characters that one does not see."))
    for ours in sorted(officials.numbers):
        digits, our_digits = number.lstrip("+"), ours.lstrip("+")
        longer = len(digits) > len(our_digits) and our_digits in digits
        slip = len(our_digits) > 4 and mistyped(digits, our_digits, most=1)
        if longer or (slip and digits != our_digits):
            yield Reason(
                "number_near",
                _("%(number)s is almost our %(ours)s, but not quite."),
                {"number": number, "ours": ours},
            )
            return


def judge_address(text: str, officials: Officials) -> Verdict:
    """`text` is one mail address."""
    text = text.strip()
    address = text.lower()
    params = {"address": address}
    if text.isascii() and address in officials.addresses:
        official = Reason("address_official", _("%(address)s is ours."), params)
        return Verdict(Kind.ADDRESS, shortened(text), Standing.OFFICIAL, (official, _CAN_BE_FAKED))
    unknown = Reason("address_not_ours", _("%(address)s is not one of our addresses."), params)
    return verdict(Kind.ADDRESS, text, unknown, _address_faults(address, officials))


def _address_faults(address: str, officials: Officials) -> Iterator[Reason]:
    if hidden_in(address):
        yield Reason("address_hidden", _("It holds characters that one does not see."))
    for ours in sorted(officials.addresses):
        if skeleton(address) == skeleton(ours) or nearly(address, ours):
            yield Reason(
                "address_near",
                _("%(address)s is almost our %(ours)s, but not quite."),
                {"address": address, "ours": ours},
            )
            return
    yield from host_faults(address.rpartition("@")[2], officials)


def judge_sender(text: str, officials: Officials) -> Verdict:
    """`text` is the name that a text message came from."""
    text = text.strip()
    params = {"sender": text}
    if text.isascii() and text in officials.senders:
        official = Reason("sender_official", _("Our messages come from “%(sender)s”."), params)
        return Verdict(Kind.SENDER, shortened(text), Standing.OFFICIAL, (official, _CAN_BE_FAKED))
    unknown = Reason("sender_not_ours", _("No message of ours comes from “%(sender)s”."), params)
    return verdict(Kind.SENDER, text, unknown, _sender_faults(text, officials))


def _sender_faults(text: str, officials: Officials) -> Iterator[Reason]:
    for ours in sorted(officials.senders):
        if skeleton(text) == skeleton(ours) or nearly(text.casefold(), ours.casefold()):
            yield Reason(
                "sender_near",
                _("“%(sender)s” is almost our “%(ours)s”, but not quite."),
                {"sender": text, "ours": ours},
            )
            return
