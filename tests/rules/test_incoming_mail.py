"""What of a stranger's mail becomes a message: their own words, and nothing that does harm."""

import contextlib
import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.talk.incoming import LARGEST, UnreadableMail, read
from signoff.talk.rules import LONGEST, cleaned, own_words

TO = "case+so7k4m92qdy.abc@answers.boom.example"


def mail(text: str = "Hello", **headers: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = "Li Wei <li.wei@example.org>"
    letter["To"] = TO
    letter["Message-ID"] = "<1@example.org>"
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    return letter


@pytest.mark.parametrize(
    "below",
    [
        "On Sun, 22 Nov 2026 at 12:00, Boom <care@boom.example> wrote:\n> Hello Li Wei,\n> we",
        "On Sun, 22 Nov 2026 at 12:00, Boom\n<care@boom.example> wrote:\n\n> Hello",
        "在 2026年11月22日，Boom 写道：\n> 您好",
        "Am 22.11.2026 um 12:00 schrieb Boom <care@boom.example>:\n> Guten Tag",
        "-----Original Message-----\nFrom: Boom\nSent: Sunday\n\nHello Li Wei,",
        "________________________________\nFrom: Boom\nHello",
        "From: Boom <care@boom.example>\nSent: Sunday, 22 November 2026\nTo: Li\n\nHello",
        "发件人: Boom\n发送时间: 2026年11月22日\n收件人: Li\n\n您好",
        "##- Please write your answer above this line -##\n\nHello Li Wei,",
        "> ##- 请在此行以上回复 -##\n> 您好",
        "-- \nLi Wei\nSent from a phone",
        "> Hello\n> more",
    ],
)
def test_the_letter_that_was_answered_is_cut_off(below: str) -> None:
    assert own_words(f"The contract ended in May.\r\n\r\nLi\n\n{below}") == (
        "The contract ended in May.\n\nLi"
    )


@pytest.mark.parametrize(
    "words",
    [
        "From: my point of view it is over.\nI want to close.",
        "On Monday I wrote: please close it.",
        "The amount is > 50 and I do not owe it.",
        "我昨天写道的内容没有回复",
    ],
)
def test_words_that_only_look_like_a_quote_stay(words: str) -> None:
    assert own_words(words) == words


def test_answers_between_the_lines_stay_and_the_lines_go() -> None:
    assert own_words("> Which one?\nThe first.\n> When?\nNow.") == "The first.\nNow."


def test_what_turns_text_around_or_is_none_is_taken_out() -> None:
    assert cleaned("a\x00b\u202egnp.exe\x1b[31m\r\nc\n\n\n\n\nd  ") == "abgnp.exe[31m\nc\n\nd"


def test_a_page_is_read_as_words_without_its_scripts_and_quotes() -> None:
    letter = mail()
    letter.set_content(
        "<html><head><title>x</title><style>p{}</style></head><body><p>Hello<br>there &amp; you</p>"
        "<script>alert(1)</script><blockquote>On Sunday</blockquote></body></html>",
        subtype="html",
    )
    found = read(letter.as_bytes())
    assert found.text == "Hello\nthere & you"


def test_plain_text_wins_over_the_page_and_attachments_are_counted_and_left_out() -> None:
    letter = mail("The plain words.")
    letter.add_alternative("<p>The page.</p>", subtype="html")
    letter.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="card.pdf")
    letter.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename="card.jpg")
    letter.add_attachment("kept out", filename="notes.txt")
    found = read(letter.as_bytes())
    assert (found.text, found.left_out) == ("The plain words.", 3)
    assert found.recipients == (TO,)
    assert found.sender == "li.wei@example.org"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
    ],
)
def test_what_a_machine_wrote_is_known(headers: dict[str, str]) -> None:
    assert read(mail(**headers).as_bytes()).is_automatic
    assert not read(mail(Auto_Submitted="no").as_bytes()).is_automatic


def test_a_long_mail_is_cut_and_says_so() -> None:
    found = read(mail("x" * (LONGEST + 1)).as_bytes())
    assert (len(found.text), found.was_cut) == (LONGEST, True)


def nested(depth: int) -> bytes:
    head = b"From: a@b.example\nTo: c@d.example\n"
    return head + b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 1000,
        b"no header at all",
        b"x" * (LARGEST + 1),
        nested(5000),
    ],
)
def test_what_is_no_mail_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableMail):
        read(content)


@pytest.mark.parametrize(
    "content",
    [
        b"From: a@b.example\nTo: " + b"(" * 200_000 + b"\n\nHello",
        b"From: a@b.example\nTo: " + b'"a" <x@y.example>,' * 50_000 + b"\n\nHello",
        b"From: a@b.example\nContent-Type: text/html\n\n" + b"<" * 1_000_000,
        b"From: a@b.example\nContent-Type: text/html\n\n" + b"<!--" * 300_000,
        b"From: a@b.example\nContent-Type: text/html\n\n" + b"&#" * 300_000,
        b"From: a@b.example\nContent-Type: text/html\n\n" + b"<script>" * 100_000,
        b"From: a@b.example\nContent-Type: text/html\n\n&#" + b"9" * 1_000_000 + b";",
        b"From: a@b.example\n\n" + b"On " + b"x " * 500_000 + b"wrote",
        b"From: a@b.example\n\n" + b"From: x\n" * 100_000,
        b"From: a@b.example\nContent-Type: text/plain; charset=rot13\n\nHello",
        b"From: a@b.example\nContent-Type: text/plain; charset=zlib_codec\n\nHello",
        b"From: =?utf-8?b?" + b"A" * 100_000 + b"?=\n\nHello",
    ],
)
def test_a_mail_that_was_built_to_hang_is_read_quickly(content: bytes) -> None:
    began = time.monotonic()
    with contextlib.suppress(UnreadableMail):
        read(content)
    assert time.monotonic() - began < 10


@given(st.binary(max_size=2000))
def test_no_bytes_break_it(junk: bytes) -> None:
    try:
        found = read(b"From: a@b.example\nTo: x@y.example\n" + junk)
    except UnreadableMail:
        return
    assert "\x00" not in found.text
    assert len(found.text) <= LONGEST
