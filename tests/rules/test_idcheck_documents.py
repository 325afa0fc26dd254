"""What the parsers make of lines, without any OCR."""

import cmath
import math
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from signoff.idcheck.documents import cn_id_card, driving_licence, mrz
from signoff.idcheck.documents.machine_readable import Checks, MachineReadable
from signoff.idcheck.lines import Line, rows

TODAY = date(2026, 7, 1)
FRONT = [
    ["姓名", "欧阳娜娜"],
    ["性别 女", "民族 维吾尔"],
    ["出生", "1990 年 3 月 7 日"],
    ["住址", "样本省样本市样本区"],
    ["公民身份号码", "11010119900307002X"],
]
PASSPORT = [
    ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"],
    ["L898902C36UTO7408122F1204159ZE184226B<<<<<10"],
]
CARD_1 = [
    ["I<UTOD231458907<<<<<<<<<<<<<<<"],
    ["7408122F1204159UTO<<<<<<<<<<<6"],
    ["ERIKSSON<<ANNA<MARIA<<<<<<<<<<"],
]
CARD_2 = [["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<"], ["D231458907UTO7408122F1204159<<<<<<<6"]]


def laid(table: list[list[str]], degrees: float = 0.0) -> tuple[Line, ...]:
    """Rows of texts as lines on a page that lies askew."""
    turn = cmath.rect(1, math.radians(degrees))
    lines = []
    for row, texts in enumerate(table):
        left = 0.0
        for text in texts:
            right, top = left + 18 * len(text), row * 60
            flat = [(left, top), (right, top), (right, top + 30), (left, top + 30)]
            box = tuple(((there := complex(*p) * turn).real, there.imag) for p in flat)
            lines.append(Line(text, box, 0.99))  # type: ignore[arg-type]
            left = right + 40
    return tuple(reversed(lines))


def found(table: list[list[str]]) -> MachineReadable:
    read = mrz.parse(laid(table), today=TODAY)
    assert read is not None
    return read


def test_lines_of_one_height_are_a_row() -> None:
    assert [row.text for row in rows(laid([["a", "b"], ["c"]]))] == ["a b", "c"]


# Chinese cards


@pytest.mark.parametrize("degrees", [0, 4, -7, 90, 180, 270, 175])
def test_a_front_is_read_whichever_way_it_lies(degrees: float) -> None:
    front = cn_id_card.parse_front(laid(FRONT, degrees))
    assert (front.name, front.sex, front.ethnicity) == ("欧阳娜娜", "F", "维吾尔")
    assert front.birth == date(1990, 3, 7)
    assert front.number is not None and front.number.text == "11010119900307002X"


def test_the_address_is_nowhere_in_what_is_kept() -> None:
    assert "样本省" not in repr(cn_id_card.parse_front(laid(FRONT)))


@pytest.mark.parametrize("degrees", [0, 6, 90, 180])
def test_a_back_is_read_whichever_way_it_lies(degrees: float) -> None:
    table = [
        ["中华人民共和国"],
        ["居民身份证"],
        ["签发机关", "北京市公安局东城分局"],
        ["有效期限", "2015.02.03-2035.02.03"],
    ]
    back = cn_id_card.parse_back(laid(table, degrees))
    assert back == cn_id_card.Back("北京市公安局东城分局", date(2015, 2, 3), date(2035, 2, 3))


def test_a_card_for_life_has_no_end() -> None:
    back = cn_id_card.parse_back(laid([["有效期限 2015.02.03-长期"]]))
    assert back.for_life and back.expires is None and back.issued == date(2015, 2, 3)


def test_the_sides_are_told_apart() -> None:
    back = laid([["中华人民共和国"], ["居民身份证"]])
    assert cn_id_card.is_front(laid(FRONT)) and not cn_id_card.is_back(laid(FRONT))
    assert cn_id_card.is_back(back) and not cn_id_card.is_front(back)


# Machine-readable lines: the specimens of ICAO 9303-4, -5 and -6


@pytest.mark.parametrize(
    ("table", "size", "number"),
    [(PASSPORT, "TD3", "L898902C3"), (CARD_1, "TD1", "D23145890"), (CARD_2, "TD2", "D23145890")],
)
def test_the_standards_specimens_are_read(table: list[list[str]], size: str, number: str) -> None:
    read = found(table)
    assert (read.size, read.number, read.names) == (size, number, "ERIKSSON<<ANNA<MARIA")
    assert (read.birth, read.sex, read.country) == (date(1974, 8, 12), "F", "UTO")
    assert read.expires == date(2012, 4, 15)
    assert read.checks == Checks(number=True, birth=True, expiry=True, whole=True)


@given(st.sampled_from([PASSPORT, CARD_1, CARD_2]), st.data())
def test_any_single_digit_that_changes_is_noticed(
    table: list[list[str]], data: st.DataObject
) -> None:
    """In what is read. Digits elsewhere are covered by the last check digit."""
    row = data.draw(st.integers(0, len(table) - 1))
    text = table[row][0]
    places = [place for place, sign in enumerate(text) if sign.isdigit()]
    assume(places)
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from("0123456789"))
    assume(digit != text[place])
    changed = [list(each) for each in table]
    changed[row] = [text[:place] + digit + text[place + 1 :]]
    read = mrz.parse(laid(changed), today=TODAY)
    assert read is None or read.checks.fitting < 4


@pytest.mark.parametrize("filler", ["Λ", "∧", "‹", "＜"])
def test_other_angles_are_fillers(filler: str) -> None:
    read = found([[row[0].replace("<", filler)] for row in PASSPORT])
    assert read.names == "ERIKSSON<<ANNA<MARIA" and read.checks.fitting == 4


@pytest.mark.parametrize("lost", [1, 4, 9])
def test_fillers_that_were_not_counted_do_not_matter(lost: int) -> None:
    table = [
        [PASSPORT[0][0][:-lost]],
        ["C01X00T478D<<6408125F2702283" + "<" * (15 - lost) + "4"],
    ]
    read = found(table)
    assert (read.number, read.country, read.names) == ("C01X00T47", "D", "ERIKSSON<<ANNA<MARIA")
    assert read.checks == Checks(number=True, birth=True, expiry=True, whole=True)


def test_letters_for_digits_and_twins_from_other_alphabets_are_undone() -> None:
    # Latin O for zero in the dates, Greek rho for P.
    read = found([[PASSPORT[0][0]], ["3080592041Ρ0L99O6O91M3OO3O46<<<<<<<<<<<<<<<2"]])
    assert (read.number, read.country) == ("308059204", "POL")
    assert (read.birth, read.expires) == (date(1999, 6, 9), date(2030, 3, 4))
    assert read.checks.fitting == 4


def test_a_card_number_of_more_than_nine_signs_goes_on_behind_its_filler() -> None:
    # ICAO 9303-5, section 4.2.2.1, note j.
    table = [["I<UTOD23145890<7349<<<<<<<<<<<"], ["3407127M9507122UTO<<<<<<<<<<<2"], CARD_1[2]]
    read = found(table)
    assert (read.number, read.number_check, read.checks.number) == ("D23145890734", "9", True)


def test_a_page_without_such_lines_has_none() -> None:
    assert mrz.parse(laid(FRONT), today=TODAY) is None
    assert mrz.parse((), today=TODAY) is None


# Driving licences


@pytest.mark.parametrize(
    ("row", "expires"),
    [
        ("4a. 05.06.2019 4b. 04.06.2034", date(2034, 6, 4)),
        ("有效期限 2020-03-04 至 2030-03-04", date(2030, 3, 4)),
        ("4b EXP 04/06/2031", date(2031, 6, 4)),
        ("4b. 31.02.2031", None),
        ("3. 05.06.1990", None),
    ],
)
def test_the_expiry_of_a_licence_is_the_date_behind_its_mark(
    row: str, expires: date | None
) -> None:
    assert driving_licence.parse(laid([["DRIVING LICENCE"], [row]])).expires == expires
