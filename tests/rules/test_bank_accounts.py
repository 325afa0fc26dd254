"""A number that would send money nowhere is refused where it is typed, with what to do."""

import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schwifty import IBAN
from stdnum import luhn

from signoff.kernel.bank_accounts import CnCard, Iban, bic
from signoff.kernel.errors import InvalidValue

GERMAN = "DE89370400440532013000"
DIGITS = st.text("0123456789", min_size=14, max_size=17)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def card(body: str) -> str:
    """A card number that begins with 6 and ends with its Luhn digit."""
    return f"6{body}{luhn.calc_check_digit('6' + body)}"


@pytest.mark.parametrize(
    "typed",
    [
        "DE89 3704 0044 0532 0130 00",
        "de89370400440532013000",
        " DE89-3704-0044-0532-0130-00\n",
        "ＤＥ８９３７０４００４４０５３２０１３０００",
        "DE89\u00a03704\u200b004405320130\u202f00",
    ],
)
def test_an_iban_is_known_however_it_is_written(typed: str) -> None:
    assert Iban.parse(typed) == GERMAN


def test_an_iban_tells_its_bank_and_hides_itself() -> None:
    iban = Iban.parse(GERMAN)
    assert (iban.country, iban.country_name("en"), iban.country_name("zh-hans")) == (
        "DE", "Germany", "德国",
    )  # fmt: skip
    assert (iban.bic, iban.bank_name) == ("COBADEFFXXX", "Commerzbank")
    assert iban.masked == "DE89\u00a0••••\u00a03000"
    assert iban.spoken == "DE89 3704 0044 0532 0130 00"


def test_a_bank_that_the_registry_does_not_know_has_no_bic() -> None:
    unknown = IBAN.from_bban("DE", "999999990000000000")
    assert Iban.parse(str(unknown)).bic == ""


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("", "iban", "begins with two letters"),
        ("6222 0212 3456 7890 128", "iban", "begins with two letters"),
        ("DE", "iban", "begins with two letters"),
        ("DE89 3704 0044 0532 0130 0!", "iban", "begins with two letters"),
        ("DE٨٩370400440532013000", "iban", "begins with two letters"),
        ("CN89370400440532013000", "iban_country", "begin with CN"),
        ("DE8937040044053201300", "iban_length", "has 22 characters; this one has 21"),
        ("DE893704004405320130000", "iban_length", "has 22 characters; this one has 23"),
        ("DE89370400440532013001", "iban_check_digits", "one character is wrong"),
        ("DE89370400440532010300", "iban_check_digits", "two are swapped"),
        ("DE8937O400440532013000", "iban_structure", "O and 0"),
    ],
)
def test_what_is_wrong_with_an_iban_is_said_without_repeating_it(
    typed: str, code: str, says: str
) -> None:
    with pytest.raises(InvalidValue, match=says) as refusal:
        Iban.parse(typed, "account")
    assert (refusal.value.code, refusal.value.field) == (code, "account")
    assert len(typed) < 3 or typed not in str(refusal.value).replace(GERMAN, "")


@given(st.integers(4, 21), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(place: int, more: int) -> None:
    wrong = str((int(GERMAN[place]) + more) % 10)
    with pytest.raises(InvalidValue, match="check digits"):
        Iban.parse(GERMAN[:place] + wrong + GERMAN[place + 1 :])


@given(st.text(max_size=60))
def test_any_text_is_an_iban_or_refused(text: str) -> None:
    with suppress(InvalidValue):
        assert Iban.parse(text).isalnum()


def test_the_sepa_zone_and_who_needs_a_bic_in_it() -> None:
    swiss, british, saudi = (
        Iban.parse(text)
        for text in ("CH9300762011623852957", "GB29NWBK60161331926819", "SA0380000000608010167519")
    )
    assert [iban.in_sepa for iban in (Iban(GERMAN), swiss, british, saudi)] == [
        True, True, True, False,
    ]  # fmt: skip
    assert [iban.needs_bic for iban in (Iban(GERMAN), swiss, british)] == [False, True, True]


@pytest.mark.parametrize("typed", ["COBADEFF", "cobadeffxxx", "COBA DE FF XXX"])
def test_a_bic_is_normalised(typed: str) -> None:
    assert bic(typed) == typed.replace(" ", "").upper()


@pytest.mark.parametrize("typed", ["", "COBA", "COBAXXFF", "12345678901", "COBADEFFXX"])
def test_what_is_no_bic_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue, match="8 or 11"):
        bic(typed)


@given(DIGITS)
def test_a_card_is_known_however_it_is_written(body: str) -> None:
    number = card(body)
    grouped = " ".join(number[n : n + 4] for n in range(0, len(number), 4))
    assert CnCard.parse(grouped) == CnCard.parse(number.translate(FULL_WIDTH)) == number
    assert CnCard.parse(number).spoken == grouped
    assert CnCard.parse(number).masked == f"{number[:4]}\u00a0••••\u00a0{number[-4:]}"


@given(DIGITS, st.data())
def test_one_wrong_digit_of_a_card_is_always_noticed(body: str, data: st.DataObject) -> None:
    number = card(body)
    place = data.draw(st.integers(1, len(number) - 1))
    wrong = str((int(number[place]) + data.draw(st.integers(1, 9))) % 10)
    with pytest.raises(InvalidValue, match="does not fit"):
        CnCard.parse(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "card_letters"),
        ("李伟的卡", "card_letters"),
        ("6222O21234567890128", "card_letters"),
        ("六二二二", "card_letters"),
        (card("0" * 13), "card_length"),
        (card("0" * 18), "card_length"),
        ("0" * 16, "card_check_digit"),
    ],
)
def test_what_is_no_card_is_refused(typed: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        CnCard.parse(typed)
    assert refusal.value.code == code
    assert not typed or typed not in str(refusal.value)


def test_who_never_meets_an_account_does_not_load_the_registry() -> None:
    """65 ms and 15 MB: `signoff --help` and every web process would pay them."""
    asked = (
        "import sys, signoff.wiring, signoff.config; "
        "print([m for m in ('schwifty', 'pycountry', 'sepaxml', 'xmlschema') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
