"""The comparison of names: the same person however written, and nobody else."""

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from signoff.idcheck.comparison import Sameness
from signoff.idcheck.comparison.names import compare_names, find_name
from tests.specimens.people import Person, chinese, foreign, names_line

SEEDS = st.integers(0, 10**6)
FOREIGN = SEEDS.map(lambda seed: foreign(random.Random(seed)))
CHINESE = SEEDS.map(lambda seed: chinese(random.Random(seed)))


@pytest.mark.parametrize(
    ("read", "registered"),
    [
        ("MUELLER<<ANNA<MARIA", "Anna-Maria Müller"),
        ("MULLER<<ANNA", "Müller, Anna"),
        ("WEISS<<KARL", "Karl Weiß"),
        ("OBRIEN<<SEAN", "Seán O’Brien"),
        ("WANG<<XIAOMING", "Xiao Ming Wang"),
        ("IVANOV<<IURII", "Юрий Иванов"),
        ("SOERENSEN<<BJOERN", "Bjørn Sørensen"),
        ("AKESSON<<GORAN", "Göran Åkesson"),
        ("M0RRIS0N<<8ILL", "Bill Morrison"),
        ("欧阳娜娜", "欧阳 娜娜"),
        ("阿卜杜拉·买买提", "阿卜杜拉•买买提"),
    ],
)
def test_one_name_in_two_ways_is_the_same(read: str, registered: str) -> None:
    assert compare_names(read, registered) is Sameness.SAME


@pytest.mark.parametrize(
    ("read", "registered"),
    [
        ("MEIER<<ANNA", "Anna Meyer"),
        ("王末来", "王未来"),
        ("SMITH<<JOHN", "John Paul Smith"),
    ],
)
def test_what_a_person_must_judge_is_nearly_the_same(read: str, registered: str) -> None:
    assert compare_names(read, registered) is Sameness.NEARLY


@pytest.mark.parametrize(
    ("read", "registered"),
    [
        ("LIAN<<NA", "Li Anna"),
        ("SMITH<<PAUL", "John Smith"),
        ("LI<<MIN", "Ming Li"),
        ("王伟", "王伟明"),
        ("张伟", "王伟"),
        ("张丽", "张莉"),
    ],
)
def test_two_people_are_different(read: str, registered: str) -> None:
    assert compare_names(read, registered) is Sameness.DIFFERENT


def test_further_given_names_are_said_apart() -> None:
    assert compare_names("SMITH<<JOHN<PAUL", "John Smith") is Sameness.MORE


def test_a_name_in_another_script_is_not_guessed() -> None:
    assert compare_names("WANG<<WEI", "王伟") is Sameness.OTHER_SCRIPT
    assert compare_names("TANAKA<<YUKI", "たなか ゆき") is Sameness.OTHER_SCRIPT


def test_what_is_not_there_is_not_compared() -> None:
    assert compare_names("<<", "John Smith") is Sameness.UNREAD
    assert compare_names("SMITH<<JOHN", " ") is Sameness.UNREGISTERED


def test_a_name_that_was_cut_short_is_at_most_nearly_the_same() -> None:
    read = "RAJAGOPALACHARYA<<VENKATESWARA<SUBRAHM"
    registered = "Venkateswara Subrahmanyam Rajagopalacharya"
    assert compare_names(read, registered, cut_short=True) is Sameness.NEARLY
    assert compare_names(read, registered) is Sameness.DIFFERENT


@given(FOREIGN, st.randoms(use_true_random=False))
def test_the_order_and_case_of_a_name_do_not_count(who: Person, chance: random.Random) -> None:
    parts = who.name.split()
    surname = len(who.surname.split())
    turned = [*parts[-surname:], *parts[:-surname]]
    for written in (parts, turned):
        name = " ".join(chance.choice([part, part.upper(), part.lower()]) for part in written)
        assert compare_names(names_line(who), name) is Sameness.SAME


@given(FOREIGN)
def test_digits_for_letters_are_read_as_the_letters(who: Person) -> None:
    shown = names_line(who).translate(str.maketrans("OIBS", "0185"))
    assert compare_names(shown, who.name) is Sameness.SAME


@given(FOREIGN, FOREIGN)
def test_another_foreigner_has_another_name(one: Person, other: Person) -> None:
    assume(one.name != other.name)
    assert compare_names(names_line(one), other.name) not in {Sameness.SAME, Sameness.MORE}


@given(CHINESE, CHINESE)
def test_another_citizen_has_another_name(one: Person, other: Person) -> None:
    assume(one.name != other.name)
    assert compare_names(one.name, other.name) in {Sameness.DIFFERENT, Sameness.NEARLY}


LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=9)


@given(LETTERS, LETTERS, LETTERS)
def test_another_given_name_is_another_person(surname: str, one: str, other: str) -> None:
    assume(len({one, other, surname}) == 3)
    assume(f"{surname}{one}" not in {f"{surname}{other}", f"{other}{surname}"})
    read = f"{surname}<<{one}".upper()
    assert compare_names(read, f"{other} {surname}") in {Sameness.DIFFERENT, Sameness.NEARLY}


def test_a_name_in_free_text_is_found_whole_or_not_at_all() -> None:
    rows = ["1. MÜLLER", "样本", "2. ANNA MARIA", "3. 09.06.1999 BERLIN"]
    assert find_name(rows, "Anna Müller") is Sameness.SAME
    assert find_name(rows, "Anna Berger") is Sameness.UNREAD
    assert find_name(["姓名 张伟明", "性别 男"], "张伟明") is Sameness.SAME
    assert find_name(["姓名 张伟明", "性别 男"], "张伟") is Sameness.UNREAD
