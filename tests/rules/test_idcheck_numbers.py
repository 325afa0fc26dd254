"""Check digits and the comparison of numbers."""

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from signoff.idcheck.comparison import Sameness
from signoff.idcheck.comparison.numbers import (
    compare_citizen_number,
    compare_document_number,
    find_number,
)
from signoff.idcheck.documents import cn_number
from signoff.idcheck.documents.check_digit import check_digit
from tests.specimens.people import chinese, cn_check, icao_check

CITIZENS = st.integers(0, 10**6).map(lambda seed: chinese(random.Random(seed)).number)
PLACES = st.integers(0, 17)
DIGITS = st.sampled_from("0123456789")
PASSPORTS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=6, max_size=9)


def read(text: str) -> cn_number.CitizenNumber:
    number = cn_number.parse(text)
    assert number is not None
    return number


# Of Chinese cards


@given(CITIZENS)
def test_a_true_citizen_number_holds_and_is_the_same(number: str) -> None:
    assert read(number).holds
    assert compare_citizen_number(read(number), number) is Sameness.SAME
    assert compare_citizen_number(read(number), number.lower()) is Sameness.SAME


@given(CITIZENS, PLACES, DIGITS)
def test_any_single_digit_that_changes_breaks_a_citizen_number(
    number: str, place: int, digit: str
) -> None:
    assume(number[place] != digit)
    changed = number[:place] + digit + number[place + 1 :]
    assert not read(changed).holds
    assert compare_citizen_number(read(changed), number) is not Sameness.SAME
    assert compare_citizen_number(read(number), changed) is not Sameness.SAME


@given(CITIZENS, st.integers(0, 16))
def test_two_neighbours_that_change_places_break_a_citizen_number(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assume(swapped != number and swapped[:17].isdigit())
    assert not read(swapped).holds


@given(CITIZENS, st.data())
def test_letters_for_digits_are_read_as_the_digits(number: str, data: st.DataObject) -> None:
    alike = {"0": "OoQD", "1": "Il|", "8": "B", "5": "S", "2": "Z"}
    shown = "".join(data.draw(st.sampled_from(alike.get(sign, "") + sign)) for sign in number)
    found = cn_number.find(f"公民身份号码 {shown[:6]} {shown[6:14]} {shown[14:]}")
    assert compare_citizen_number(found, number) is Sameness.SAME


@given(CITIZENS, CITIZENS)
def test_the_number_of_another_citizen_is_never_the_same(one: str, other: str) -> None:
    assume(one != other)
    assert compare_citizen_number(read(one), other) in {Sameness.DIFFERENT, Sameness.NEARLY}


@given(CITIZENS, st.integers(0, 16), DIGITS)
def test_a_digit_altered_with_its_check_digit_is_not_the_same(
    number: str, place: int, digit: str
) -> None:
    assume(number[place] != digit)
    body = number[:place] + digit + number[place + 1 : 17]
    assert compare_citizen_number(read(body + cn_check(body)), number) is not Sameness.SAME


def test_one_digit_that_is_easily_misread_is_nearly_the_same() -> None:
    assert read("110101199003070038").holds
    assert (
        compare_citizen_number(read("110101199008070038"), "110101199003070038") is Sameness.NEARLY
    )


@pytest.mark.parametrize(
    "text", ["", "11010119900307003", "1101011990030700388", "11010119900307003K", "no number"]
)
def test_what_is_no_citizen_number_is_not_taken_for_one(text: str) -> None:
    assert cn_number.find(text) is None
    assert compare_citizen_number(None, "110101199003070038") is Sameness.UNREAD
    assert compare_citizen_number(read("110101199003070038"), " ") is Sameness.UNREGISTERED


# Of passports and cards


def test_the_check_digits_of_the_standards_own_specimen() -> None:
    # ICAO 9303-4, appendix B.
    assert check_digit("L898902C3") == "6"
    assert check_digit("740812") == "2"
    assert check_digit("120415") == "9"
    assert check_digit("L898902C3674081221204159ZE184226B<<<<<1") == "0"


@given(PASSPORTS)
def test_the_check_digit_is_the_one_of_the_issuer(number: str) -> None:
    assert check_digit(number) == icao_check(number)


@given(PASSPORTS, DIGITS, st.integers(1, 9), st.integers(0, 9))
def test_any_single_digit_that_changes_breaks_a_passport_number(
    number: str, digit: str, step: int, place: int
) -> None:
    other = str((int(digit) + step) % 10)
    one, changed = (number[:place] + sign + number[place:] for sign in (digit, other))
    assert check_digit(one) != check_digit(changed)


@given(PASSPORTS)
def test_a_misread_look_alike_is_undone_by_the_check_digit(number: str) -> None:
    swaps = str.maketrans("O0I1B8S5", "0O1I8B5S")
    for place, sign in enumerate(number):
        shown = number[:place] + sign.translate(swaps) + number[place + 1 :]
        answer = compare_document_number(shown, icao_check(number), number)
        assert answer is Sameness.SAME


@given(PASSPORTS, PASSPORTS)
def test_the_number_of_another_passport_is_never_the_same(one: str, other: str) -> None:
    assume(one != other)
    assert compare_document_number(one, icao_check(one), other) is not Sameness.SAME


@given(PASSPORTS, st.data())
def test_a_passport_whose_number_only_looks_like_the_registered_is_not_the_same(
    number: str, data: st.DataObject
) -> None:
    swaps = str.maketrans("O0I1B8S5G6Z2", "0O1I8B5S6G2Z")
    places = [place for place, sign in enumerate(number) if sign.translate(swaps) != sign]
    assume(places)
    place = data.draw(st.sampled_from(places))
    others = number[:place] + number[place].translate(swaps) + number[place + 1 :]
    assert compare_document_number(others, icao_check(others), number) is not Sameness.SAME


# In free text


def test_a_number_in_free_text_may_stand_in_groups() -> None:
    rows = ["DRIVING LICENCE", "5. HUGHE 710186 RH9AB 35"]
    assert find_number(rows, "HUGHE710186RH9AB35") is Sameness.SAME
    assert find_number(rows, "HUGHE 710186 RH9A8 35") is Sameness.NEARLY
    assert find_number(rows, "HUGHE710186RH9AB37") is Sameness.UNREAD


def test_a_part_of_a_longer_number_is_not_the_number() -> None:
    assert find_number(["5. 12345678"], "1234567") is Sameness.UNREAD
    assert find_number(["5. 123"], "123") is Sameness.UNREAD
