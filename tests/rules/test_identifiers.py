"""Every identifier is taken exactly if it is valid, in the forms in which people write it."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import luhn

from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import CaseNumber, Eid, Iccid, Imei, Imsi, Msisdn

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXY"


def digits(low: int, high: int | None = None) -> st.SearchStrategy[str]:
    """Decimal digits, from `low` to `high` of them."""
    return st.text("0123456789", min_size=low, max_size=high or low)


def with_luhn(body: str) -> str:
    """`body` and its check digit."""
    return body + str(luhn.calc_check_digit(body))


def with_remainder_one(body: str) -> str:
    """30 digits and the two that make an EID of them: the whole number modulo 97 is 1."""
    return body + f"{98 - int(body) * 100 % 97:02d}"


def other_digit(text: str, place: int, by: int) -> str:
    """`text` with one digit changed, `by` from 1 to 9."""
    return text[:place] + str((int(text[place]) + by) % 10) + text[place + 1 :]


@given(digits(16))
def test_an_iccid_of_19_digits_needs_its_check_digit(body: str) -> None:
    number = with_luhn("89" + body)
    assert Iccid.parse(number) == number
    for by in range(1, 10):
        with pytest.raises(InvalidValue):
            Iccid.parse(other_digit(number, 18, by))


@given(digits(16), st.integers(2, 18), st.integers(1, 9))
def test_one_wrong_digit_of_an_iccid_is_noticed(body: str, place: int, by: int) -> None:
    with pytest.raises(InvalidValue):
        Iccid.parse(other_digit(with_luhn("89" + body), place, by))


@given(st.one_of(digits(16), digits(18)))
def test_an_iccid_of_18_or_20_digits_carries_no_check_digit(body: str) -> None:
    assert Iccid.parse("89" + body) == "89" + body


@given(st.one_of(digits(16), digits(17), digits(18)))
def test_the_padding_of_an_iccid_comes_off_and_goes_on_again(body: str) -> None:
    plain = with_luhn("89" + body[:16]) if len(body) == 17 else "89" + body
    parsed = Iccid.parse(plain)
    assert len(parsed.padded) == 20
    assert Iccid.parse(parsed.padded) == Iccid.parse(parsed.padded.lower()) == parsed == plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "89",
        "8986" + "0" * 13,  # 17 digits
        "89" + "0" * 19,  # 21 digits
        "88" + "0" * 16,
        "89" + "0" * 16 + "FFF",  # longer than the field on the wire
        "89F" + "0" * 15,
        "８９" + "0" * 16,  # full-width digits are no digits of a SIM
        "89" + "٠" * 16,
        "89" + "0" * 15 + "x",
    ],
)
def test_what_is_no_iccid_is_refused_and_named(text: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        Iccid.parse(text)
    assert refused.value.field == "iccid"
    assert refused.value.params["value"] == text


@given(digits(28))
def test_an_eid_needs_its_two_check_digits(body: str) -> None:
    number = with_remainder_one("89" + body)
    assert int(number) % 97 == 1
    assert Eid.parse(number) == number
    spaced = " ".join(number[i : i + 4] for i in range(0, 32, 4))
    assert Eid.parse(spaced) == number


@given(digits(28), st.integers(2, 31), st.integers(1, 9))
def test_one_wrong_digit_of_an_eid_is_noticed(body: str, place: int, by: int) -> None:
    with pytest.raises(InvalidValue):
        Eid.parse(other_digit(with_remainder_one("89" + body), place, by))


@given(digits(28), st.integers(2, 30))
def test_two_swapped_digits_of_an_eid_are_noticed(body: str, place: int) -> None:
    number = with_remainder_one("89" + body)
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    with pytest.raises(InvalidValue):
        Eid.parse(swapped)


@given(digits(0, 40))
def test_an_eid_has_32_digits(text: str) -> None:
    assume(len(text) != 32)
    with pytest.raises(InvalidValue):
        Eid.parse(text)


@given(digits(14), st.integers(0, 14), st.integers(1, 9))
def test_an_imei_needs_its_check_digit(body: str, place: int, by: int) -> None:
    number = with_luhn(body)
    assert Imei.parse(number) == number
    with pytest.raises(InvalidValue):
        Imei.parse(other_digit(number, place, by))


@given(st.one_of(digits(0, 14), digits(16, 20)))
def test_an_imei_has_15_digits(text: str) -> None:
    with pytest.raises(InvalidValue):
        Imei.parse(text)


@given(digits(0, 20))
def test_an_imsi_has_6_to_15_digits(text: str) -> None:
    if 6 <= len(text) <= 15:
        assert Imsi.parse(text) == text
    else:
        with pytest.raises(InvalidValue):
            Imsi.parse(text)


@given(st.text(max_size=25))
def test_whatever_is_typed_either_parses_or_is_refused(text: str) -> None:
    for kind in (Iccid, Imsi, Eid, Imei, Msisdn, CaseNumber):
        try:
            parsed = kind.parse(text)
        except InvalidValue as refused:
            assert refused.field
        else:
            assert kind.parse(parsed) == parsed


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("+86 138 0013 8000", None, "+8613800138000"),
        ("138-0013-8000", "CN", "+8613800138000"),
        ("0086 138 0013 8000", "CN", "+8613800138000"),
        ("030 1234567", "DE", "+49301234567"),
        ("+39 06 6982 1234", None, "+390669821234"),  # Italy keeps its leading zero
        ("07911 123456", "GB", "+447911123456"),
    ],
)
def test_a_number_is_understood_as_its_country_writes_it(
    typed: str, region: str | None, number: str
) -> None:
    assert Msisdn.parse(typed, region) == number
    assert Msisdn.parse(number) == number


@pytest.mark.parametrize("typed", ["", "13800138000", "+86", "+999 123456789", "+86 1380", "abc"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue):
        Msisdn.parse(typed)


def test_a_masked_number_shows_four_digits_and_the_country() -> None:
    number = Msisdn.parse("+86 138 0013 8000")
    assert number.masked == "+86\u00a0…\u00a08000"
    assert number.digits == "8613800138000"
    assert "138" not in number.masked


@given(st.data())
def test_one_wrong_sign_of_a_case_number_is_noticed(data: st.DataObject) -> None:
    number = CaseNumber.new()
    places = [i for i, sign in enumerate(number) if i > 2 and sign != "-"]
    place = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from(SIGNS))
    assume(wrong != number[place])
    with pytest.raises(InvalidValue):
        CaseNumber.parse(number[:place] + wrong + number[place + 1 :])


def test_two_swapped_neighbours_of_a_case_number_are_noticed() -> None:
    for _ in range(200):
        number = CaseNumber.new()
        plain = number.replace("-", "")[2:]
        for i, (left, right) in enumerate(pairwise(plain)):
            if left == right:
                continue
            swapped = plain[:i] + right + left + plain[i + 2 :]
            with pytest.raises(InvalidValue):
                CaseNumber.parse(swapped)


def test_a_case_number_is_understood_as_people_write_it() -> None:
    for _ in range(200):
        number = CaseNumber.new()
        plain = number.replace("-", "")
        lookalike = plain.replace("0", "O").replace("1", "l")
        wide = number.translate({sign: sign + 0xFEE0 for sign in range(0x21, 0x7F)})
        dashes = number.replace("-", "\N{EM DASH}")
        for typed in (number, number.lower(), plain, plain[2:], f" {number} ", lookalike,
                      wide, dashes):  # fmt: skip
            assert CaseNumber.parse(typed) == number
        assert CaseNumber.parse(lookalike[2:]) == number


def test_a_case_number_that_begins_like_its_prefix_is_understood() -> None:
    body = "S0S0S0S0"
    number = next(f"SO-S0S0-S0S0-{sign}" for sign in SIGNS if _is_valid(f"SO-S0S0-S0S0-{sign}"))
    check = number[-1]
    for typed in (number, body + check, f"so{body}{check}", body.replace("0", "o") + check):
        assert CaseNumber.parse(typed) == number


def _is_valid(text: str) -> bool:
    try:
        CaseNumber.parse(text)
    except InvalidValue:
        return False
    return True


def test_case_numbers_do_not_repeat() -> None:
    assert len({CaseNumber.new() for _ in range(5000)}) == 5000
