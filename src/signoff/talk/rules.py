"""What may be written, and what of a mail is the customer's own. Pure."""

import re
from datetime import timedelta

LONGEST = 4000
"""Characters of a message or a ticket."""
MOST_A_DAY = 40
"""Messages of a customer on one case in 24 hours; more is a mistake or a machine."""
LETTER_AFTER = timedelta(minutes=5)
"""So long a message of the desk waits to be read on the page before a letter tells of it."""
ANSWERS_FOR = timedelta(days=90)
"""So long after the end of a case its address takes mail."""

_NOT_TEXT = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, and those that turn the direction of what follows."""

MARK = re.compile(r"##- .{1,80} -##")
"""Our letters carry it on top: what is below it in an answer is ours."""

_QUOTE_BEGINS = re.compile(
    r"^\s*(?:"
    r"-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|原始邮件|原邮件).{0,40}"
    r"|_{10,}"
    r"|On\s.{5,200}\swrote:"
    r"|Am\s.{5,200}\sschrieb.{0,80}:"
    r"|Le\s.{5,200}\sa écrit\s?:"
    r"|.{0,200}写道[:：]"
    r"|-- "
    r")$"
)
_HEADER = re.compile(r"^\s*\*?(?:From|Von|De|发件人|寄件者)\*?\s*[:：].{1,200}$")
_NEXT_HEADER = re.compile(
    r"^\s*\*?(?:Sent|Date|To|Gesendet|Datum|An|Envoyé|发送时间|日期|收件人|Subject|主题)\*?\s*[:：]"
)


def cleaned(text: str) -> str:
    """Without what is no text, and without blank lines in rows."""
    lines = _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    whole = "\n".join(line.rstrip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", whole).strip()


def own_words(text: str) -> str:
    """What the customer wrote in an answer, without the letter that they answered.

    Programs quote in many ways; what is not recognised stays, and a person reads it.
    """
    kept: list[str] = []
    lines = text.replace("\r\n", "\n").split("\n")
    for place, line in enumerate(lines):
        if MARK.search(line) or _begins_a_quote(lines, place):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    return cleaned("\n".join(kept))


def _begins_a_quote(lines: list[str], place: int) -> bool:
    line = lines[place][:400]
    if _QUOTE_BEGINS.match(line):
        return True
    after = " ".join([line.rstrip(), *(other[:200] for other in lines[place + 1 : place + 2])])
    if line.lstrip().startswith(("On ", "Am ", "Le ")) and _QUOTE_BEGINS.match(after):
        return True  # the line was broken in two
    if not _HEADER.match(line):
        return False
    return any(_NEXT_HEADER.match(other[:400]) for other in lines[place + 1 : place + 4])
