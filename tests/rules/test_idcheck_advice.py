"""What is advised, from lines of text: right only on proof, and never more than an advice."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from signoff.idcheck import Kind, Verdict
from signoff.idcheck.findings import reasons, verdict
from signoff.idcheck.judging import judge
from signoff.idcheck.lines import Line
from signoff.idcheck.verdicts import Advice, Quality, from_json, reason, to_json
from tests.specimens.people import Person, cn_check, td3

TODAY = date(2026, 7, 1)
NAME, NUMBER = "张伟明", "110101199003070038"


def page(*texts: str, sure: float = 0.99) -> list[Line]:
    def box(row: int, text: str) -> tuple[tuple[float, float], ...]:
        right, top = 20.0 * len(text), 60.0 * row
        return (0.0, top), (right, top), (right, top + 30), (0.0, top + 30)

    return [Line(text, box(row, text), sure) for row, text in enumerate(texts)]  # type: ignore[arg-type]


def front(
    name: str = NAME,
    number: str = NUMBER,
    birth: str = "1990年3月7日",
    sex: str = "男",
    sure: float = 0.99,
) -> list[Line]:
    return page(
        f"姓名 {name}", f"性别 {sex} 民族 汉", f"出生 {birth}", f"公民身份号码 {number}", sure=sure
    )


def advised(
    lines: list[Line],
    kind: Kind = Kind.CN_ID_FRONT,
    *,
    name: str = NAME,
    number: str = NUMBER,
    signs: str | None = None,
) -> tuple[Verdict, list[str]]:
    found = judge(lines, kind, name=name, number=number, today=TODAY, signs=signs)
    return verdict(found), [each.code for each in reasons(found)]


def valid(body: str) -> str:
    return body + cn_check(body)


SMITH = Person("", "Smith", "John Paul", "M", date(1999, 6, 9), "308059204", country="POL")


def passport(
    expires: date = date(2030, 3, 4), who: Person = SMITH, printed: Sequence[str] | None = None
) -> list[Line]:
    return page(*(print_of(who, expires) if printed is None else printed), *td3(who, expires))


def print_of(who: Person, until: date, **instead: str) -> list[str]:
    """Two dates beside the expiry, as on every passport."""
    said = {
        "number": who.number,
        "surname": who.surname.upper(),
        "given": who.given.upper(),
        "birth": f"{who.birth:%d %b %y}".upper(),
        "sex": who.sex,
        "issued": "04 03 2020",
        "expires": f"{until:%d %m %Y}",
    }
    return list((said | instead).values())


# Chinese cards


def test_name_and_number_that_are_registered_look_right() -> None:
    assert advised(front()) == (Verdict.LOOKS_RIGHT, ["number_same", "name_same"])


@pytest.mark.parametrize(
    ("lines", "verdict", "code"),
    [
        (
            front(name="李小龙", number=valid("31010419851212002")),
            Verdict.LOOKS_WRONG,
            "number_different",
        ),
        (front(number=valid("31010419900307001")), Verdict.LOOKS_WRONG, "number_different"),
        (front(name="李小龙"), Verdict.LOOK_CLOSELY, "name_doubtful"),
        (front(number="110101199003070048"), Verdict.LOOK_CLOSELY, "check_digit"),
        (front(birth="1991年3月7日"), Verdict.LOOK_CLOSELY, "birth_contradicts"),
        (front(sex="女"), Verdict.LOOK_CLOSELY, "sex_contradicts"),
        (front(number=""), Verdict.CANNOT_READ, "number_unread"),
        (page("中华人民共和国", "居民身份证"), Verdict.CANNOT_READ, "other_side"),
        (page("GYM", "MEMBER 12"), Verdict.CANNOT_READ, "other_document"),
        ([], Verdict.CANNOT_READ, "nothing_read"),
    ],
)
def test_what_is_not_right_is_said(lines: list[Line], verdict: Verdict, code: str) -> None:
    found, codes = advised(lines)
    assert found is verdict
    assert code in codes


def test_what_was_hardly_read_is_not_called_wrong() -> None:
    others = front(name="李小龙", number="310104198512120010", sure=0.7)
    assert advised(others)[0] is Verdict.LOOK_CLOSELY


def test_without_a_registered_number_a_name_alone_is_not_enough() -> None:
    found, codes = advised(front(), number="")
    assert found is Verdict.LOOK_CLOSELY and "number_unregistered" in codes


def test_without_a_registered_name_a_number_alone_is_not_enough() -> None:
    assert advised(front(), name="")[0] is Verdict.LOOK_CLOSELY


def test_a_name_that_was_hardly_read_is_not_called_wrong_though_the_number_was_sure() -> None:
    lines = front(name="李小龙")
    hardly = [replace(lines[0], confidence=0.7), *lines[1:]]
    assert advised(lines, number="")[0] is Verdict.LOOKS_WRONG
    found, codes = advised(hardly, number="")
    assert found is Verdict.LOOK_CLOSELY and "name_doubtful" in codes


@pytest.mark.parametrize("read", ["周", "周雷", "", "雷雷雷"])
@pytest.mark.parametrize("number", [NUMBER, "", "308059204"])
def test_a_name_with_a_sign_that_is_beyond_the_models_is_not_called_another(
    read: str, number: str
) -> None:
    """Left out, or taken for another one. With no number to go by, all hangs on the name."""
    found, codes = advised(front(name=read), name="周靐", number=number, signs="周雷")
    assert found is Verdict.LOOK_CLOSELY
    assert "name_unreadable" in codes
    assert not {"name_different", "name_doubtful", "name_unread"} & set(codes)


def test_the_number_speaks_also_beside_a_name_that_is_beyond_the_models() -> None:
    somebody_else = front(name="周雷", number=valid("31010419851212002"))
    assert advised(somebody_else, name="周靐", signs="周雷")[0] is Verdict.LOOKS_WRONG


def test_a_minors_age_is_said() -> None:
    found, codes = advised(
        front(number="110101201003070032", birth="2010年3月7日"), number="110101201003070032"
    )
    assert found is Verdict.LOOK_CLOSELY and "minor" in codes


@pytest.mark.parametrize(
    ("validity", "expected", "code"),
    [
        ("2020.03.04-2030.03.04", Verdict.LOOKS_RIGHT, "valid"),
        ("2006.07.01-2026.07.01", Verdict.LOOKS_RIGHT, "valid"),
        ("2006.06.30-2026.06.30", Verdict.LOOKS_WRONG, "expired"),
        ("2020.03.04-2037.03.04", Verdict.LOOK_CLOSELY, "odd_term"),
        ("2026.08.01-2036.08.01", Verdict.LOOKS_WRONG, "issued_later"),
        ("2015.02.03-长期", Verdict.LOOKS_RIGHT, "valid_for_life"),
        ("", Verdict.LOOK_CLOSELY, "expiry_unread"),
    ],
)
def test_the_back_tells_until_when(validity: str, expected: Verdict, code: str) -> None:
    lines = page("中华人民共和国", "居民身份证", f"有效期限 {validity}")
    found, codes = advised(lines, Kind.CN_ID_BACK, number="")
    assert found is expected and code in codes


@pytest.mark.parametrize(
    ("validity", "fits"),
    [
        ("2015.02.03-2025.02.03", True),
        ("2016.02.03-2036.02.03", False),
        ("2016.04.20-2026.04.20", True),
        ("2016.07.20-2026.07.20", False),
        ("2020.02.03-2040.02.03", True),
        ("2020.02.03-长期", False),
        ("2020.02.03", True),
    ],
)
def test_the_term_of_a_back_goes_by_the_age_of_who_is_registered(validity: str, fits: bool) -> None:
    """Born on 7 March 1990; who asks for a card before a birthday may get it after."""
    lines = page("中华人民共和国", "居民身份证", f"有效期限 {validity}")
    _found, codes = advised(lines, Kind.CN_ID_BACK)
    assert ("term_not_of_age" not in codes) is fits


# Passports and cards


@pytest.mark.parametrize("name", ["John Paul Smith", "SMITH John-Paul", "John Smith"])
def test_a_passport_of_the_registered_person_looks_right(name: str) -> None:
    found, _codes = advised(passport(), Kind.PASSPORT, name=name, number="308059204")
    assert found is Verdict.LOOKS_RIGHT


def test_an_expired_passport_looks_wrong_and_says_since_when() -> None:
    found = judge(
        passport(date(2020, 3, 4)),
        Kind.PASSPORT,
        name="John Paul Smith",
        number="308059204",
        today=TODAY,
    )
    assert verdict(found) is Verdict.LOOKS_WRONG
    assert str(reasons(found)[0]) == "The document was valid until 2020-03-04."


@pytest.mark.parametrize("number", ["308059205", "408059204", "308059402", "X12345678"])
def test_a_passport_with_another_number_never_looks_right(number: str) -> None:
    found, _codes = advised(passport(), Kind.PASSPORT, name="John Paul Smith", number=number)
    assert found in {Verdict.LOOK_CLOSELY, Verdict.LOOKS_WRONG}


def test_a_card_in_place_of_a_passport_is_said() -> None:
    _found, codes = advised(passport(), Kind.ID_CARD, name="John Paul Smith", number="308059204")
    assert "other_size" in codes


def test_a_chinese_name_is_looked_for_above_the_lines() -> None:
    who = replace(SMITH, surname="Zhang", given="Weiming")
    letters = print_of(who, date(2030, 3, 4))
    with_name = passport(who=who, printed=["姓名", NAME, *letters])
    seen, _codes = advised(with_name, Kind.PASSPORT, number="308059204")
    assert seen is Verdict.LOOKS_RIGHT
    unseen, codes = advised(passport(who=who), Kind.PASSPORT, number="308059204")
    assert unseen is Verdict.LOOK_CLOSELY and "name_other_script" in codes


def test_a_chinese_name_that_is_beyond_the_models_is_not_missed_on_the_page() -> None:
    found, codes = advised(
        passport(printed=["姓名", "周", *print_of(SMITH, date(2030, 3, 4))]),
        Kind.PASSPORT,
        name="周靐",
        number="308059204",
        signs="周姓名",
    )
    assert found is Verdict.LOOK_CLOSELY
    assert "name_unreadable" in codes and "name_other_script" not in codes


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        ({"number": "308059264"}, "printed_number_differs"),
        ({"number": ""}, "printed_unread"),
        ({"surname": "STELLVERTRETER"}, "printed_name_unread"),
        ({"birth": "09 JUN 89"}, "printed_birth_differs"),
        ({"expires": "04 03 2036"}, "printed_expiry_differs"),
        ({"sex": "F"}, "printed_sex_differs"),
    ],
)
def test_what_is_printed_is_held_against_the_lines(instead: dict[str, str], code: str) -> None:
    lines = passport(printed=print_of(SMITH, date(2030, 3, 4), **instead))
    found, codes = advised(lines, Kind.PASSPORT, name="John Paul Smith", number="308059204")
    assert (found, codes[0]) == (Verdict.LOOK_CLOSELY, code)


@pytest.mark.parametrize(
    ("birth", "given"),
    [
        ("09.06.1999", "JOHN-PAUL"),
        ("09 JUN /JUIN 99", "John Paul"),
        ("1999.06.09", "PAUL JOHN"),
        ("096月/JUN 1999", "JOHNPAUL"),
    ],
)
def test_every_country_prints_in_its_own_way(birth: str, given: str) -> None:
    lines = passport(
        printed=print_of(SMITH, date(2030, 3, 4), birth=birth, given=given, sex="男/M")
    )
    found, codes = advised(lines, Kind.PASSPORT, name="John Paul Smith", number="308059204")
    assert found is Verdict.LOOKS_RIGHT, codes


def test_the_lines_alone_are_not_a_passport() -> None:
    found, codes = advised(
        passport(printed=[]), Kind.PASSPORT, name="John Paul Smith", number="308059204"
    )
    assert found is Verdict.LOOK_CLOSELY
    assert codes.count("printed_unread") == 1


def test_a_number_of_another_kind_of_paper_is_not_called_wrong() -> None:
    """Who was registered with a card may show a passport, and the other way round."""
    shown, codes = advised(passport(), Kind.PASSPORT, name="John Paul Smith")
    assert (shown, codes[0]) == (Verdict.LOOK_CLOSELY, "number_other_paper")
    card, codes = advised(front(), number="308059204")
    assert (card, codes[0]) == (Verdict.LOOK_CLOSELY, "number_other_paper")


def test_a_passport_with_the_name_and_another_number_may_have_been_renewed() -> None:
    found, codes = advised(passport(), Kind.PASSPORT, name="John Paul Smith", number="X12345678")
    assert (found, codes[0]) == (Verdict.LOOKS_WRONG, "number_renewed")


# Driving licences


def test_a_licence_looks_right_only_if_everything_is_found() -> None:
    rows = ["DRIVING LICENCE", "1. SMITH", "2. JOHN PAUL", "4b. 04.06.2034", "5. SMITH710186JP9AB"]
    who = {"name": "John Paul Smith", "number": "SMITH710186JP9AB"}
    assert advised(page(*rows), Kind.DRIVING_LICENCE, **who)[0] is Verdict.LOOKS_RIGHT
    for place in range(1, len(rows)):
        partly = page(*rows[:place], *rows[place + 1 :])
        assert advised(partly, Kind.DRIVING_LICENCE, **who)[0] is not Verdict.LOOKS_RIGHT


@pytest.mark.parametrize("printed", ["UKASZEWICZ", "LUKASZEWICZ", "ŁUKASZEWICZ"])
def test_letters_that_are_beyond_the_models_are_not_missed_on_a_licence(printed: str) -> None:
    rows = ["DRIVING LICENCE", f"1. {printed}", "2. ZOFIA", "4b. 04.06.2034", "5. 00123/12/3456"]
    who = {"name": "Zofia Łukaszewicz", "number": "00123123456"}
    found, codes = advised(
        page(*rows), Kind.DRIVING_LICENCE, **who, signs="ZofiaukszewiczZOFIAUKSZEWICZL"
    )
    if printed == "UKASZEWICZ":
        assert (found, codes[0]) == (Verdict.LOOK_CLOSELY, "name_unreadable")
    else:
        assert found is Verdict.LOOKS_RIGHT


# What an advice is


def test_nothing_found_is_nothing_read() -> None:
    assert verdict([]) is Verdict.CANNOT_READ


def given() -> Advice:
    return Advice(
        Verdict.LOOKS_WRONG,
        (reason("expired", day=TODAY), reason("minor", years=17)),
        Quality((reason("blurred"),), {"blur": 3.5}),
    )


def test_an_advice_comes_through_json_as_it_was() -> None:
    assert from_json(json.loads(json.dumps(to_json(given())))) == given()


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "approved"},
        {"reasons": [{"code": "trust_me", "params": {}}]},
        {"reasons": [{"code": "expired", "params": {"day": "<script>"}}]},
        {"reasons": [{"code": "expired", "params": {}}]},
        {"reasons": [{"code": "minor", "params": {"years": 17, "name": "张伟明"}}]},
        {"reasons": 3},
        {"reasons": [{"code": "minor", "params": {"years": 10**300}}]},
        {"reasons": [{"code": "minor", "params": {"years": float("inf")}}]},
        {"measures": {"blur": "very"}},
        {"measures": {"blur": float("nan")}},
        {"measures": {"blur": 10**400}},
    ],
)
def test_an_answer_that_no_look_gives_is_not_believed(change: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError, TypeError)):
        from_json({**to_json(given()), **change})


def test_no_reason_tells_a_name_or_a_number() -> None:
    found = judge(front(name="李小龙"), Kind.CN_ID_FRONT, name=NAME, number="1", today=TODAY)
    said = " ".join(str(each) for each in reasons(found))
    assert not any(secret in said for secret in (NAME, "李小龙", NUMBER, NUMBER[6:14]))
