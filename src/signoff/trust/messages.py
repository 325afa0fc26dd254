"""Finding links, numbers and demands in a message in Chinese or English."""

import re
from collections.abc import Iterator

import phonenumbers

from signoff.kernel.words import gettext_noop as _
from signoff.trust.verdict import Reason

_CODE_WORDS = (
    r"pass\s?words?|pass\s?codes?|\bPIN\b|\bOTP\b|\bCVV\d?\b|(?:verification|security|one-time|sms|"
    r"confirmation|login|sign-in)\s+codes?|recovery\s+codes?|密\s*码|验\s*证\s*码|校\s*验\s*码|"
    r"动\s*态\s*码|动态口令|短信码|安全码|确认码|授权码|口令"
)
_ASKING = (
    r"send|tell|reply|enter|provide|give|forward|share|confirm|submit|text\s+us|read\s+out|type|"
    r"发送|发给|告诉|告知|提供|回复|输入|填写|转发|说出|报给|报一下|念一下|上传"
)
_NOT = r"(?:never|not|n't|nobody|勿|不要|不得|切勿|别|请勿|不会|绝不|莫)"
_DEMAND = re.compile(f"(?:{_ASKING})", re.IGNORECASE)
_SECRET_WORD = re.compile(_CODE_WORDS, re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?;。\uff01\uff1f\uff1b\n]")
_NEGATED = re.compile(_NOT + r"[^.!?;。\uff01\uff1f\uff1b\n]{0,24}$", re.IGNORECASE)
_REMOTE = re.compile(
    r"anydesk|teamviewer|todesk|向日葵|屏幕共享|共享屏幕|远程协助|screen\s*shar|share\s+your\s+screen|"
    r"remote\s+(?:access|control)|安全账户|安全帐户|safe\s+account",
    re.IGNORECASE,
)

# Letters of alphabets, digits, the full-width forms; not Chinese, which needs no space before a link.
_L = r"0-9A-Za-z\u00a1-\u1fff\u200b-\u200f\u2060\ufeff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
_HAN = r"\u3400-\u9fff"
_DOT = r"[.\u3002\uff0e\uff61]"
_WIDE_MARKS = r"\uff01\uff08\uff09\uff0c\uff1b\uff1f"  # of Chinese text: ! ( ) , ; ?
_WIDE_DOT = r"[\u3002\uff0e\uff61]"
_LINK = re.compile(
    rf"(?:[a-z][a-z0-9+.-]*:[/\\]+|(?:javascript|data|vbscript):)"
    rf"[^\s<>\"'“”‘’「」()【】,;!?、{_WIDE_MARKS}\u3002\uff0e\uff61{_HAN}]*"
    # What could still be the host goes on: another dot, or Chinese letters with a dot after them.
    rf"(?:(?:{_WIDE_DOT}|[{_HAN}]+{_DOT})[{_L}@][^\s<>\"'“”‘’「」()【】,;!、。{_WIDE_MARKS}{_HAN}]*)*"
    rf"(?:[?#/][!-~]*)?"
    rf"|(?<![{_L}@.-])[{_L}-]+(?:{_DOT}[{_L}-]+)*{_DOT}[A-Za-z\u00a1-\u1fff]{{2,}}"
    rf"(?::\d{{1,5}})?(?![{_L}@])(?:[/?#\\@][!-~]*)?",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[A-Za-z0-9._%+\u00a1-\u1fff-]+@[A-Za-z0-9.\u00a1-\u1fff-]+\.[A-Za-z]{2,}")
_SHORT_CODE = re.compile(
    r"(?:拨打|致电|来电|热线|客服电话|电话|call|ring|dial|phone)\D{0,6}?(\d{4,6})(?!\d)",
    re.IGNORECASE,
)
_PLUS = re.compile(r"\+\d[\d\s().-]{6,20}\d", re.ASCII)


def demands(text: str) -> Iterator[Reason]:
    """What nobody of ours would ask for."""
    if any(_asks_for_code(sentence) for sentence in _SENTENCE_END.split(text)):
        yield Reason(
            "asks_secret",
            _("It asks for a password or a code. We never ask for one, in no message and no call."),
        )
    if _REMOTE.search(text):
        yield Reason(
            "asks_remote",
            _("It speaks of sharing your screen or of a “safe account”. We never ask for that."),
        )


def _asks_for_code(sentence: str) -> bool:
    """Is there a demand beside a code or password, and not a warning against it?"""
    if not _SECRET_WORD.search(sentence):
        return False
    return any(
        not _NEGATED.search(sentence[max(0, demand.start() - 40) : demand.start()])
        for demand in _DEMAND.finditer(sentence)
    )


def mentions_secret(text: str) -> bool:
    """Does it speak of a password or a code at all?"""
    return _SECRET_WORD.search(text) is not None


def parts_of(text: str, region: str | None) -> tuple[list[str], list[str], list[str]]:
    """Mail addresses, links and telephone numbers in `text`, as written, each once, in order."""
    links, rest = _taken(_LINK, text)
    mails = [link for link in links if _MAIL.fullmatch(link)]
    links = [link for link in links if link not in mails]
    more, rest = _taken(_MAIL, rest)
    numbers = [match[1] for match in _SHORT_CODE.finditer(rest)]
    numbers += [match[0] for match in _PLUS.finditer(rest)]
    # Plain digits (without a country code) are numbers only where the country says so.
    matcher = phonenumbers.PhoneNumberMatcher(rest, region)
    numbers += [match.raw_string for match in matcher if match.raw_string not in numbers]
    return mails + more, list(dict.fromkeys(links)), list(dict.fromkeys(numbers))


def _taken(pattern: re.Pattern[str], text: str) -> tuple[list[str], str]:
    """What matches, without the full stop of the sentence; and the text without it."""
    found = [match[0].rstrip(".,;:!?)\uff1a") for match in pattern.finditer(text)]
    return [part for part in found if part], pattern.sub(" ", text)
