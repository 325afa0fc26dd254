"""Hostile files by the page that takes photos, with the real decoding program: clear words at the
field in the reader's language, nothing told, nothing written."""

import functools

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils.translation import override

from signoff.closing.models import Case
from signoff.evidence import sandbox
from signoff.evidence.models import CaseKey, Evidence
from signoff.evidence.rules import MAX_BYTES, REFUSALS, plain_jpeg_size
from signoff.kernel.errors import InvalidValue
from signoff.presentation.wording import said
from tests import bombs
from tests import hostile_files as files
from tests.papers import drafted, page_of
from tests.portal import signed_in
from tests.world import customer

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
NAMED = b"/Names << /JavaScript << /Names [(a) 7 0 R] >> >>"
HTML = b"<html><script>alert(1)</script></html>"


@functools.cache
def refused() -> dict[str, tuple[bytes, str, dict[str, object]]]:
    """By what it is: the file, the code of the refusal, and what its words name. Made for the
    tests that send them: some take a second."""
    return {
        "a page in a photo": (files.photo() + HTML, "two_in_one", {}),
        "an archive behind a photo": (files.photo() + files.archive(), "two_in_one", {}),
        "a program in a PNG": (
            files.saved(files.picture(), "PNG") + b"<?php system(1);",
            "two_in_one",
            {},
        ),
        "an archive behind a PDF": (files.pdf() + files.archive(), "two_in_one", {}),
        "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="a()"/>', "not_a_picture", {}),
        "Windows": (b"MZ" + bytes(900), "not_a_picture", {}),
        "400 million dots as PNG": (
            files.png(20_000, 20_000, bytes(900)),
            "too_many_pixels",
            {"size": 400, "limit": 50},
        ),
        "100 million dots as JPEG": (
            files.jpeg_that_names(10_000, 10_000),
            "too_many_pixels",
            {"size": 100, "limit": 50},
        ),
        "400 million dots as HEIC": (
            bombs.heic_that_names(20_000, 20_000),
            "too_many_pixels",
            {"size": 400, "limit": 50},
        ),
        "256 million dots as WebP": (bombs.webp_that_names(16_000, 16_000), "unreadable", {}),
        "300 MB of text in a PNG": (bombs.png_with(b"zTXt", b"Author\0\0"), "unreadable", {}),
        "300 MB of colours in a PNG": (bombs.png_with(b"iCCP", b"p\0\0"), "unreadable", {}),
        "2 GB in a page": (
            bombs.pdf_with_packed_page(2000, bytes(1_000_000), twice=True),
            "unreadable",
            {},
        ),
        "a page that is its own": (
            files.pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
            "unreadable",
            {},
        ),
        "a script in a PDF": (files.pdf(catalogue=b"/OpenAction " + SCRIPT), "pdf_program", {}),
        "a script in a packed part": (
            bombs.pdf_in_object_stream(NAMED, objects=(SCRIPT,)),
            "pdf_program",
            {},
        ),
        "a locked PDF": (files.locked_pdf(), "pdf_locked", {}),
        "a cut photo": (files.photo()[:-300], "unreadable", {}),
        "13 MB": (
            b"\xff\xd8\xff" + bytes(13_000_000 - 3),
            "too_large",
            {"size": "13", "limit": 12},
        ),
    }


@functools.cache
def taken() -> dict[str, bytes]:
    """Files that hold more than they show, and are good all the same."""
    return {
        # Nothing but the drawn page is kept, so what else is in it ends here.
        "a script that opens with a packed PDF": bombs.pdf_in_object_stream(
            b"/OpenAction " + SCRIPT
        ),
        "900 MB behind the dots of a PNG": bombs.png_that_goes_on(),
        "a packed picture of 900 million dots in a PDF": bombs.pdf_with_large_picture(30_000),
    }


@pytest.fixture
def upload() -> tuple[Client, Case]:
    cache.clear()
    client = signed_in(who := customer())
    return client, drafted(who, client)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_hostile_file_is_refused_in_words_at_its_field_and_nothing_is_written(
    upload: tuple[Client, Case], language: str
) -> None:
    """Every second file in each of the languages: the words of all of them exist in both."""
    client, case = upload
    client.cookies["django_language"] = language
    before = _written()
    for place, (name, (content, code, params)) in enumerate(refused().items()):
        if place % 2 == (language == "en"):
            page = client.post(page_of(case), _sent(content, f"<svg onload=a()>{name}\x00.jpg"))
            assert page.status_code == 200, name
            with override(language):
                words = said(InvalidValue(code, REFUSALS[code], field="picture", **params))
            _is_said_at_the_field(page.content, words, name)
            for secret in (
                b"Traceback",
                b"PIL",
                b"pdfium",
                b"onload=a",
                case.account.name.encode(),
            ):
                assert secret not in page.content.replace(b"Li Wei</", b""), (name, secret)
    assert _written() == before


def _sent(content: bytes, name: str) -> dict[str, SimpleUploadedFile]:
    """What a browser says of the type is wrong for most of them, and asked by nobody."""
    return {"picture": SimpleUploadedFile(name, content, "image/svg+xml")}


def _is_said_at_the_field(content: bytes, words: str, name: str) -> None:
    html = BeautifulSoup(content, "html.parser")
    assert words in html.select_one(".errors").get_text(), name  # type: ignore[union-attr]
    field = html.select_one("input[name=picture]")
    assert field is not None and field["aria-invalid"] == "true", name
    described = " ".join(
        html.find(id=one).get_text()  # type: ignore[union-attr]
        for one in str(field["aria-describedby"]).split()
        if html.find(id=one)
    )
    assert words in described, name


def _written() -> dict[str, int]:
    """Rows of every table but that of the sign-ins, which notes when it was last used."""
    tables = set(connection.introspection.table_names()) - {"django_session"}
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - ours
            counts[table] = cursor.fetchone()[0]
    return counts


def test_what_is_clever_but_can_be_drawn_is_kept_as_a_plain_picture(
    upload: tuple[Client, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, case = upload
    kept: list[bytes] = []
    clean = sandbox.clean

    def watched(content: bytes) -> sandbox.Cleaned:
        cleaned = clean(content)
        kept.extend(page.content for page in cleaned.pages)
        return cleaned

    monkeypatch.setattr(sandbox, "clean", watched)
    for name, content in taken().items():
        assert client.post(page_of(case), _sent(content, name)).status_code == 302, name
    assert len(kept) == len(taken())
    for picture in kept:
        plain_jpeg_size(picture)
        assert b"JavaScript" not in picture and len(picture) < MAX_BYTES
    assert Evidence.objects.filter(state="ready").count() == CaseKey.objects.count() == 1
