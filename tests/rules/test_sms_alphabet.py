"""Encodings of text messages, as rules over any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.adapters.smpp.alphabet import GSM, UCS2, Encoded, decoded, encoded
from signoff.carrier_box.gsm_text import shown

GSM_TEXT = st.text(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà"
    "\f^{}\\[~]|€"
)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(ANY_TEXT)
def test_what_is_encoded_is_read_back(text: str) -> None:
    assert decoded(encoded(text)) == text


@given(ANY_TEXT)
def test_another_reader_of_the_same_standard_shows_the_same(text: str) -> None:
    message = encoded(text)
    assert shown(message.octets, message.data_coding) == text


@given(GSM_TEXT)
def test_the_gsm_alphabet_is_used_wherever_it_is_enough(text: str) -> None:
    assert encoded(text).data_coding == GSM


@given(ANY_TEXT, st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF))
def test_one_chinese_character_makes_the_whole_text_ucs2(text: str, sign: str) -> None:
    assert encoded(text + sign).data_coding == UCS2


@pytest.mark.parametrize(
    ("text", "one_message"),
    [
        ("a" * 160, True),
        ("a" * 161, False),
        ("€" * 80, True),
        ("€" * 81, False),
        ("再" * 70, True),
        ("再" * 71, False),
        ("👋" * 35, True),
        ("👋" * 36, False),
    ],
)
def test_what_fits_into_one_message_on_the_air(text: str, *, one_message: bool) -> None:
    assert encoded(text).one_message is one_message


@given(st.binary())
def test_octets_from_anywhere_are_read_or_refused_and_shown_without_error(octets: bytes) -> None:
    for coding in (GSM, UCS2):
        shown(octets, coding)
        try:
            text = decoded(Encoded(coding, octets))
        except ValueError:
            continue
        assert isinstance(text, str)
