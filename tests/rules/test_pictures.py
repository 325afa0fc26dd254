"""What is taken, what is refused, and what is left of what is taken."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from signoff.closing.rules import CaseState
from signoff.evidence import rules, sandbox
from signoff.evidence.decoding import drawn_anew
from signoff.evidence.rules import MAX_BYTES, MediaType, is_due, media_type_of, plain_jpeg_size
from signoff.kernel.errors import InvalidValue
from tests import hostile_files as files

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HTML = b"<html><script>alert(1)</script></html>"


def kept(content: bytes) -> list[Image.Image]:
    """The pictures that are left of a file, as they would be kept."""
    pages, _left_out = drawn_anew(content, media_type_of(content))
    for page in pages:
        plain_jpeg_size(page)
    return [Image.open(io.BytesIO(page)) for page in pages]


def refused(content: bytes) -> str:
    """The code with which a file is refused."""
    with pytest.raises(InvalidValue) as error:
        drawn_anew(content, media_type_of(content))
    assert error.value.field == "picture"
    return error.value.code


def is_blue(colour: object) -> bool:
    """As the corner of the drawn picture, after a compression."""
    assert isinstance(colour, tuple)
    return bool(colour[2] > 150 > colour[0])


# What is taken


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (files.photo(), MediaType.JPEG),
        (files.saved(files.picture(), "PNG"), MediaType.PNG),
        (files.saved(files.picture(), "WEBP"), MediaType.WEBP),
        (files.HEIC, MediaType.HEIC),
        (files.pdf(), MediaType.PDF),
    ],
    ids=lambda value: value.name if isinstance(value, MediaType) else "",
)
def test_each_kind_of_file_is_known_by_its_content_and_drawn_anew(
    content: bytes, media: MediaType
) -> None:
    assert media_type_of(content) is media
    (page,) = kept(content)
    assert (page.format, page.mode) == ("JPEG", "RGB")


def test_place_maker_comment_and_colour_profile_are_there_before_and_gone_after() -> None:
    before = files.photo()
    exif = Image.open(io.BytesIO(before)).getexif()
    assert exif.get_ifd(0x8825)[2] == (31.0, 13.0, 48.5)
    for part in (files.MAKER, files.COMMENT, b"names its printer", b"Exif"):
        assert part in before
    (after,), _ = drawn_anew(before, MediaType.JPEG)
    for part in (files.MAKER, files.COMMENT, b"names its printer", b"Exif"):
        assert part not in after
    assert set(Image.open(io.BytesIO(after)).info) == {
        "jfif", "jfif_version", "jfif_unit", "jfif_density",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "word"),
    [(files.png_with_text(), b"Author"), (files.HEIC, b"Maker")],
    ids=["png", "heic"],
)
def test_words_in_other_files_are_gone_too(before: bytes, word: bytes) -> None:
    assert word in before
    (after,), _ = drawn_anew(before, media_type_of(before))
    assert word not in after


@pytest.mark.parametrize(
    ("turned", "corner"), [(1, (5, 5)), (3, (315, 235)), (6, (235, 5)), (8, (5, 315))]
)
def test_a_picture_is_upright_though_its_orientation_is_forgotten(
    turned: int, corner: tuple[int, int]
) -> None:
    (page,) = kept(files.photo(turned=turned))
    assert is_blue(page.getpixel(corner))
    assert page.size == ((320, 240) if turned in {1, 3} else (240, 320))


def test_a_heic_picture_is_turned_once() -> None:
    (page,) = kept(files.HEIC)
    assert page.size == (240, 320)
    assert is_blue(page.getpixel((235, 5)))


def test_a_large_picture_is_made_smaller_and_not_distorted() -> None:
    (page,) = kept(files.saved(files.picture(6000, 1500), "JPEG"))
    assert page.size == (3000, 750)


def test_what_is_transparent_becomes_white_and_sixteen_bits_of_grey_stay_grey() -> None:
    clear = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    assert kept(files.saved(clear, "PNG"))[0].getpixel((150, 150)) == (255, 255, 255)
    grey = Image.new("I;16", (300, 300), 0x8000)
    (value, _, _) = kept(files.saved(grey, "PNG"))[0].getpixel((150, 150))  # type: ignore[misc]
    assert 120 < value < 135


def test_what_a_camera_adds_behind_its_picture_is_lost_and_not_refused() -> None:
    film = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40
    (after,), _ = drawn_anew(files.photo() + film, MediaType.JPEG)
    assert film not in after


def test_the_first_four_pages_of_a_pdf_are_drawn_and_the_others_counted() -> None:
    pages, left_out = drawn_anew(files.pdf(6), MediaType.PDF)
    assert (len(pages), left_out) == (4, 2)
    bars = []
    for page in kept(files.pdf(3)):
        column = [page.getpixel((10, y)) for y in range(page.height)]
        bars.append(sum(dot[0] < 100 for dot in column if isinstance(dot, tuple)))
    assert bars == sorted(bars) and bars[0] < bars[2]


def test_a_hidden_attachment_of_a_pdf_does_not_survive() -> None:
    before = files.pdf_with_attachment()
    assert b"MZ-EVIL!" in before
    (after,), _ = drawn_anew(before, MediaType.PDF)
    assert b"MZ-EVIL!" not in after


# What is refused


JAVASCRIPT = b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (files.photo() + bytes(MAX_BYTES), "too_large"),
        (files.saved(files.picture(), "GIF"), "not_a_picture"),
        (files.saved(files.picture(), "TIFF"), "not_a_picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "not_a_picture"),
        (HTML, "not_a_picture"),
        (b"MZ" + bytes(500), "not_a_picture"),
        (b" " + files.pdf(), "not_a_picture"),
        (files.photo() + HTML, "two_in_one"),
        (files.photo()[:2] + b"\xff\xfe\0\x28" + HTML + files.photo()[2:], "two_in_one"),
        (files.photo() + files.pdf(), "two_in_one"),
        (files.photo() + files.archive(), "two_in_one"),
        (files.pdf() + files.archive(), "two_in_one"),
        (files.saved(files.picture(), "PNG") + b"<?php system($_GET[0]);", "two_in_one"),
        (files.photo()[:-300], "unreadable"),
        (files.saved(files.picture(), "PNG")[:-60], "unreadable"),
        (files.HEIC[:-30], "unreadable"),
        (files.pdf()[:60], "unreadable"),
        (files.pdf(0), "unreadable"),
        (b"\x89PNG\r\n\x1a\n" + files.photo(), "unreadable"),
        (b"RIFF\xff\xff\xff\xffWEBP" + bytes(100), "unreadable"),
        (files.png(20_000, 20_000, bytes(1_000_000)), "too_many_pixels"),
        (files.png(400, 400, b"\0"), "unreadable"),
        (files.jpeg_that_names(10_000, 10_000), "too_many_pixels"),
        (files.saved(files.picture(400, 60), "PNG"), "too_small"),
        (files.locked_pdf(), "pdf_locked"),
        (files.pdf(catalogue=JAVASCRIPT), "pdf_program"),
        (files.pdf(catalogue=JAVASCRIPT.replace(b"/JavaScript", b"/J#61vaScript")), "pdf_program"),
        (files.pdf(catalogue=b"/OpenAction << /S /Launch /F (cmd.exe) >>"), "pdf_program"),
    ],
)
def test_a_bad_file_is_refused_by_its_name(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_the_words_name_the_size_and_the_fix() -> None:
    with pytest.raises(InvalidValue, match=r"This file is 13\.4 MB; at most 12 MB .* photo"):
        media_type_of(b"\xff\xd8\xff\xe0" + bytes(13_350_000))
    with pytest.raises(InvalidValue, match=r"has 100 million dots; at most 50 million"):
        drawn_anew(files.jpeg_that_names(10_000, 10_000), MediaType.JPEG)


def test_every_refusal_can_be_said() -> None:
    given_params = {"size": 1, "limit": 2, "width": 3, "height": 4}
    for code in rules.REFUSALS:
        assert "%" not in str(rules.refusal(code, **given_params)).replace("%(", "")


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_broken_file_is_refused_or_drawn_and_nothing_else(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([files.photo(), files.png_with_text(), files.pdf(2)]))
    at = data.draw(st.integers(8, len(whole) - 1))
    broken = whole[:at] + data.draw(st.binary(min_size=1, max_size=8)) + whole[at + 1 :]
    try:
        pages, _ = drawn_anew(broken, media_type_of(broken))
    except InvalidValue:
        return
    for page in pages:
        plain_jpeg_size(page)


# The process of its own


def test_a_file_is_cleaned_in_a_process_of_its_own() -> None:
    found = sandbox.clean(files.pdf(5))
    assert (found.media_type, len(found.pages), found.left_out) == (MediaType.PDF, 4, 1)
    assert found.pages[0].width < found.pages[0].height <= 3000


@pytest.mark.parametrize(
    "content",
    [files.photo(), files.png_with_text(), files.saved(files.picture(), "WEBP"), files.HEIC],
    ids=["jpeg", "png", "webp", "heic"],
)
def test_decoders_need_nothing_that_the_process_has_given_up(content: bytes) -> None:
    (page,) = sandbox.clean(content).pages
    assert min(page.width, page.height) == 240


def test_a_refusal_comes_back_from_the_process_in_its_words() -> None:
    with pytest.raises(InvalidValue, match="400 million dots"):
        sandbox.clean(files.png(20_000, 20_000, bytes(100_000)))


def test_the_process_can_open_nothing_once_it_reads_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A decoder that was taken over, played by a program with the same limits."""
    program = (
        "import os, socket, sys\n"
        "from signoff.evidence.decoding import _answer, _give_up_rights\n"
        "from signoff.evidence.rules import MediaType\n"
        "_give_up_rights(MediaType.JPEG)\n"
        "got = [len(os.environ)]\n"
        "for attempt in (lambda: open('/etc/hostname'), socket.socket, os.pipe):\n"
        "    try: got.append(str(attempt()))\n"
        "    except OSError as error: got.append(error.errno)\n"
        "try: bytearray(3_000_000_000)\n"
        "except MemoryError: got.append('no memory')\n"
        "sys.stdout.write(repr(got))\n"
    )
    monkeypatch.setattr(sandbox, "COMMAND", (sandbox.COMMAND[0], "-I", "-c", program))
    # LC_CTYPE is Python's own.
    assert sandbox.ask(b"{}\n") in {b"[%d, 24, 24, 24, 'no memory']" % count for count in (0, 1)}


def test_a_process_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.3)
    command = (sandbox.COMMAND[0], "-I", "-c", "import time; time.sleep(60)")
    monkeypatch.setattr(sandbox, "COMMAND", command)
    with pytest.raises(InvalidValue) as late:
        sandbox.clean(files.photo())
    assert late.value.code == "too_hard"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\xff\xfe\n",
        b"[]\n",
        b'{"lengths": [], "left_out": 0}\n',
        b'{"lengths": [4], "left_out": 0}\n<htm',
        b'{"lengths": [-4, 8], "left_out": 0}\nabcd',
        b'{"lengths": [%d], "left_out": 0}\n' % len(files.photo()) + files.photo(),
        b'{"refusal": "<script>", "params": {}}\n',
        b'{"refusal": "too_small", "params": {"width": "<b>"}}\n',
        b'{"refusal": "too_small", "params": []}\n',
        b'{"lengths": [4], "left_out": 99999999999}\nabcd',
    ],
)
def test_an_answer_of_a_process_that_was_taken_over_is_not_believed(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "ask", lambda _question: answer)
    with pytest.raises(InvalidValue) as error:
        sandbox.clean(files.photo())
    assert error.value.code == "unreadable"


def test_a_plain_jpeg_has_nothing_behind_its_end_and_no_second_scan() -> None:
    (plain,), _ = drawn_anew(files.photo(), MediaType.JPEG)
    assert plain_jpeg_size(plain) == (320, 240)
    with_note = files.saved(files.picture(), "JPEG", comment=b"x")
    progressive = files.saved(files.picture(), "JPEG", progressive=True)
    for other in (plain + b"\0", plain[:-1], with_note, progressive, files.photo(), b""):
        with pytest.raises(ValueError, match=r"."):
            plain_jpeg_size(other)


# The mark


def test_the_mark_is_all_over_the_picture_and_the_picture_still_to_be_seen() -> None:
    white = Image.new("RGB", (900, 600), "white")
    white.paste("black", (450, 0, 900, 600))
    (clean,), _ = drawn_anew(files.saved(white, "PNG"), MediaType.PNG)
    marked = Image.open(io.BytesIO(sandbox.marked(clean, "C-12 reviewer 12:00"))).convert("L")
    for x in range(0, 900, 150):
        for y in range(0, 600, 150):
            low, high = marked.crop((x, y, x + 150, y + 150)).getextrema()
            assert isinstance(low, int) and isinstance(high, int)
            assert high - low > 60, f"no mark at {x}, {y}"
    assert marked.resize((2, 1), Image.Resampling.BOX).getpixel((0, 0)) > 180  # type: ignore[operator]


# The clock


KEPT = timedelta(days=30)


@pytest.mark.parametrize(
    ("state", "decided", "ended", "days", "due"),
    [
        (CaseState.DRAFT, False, False, 29, False),
        (CaseState.DRAFT, False, False, 30, True),
        (CaseState.SUBMITTED, False, False, 400, False),
        (CaseState.IN_REVIEW, False, False, 400, False),
        (CaseState.MORE_INFO, False, False, 400, False),
        (CaseState.COOLING_OFF, True, False, 29, False),
        (CaseState.COOLING_OFF, True, False, 30, True),
        (CaseState.REFUSED, True, True, 30, True),
        (CaseState.WITHDRAWN, False, True, 29, False),
        (CaseState.WITHDRAWN, False, True, 30, True),
        (CaseState.IN_REVIEW, True, False, 400, False),
    ],
)
def test_pictures_go_by_the_clock_after_the_decision(
    *, state: CaseState, decided: bool, ended: bool, days: int, due: bool
) -> None:
    assert due == is_due(
        state=state,
        decided_at=NOON if decided else None,
        ended_at=NOON if ended else None,
        last_added=NOON,
        kept_for=KEPT,
        now=NOON + timedelta(days=days),
    )


def test_a_paper_that_the_rule_pack_does_not_name_is_not_taken() -> None:
    rules.check_kind("card_front", ["card_front"])
    with pytest.raises(InvalidValue):
        rules.check_kind("passport", ["card_front"])
