"""Whatever people call it, they find it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.portal.search_places import PLACES, SearchWordsError, words_by_page
from signoff.portal.search_rules import find, plain

WORDS = [(place, word) for place in PLACES for word in place.words]


@pytest.mark.parametrize(
    "query",
    [
        "注销", "销户", "退订", "注 销", "我要注销esim", "怎么销户", "zhuxiao", "ZHUXIAO", "zhu xiao",
        "xiaohu", "tuiding", "cancel", "Cancel my account", "close account", "CLOSE  ACCOUNT",
        "ｃｌｏｓｅ", "clsoe account", "cancle", "terminat", "withdraw from contract", "zhuxaio",
        "删除账户", "删除账号", "退卡", "终止", "註銷", "remove my account",
    ],
)  # fmt: skip
def test_the_way_out_is_the_first_that_is_found(query: str) -> None:
    assert find(query, PLACES)[0].name == "close"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("余额", "bills"), ("refund", "bills"), ("yue", "bills"), ("账单", "bills"),
        ("password", "account"), ("密码", "account"), ("诈骗", "check"), ("scam", "check"),
        ("pay", "bills"), ("pay my bill", "bills"), ("dispute", "bills"), ("退款", "bills"),
        ("争议", "bills"), ("扣费", "bills"), ("where is my refund", "home"), ("IBAN", "home"),
        ("退款进度", "home"), ("撤回", "home"), ("客服", "talk"), ("上传", "photos_of_a_case"),
        ("upload my passport", "photos_of_a_case"), ("申诉", "appeal_of_a_case"),
        ("appeal", "appeal_of_a_case"), ("chat", "talk"), ("hotline", "official"),
        ("download", "data"), ("case number", "status"), ("暂停", "home"),
        ("携号转网", "take_along"), ("porting code", "take_along"), ("keep my number", "take_along"),
    ],
)  # fmt: skip
def test_other_pages_are_found_by_what_they_are_called(query: str, name: str) -> None:
    assert find(query, PLACES)[0].name == name


@pytest.mark.parametrize("query", ["", "   ", "…!?", "qqqqqqqqqq", "%", "'; drop table"])
def test_nonsense_finds_nothing(query: str) -> None:
    assert find(query, PLACES) == ()


@given(st.sampled_from(WORDS), st.sampled_from(["upper", "title", "swapcase", "lower"]), st.data())
def test_case_spaces_and_punctuation_do_not_matter(
    entry: tuple[object, str], case: str, data: st.DataObject
) -> None:
    place, word = entry
    signs = [getattr(sign, case)() for sign in word]
    gaps = data.draw(st.lists(st.sampled_from(["", " ", "-", "，"]), min_size=len(signs)))
    spaced = "".join(sign + gap for sign, gap in zip(signs, gaps, strict=False))
    assert place in find(spaced[:100], PLACES)


@given(st.sampled_from([e for e in WORDS if len(plain(e[1])) >= 5 and e[1].isascii()]), st.data())
def test_one_wrong_letter_in_a_long_word_is_forgiven(
    entry: tuple[object, str], data: st.DataObject
) -> None:
    place, word = entry
    letters = list(plain(word))
    at = data.draw(st.integers(0, len(letters) - 1))
    letters[at] = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    assert place in find("".join(letters), PLACES)


@given(st.text(max_size=300))
def test_any_text_at_all_is_answered(query: str) -> None:
    assert set(find(query, PLACES)) <= set(PLACES)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('close = ["quit"', "is not TOML"),
        ('close = ["quit"]', "bills: has no words"),
        ('close = []\nbills = ["pay"]', "close: has no words"),
        ('close = ["quit"]\nbills = ["pay"]\nbils = ["due"]', "bils: no such page; known: close, bills"),
        ('close = "quit"\nbills = ["pay"]', "close: write a list"),
        ('close = ["quit", 7]\nbills = ["pay"]', "close: write a list"),
        ('close = ["quit", "…"]\nbills = ["pay"]', "close: “…” has neither letter nor digit"),
        ('close = ["log off", "Log-Off"]\nbills = ["pay"]', "close: “Log-Off” stands there twice"),
    ],
)  # fmt: skip
def test_rubbish_among_the_words_is_named(text: str, says: str) -> None:
    with pytest.raises(SearchWordsError, match=says):
        words_by_page(text, ["close", "bills"])


def test_every_fault_among_the_words_is_named_at_once() -> None:
    with pytest.raises(SearchWordsError) as raised:
        words_by_page('close = ["!"]\nbils = ["due"]', ["close", "bills"])
    assert len(str(raised.value).splitlines()) == 3


def test_a_word_in_the_file_is_a_word_of_its_page() -> None:
    text = 'close = [\n    "quit",\n    "拜拜", "baibai",\n]\n'
    assert words_by_page(text, ["close"]) == {"close": ("quit", "拜拜", "baibai")}
