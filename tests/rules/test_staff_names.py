"""What somebody of the staff may be called, and sign in with."""

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from hypothesis import given
from hypothesis import strategies as st

from signoff.accounts.rules import LONGEST_CALLED, called_name, sign_in_name
from signoff.kernel.errors import InvalidValue

SOME = st.text(st.characters(codec="utf-8") | st.sampled_from("abz019@.-_+ 梅林"), max_size=60)


@given(SOME)
def test_a_sign_in_name_stands_for_nobody_elses_address_or_number(typed: str) -> None:
    try:
        name = sign_in_name(typed)
    except InvalidValue as refused:
        assert refused.field == "username"
        return
    assert sign_in_name(name) == name
    assert any(sign.isalpha() for sign in name)  # a number has none, see accounts/sign_in.py
    assert not any(sign.isspace() for sign in name)
    with pytest.raises(ValidationError):
        validate_email(name)


@pytest.mark.parametrize("name", ["rui", "mei.lin", "hotline2", "梅林", "o-brien_7", "x" * 40])
def test_names_that_people_have_are_taken_as_they_are(name: str) -> None:
    assert sign_in_name(name) == name


def test_wide_letters_are_the_same_name() -> None:
    assert sign_in_name("ｍｅｉ") == "mei"


@pytest.mark.parametrize(
    "name", ["", "x", "mei lin", "mei\n", "x" * 41, "13800138000", "a@b.example", "mei\u200b"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InvalidValue):
        sign_in_name(name)


@pytest.mark.parametrize(
    "name", ["Mei Lin", "林梅", "D’Arcy O’Brien-Núñez", "", "x" * LONGEST_CALLED]
)
def test_what_people_are_called_is_kept(name: str) -> None:
    assert called_name(f"  {name} ") == name


@pytest.mark.parametrize(
    "name", ["Mei\x00", "Mei\nLin", "Mei\u202eniL", "Mei\u200bLin", "x" * (LONGEST_CALLED + 1)]
)
def test_signs_that_nobody_sees_are_refused(name: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        called_name(name)
    assert refused.value.field == "called"
