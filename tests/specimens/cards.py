"""Draws the documents. Sizes are those of the standards (ID-1, ID-3) at 12 pixels a millimetre."""

import random
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from signoff.idcheck import Kind
from tests.specimens.people import Person, td1, td3

_NOTO = Path("/usr/share/fonts/opentype/noto")
_FONTS = {
    "han": (_NOTO / "NotoSansCJK-Regular.ttc", "fonts-noto-cjk"),
    "song": (_NOTO / "NotoSerifCJK-Bold.ttc", "fonts-noto-cjk"),
    "latin": (
        Path("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"),
        "fonts-liberation",
    ),
    "ocr-b": (Path("/usr/share/fonts/opentype/ocr-b/OCRB.otf"), "fonts-ocr-b"),
}
_SIMPLIFIED = 2
"""Index of the face for mainland China in Noto's collections."""
_INK = (25, 25, 35)
_LABEL = (40, 70, 130)


class FontMissing(RuntimeError):
    """A font of Debian's is not on this machine; the message names its package."""


@dataclass(frozen=True)
class Paper:
    """What is printed, which an impostor may have altered."""

    kind: Kind
    person: Person
    issued: date
    expires: date | None
    """None: for life."""
    behind: "Paper | None" = None
    """Whose machine-readable lines it has, if not its own."""

    def altered(self, **person: object) -> "Paper":
        return replace(self, person=replace(self.person, **person))  # type: ignore[arg-type]


def missing_fonts() -> list[str]:
    """Packages of Debian's to install."""
    return sorted({package for path, package in _FONTS.values() if not path.is_file()})


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    path, package = _FONTS[name]
    if not path.is_file():
        raise FontMissing(f"apt-get install {package}")
    return ImageFont.truetype(str(path), size, index=_SIMPLIFIED if path.suffix == ".ttc" else 0)


def _font_of(text: str, size: int) -> ImageFont.FreeTypeFont:
    """For Latin letters one that has all of them: Noto's Chinese draws a box for a Ł or a Ş."""
    return _font("latin" if all(ord(sign) < 0x2000 for sign in text) else "han", size)


def draw(paper: Paper, chance: random.Random) -> Image.Image:
    """The document alone, flat and clean."""
    size = (1500, 1056) if paper.kind is Kind.PASSPORT else (1028, 648)
    tint = tuple(chance.randint(215, 238) for _ in range(3))
    image = Image.new("RGB", size, tint)
    pen = ImageDraw.Draw(image)
    _guilloche(pen, size, chance)
    {
        Kind.CN_ID_FRONT: _front,
        Kind.CN_ID_BACK: _back,
        Kind.PASSPORT: _passport,
        Kind.ID_CARD: _id_card,
        Kind.DRIVING_LICENCE: _licence,
    }[paper.kind](pen, paper)
    return _marked(image, paper.kind)


def _guilloche(pen: ImageDraw.ImageDraw, size: tuple[int, int], chance: random.Random) -> None:
    colour = tuple(chance.randint(190, 215) for _ in range(3))
    step = chance.randint(26, 44)
    for shift in range(-size[1], size[0], step):
        pen.arc((shift, -200, shift + size[1] * 2, size[1] + 300), 90, 260, fill=colour, width=2)


def _marked(image: Image.Image, kind: Kind) -> Image.Image:
    """Across the picture's place, in letters that nobody can overlook."""
    pen = ImageDraw.Draw(image)
    width, height = image.size
    left, top = (width * 0.66, height * 0.2) if kind is not Kind.CN_ID_BACK else (30, 60)
    if kind is Kind.PASSPORT:
        left, top = width * 0.04, height * 0.25
    right = left + (width * 0.28 if kind is not Kind.CN_ID_BACK else 180)
    pen.rectangle((left, top, right, top + height * 0.38), fill=(190, 195, 200))
    pen.text((left + 14, top + 40), "样本", font=_font("han", 60), fill=(170, 30, 30))
    pen.text((left + 14, top + 130), "SPECIMEN", font=_font("han", 32), fill=(170, 30, 30))
    return image


def _labelled(
    pen: ImageDraw.ImageDraw, place: tuple[int, int], label: str, value: str, gap: int
) -> None:
    pen.text(place, label, font=_font("han", 30), fill=_LABEL)
    pen.text((place[0] + gap, place[1] - 3), value, font=_font_of(value, 36), fill=_INK)


def _front(pen: ImageDraw.ImageDraw, paper: Paper) -> None:
    who = paper.person
    _labelled(pen, (50, 60), "姓  名", who.name, 110)
    _labelled(pen, (50, 140), "性  别", "男" if who.sex == "M" else "女", 110)
    _labelled(pen, (260, 140), "民  族", who.ethnicity, 110)
    pen.text((50, 215), "出  生", font=_font("han", 30), fill=_LABEL)
    birth = who.birth
    pen.text(
        (160, 212),
        f"{birth.year} 年 {birth.month} 月 {birth.day} 日",
        font=_font("han", 34),
        fill=_INK,
    )
    _labelled(pen, (50, 300), "住  址", "样本省样本市样本区", 110)
    pen.text((160, 345), "样本路1号2单元3室", font=_font("han", 34), fill=_INK)
    pen.text((50, 545), "公民身份号码", font=_font("han", 32), fill=_LABEL)
    pen.text((340, 538), who.number, font=_font("ocr-b", 46), fill=_INK)


def _back(pen: ImageDraw.ImageDraw, paper: Paper) -> None:
    pen.text((330, 70), "中华人民共和国", font=_font("song", 62), fill=_INK)
    pen.text((330, 180), "居 民 身 份 证", font=_font("song", 72), fill=_INK)
    _labelled(pen, (230, 470), "签发机关", "样本市公安局样本分局", 180)
    span = (
        f"{paper.issued:%Y.%m.%d}-{format(paper.expires, '%Y.%m.%d') if paper.expires else '长期'}"
    )
    _labelled(pen, (230, 540), "有效期限", span, 180)


def _passport(pen: ImageDraw.ImageDraw, paper: Paper) -> None:
    who = paper.person
    pen.text((60, 50), "PASSPORT  PASSEPORT", font=_font("han", 40), fill=_LABEL)
    fields = [
        ("Surname / Nom", who.surname.upper()),
        ("Given names / Prénoms", who.given.upper()),
        ("Date of birth", _day(who.birth, who.country)),
        ("Sex", {"M": "男/M", "F": "女/F"}[who.sex] if who.country == "CHN" else who.sex),
        ("Date of issue", _day(paper.issued, who.country)),
        ("Date of expiry", _day(_end(paper), who.country)),
        ("Passport No.", who.number),
    ]
    if who.country == "CHN":
        fields.insert(0, ("姓名 / Name", who.name))
    for place, (label, value) in enumerate(fields):
        pen.text((560, 110 + place * 92), label, font=_font("han", 24), fill=_LABEL)
        pen.text((560, 140 + place * 92), value, font=_font_of(value, 38), fill=_INK)
    lines = paper.behind or paper
    _machine_lines(pen, td3(lines.person, _end(lines)), (50, 890), 1400, 68)


def _end(paper: Paper) -> date:
    if paper.expires is None:
        raise ValueError("only a resident card is for life")
    return paper.expires


def _day(day: date, country: str) -> str:
    """As that country prints it."""
    month = f"{day:%b}".upper()
    return {
        "CHN": f"{day:%d} {day.month}月/{month} {day:%Y}",
        "D": f"{day:%d.%m.%Y}",
        "GBR": f"{day:%d} {month} /{month} {day:%y}",
        "SWE": f"{day:%d} {month}/{month} {day:%y}",
        "USA": f"{day:%d %b %Y}",
    }.get(country, f"{day:%d %m %Y}")


def _id_card(pen: ImageDraw.ImageDraw, paper: Paper) -> None:
    pen.text((60, 60), "IDENTITY CARD", font=_font("han", 36), fill=_LABEL)
    pen.text((60, 140), "Authority", font=_font("han", 24), fill=_LABEL)
    pen.text((60, 175), "CITY OF SAMPLE", font=_font("han", 34), fill=_INK)
    _machine_lines(pen, td1(paper.person, _end(paper)), (44, 430), 940, 62)


def _machine_lines(
    pen: ImageDraw.ImageDraw,
    lines: tuple[str, ...],
    place: tuple[int, int],
    width: int,
    height: int,
) -> None:
    """Each sign in its own cell, as the standard's fixed pitch."""
    font = _font("ocr-b", int(height * 0.72))
    cell = width / len(lines[0])
    for row, text in enumerate(lines):
        for column, sign in enumerate(text):
            pen.text(
                (place[0] + column * cell, place[1] + row * height), sign, font=font, fill=_INK
            )


def _licence(pen: ImageDraw.ImageDraw, paper: Paper) -> None:
    who = paper.person
    pen.text((330, 40), "DRIVING LICENCE", font=_font("han", 44), fill=_LABEL)
    fields = [
        ("1.", who.surname.upper()),
        ("2.", who.given.upper()),
        ("3.", f"{who.birth:%d.%m.%Y}"),
        ("4a.", f"{paper.issued:%d.%m.%Y}   4b. {_end(paper):%d.%m.%Y}"),
        ("5.", who.number),
    ]
    for place, (label, value) in enumerate(fields):
        pen.text((60, 140 + place * 88), label, font=_font("han", 28), fill=_LABEL)
        pen.text((130, 134 + place * 88), value, font=_font_of(value, 38), fill=_INK)
