"""Signs that an OCR takes for one another. Pure.

Where a place can hold only digits, or only letters, taking the look-alike for what is meant loses
nothing. Where both are possible, two signs of a pair are never the same: at most nearly.
"""

import unicodedata

_DIGIT_FOR = str.maketrans("OoQDIil|!LZzSsBbGgq", "0000111111225586699")
_LETTER_FOR = str.maketrans("0185264", "OIBSZGA")

_PAIRS = "0O 0Q 0D OQ OD QD 1I 1L IL 1T IT 2Z 5S 6G 8B 4A 7T UV VY 38 56 68 89 17 08 06 09 35 3B 69 27 7Z 14 49 MN CG EF PR HN KX"
_CONFUSED = {frozenset(pair) for pair in _PAIRS.split()}

_CHINESE = "己已巳 未末 土士 日曰 人入八 干千于 王玉主壬 戊戌戍成 田由甲申 天夭夫 大太犬 令今 白自 兰三 贝见 午牛 毛手 刀力 元无 旦且 柱桂 晴睛 辛幸 晓哓 杨扬 洁沽 鸟乌 侯候 治冶 祥样 炼练 莱菜 沫沬 赢嬴 汩汨 徽微 亨享 住佳 昊吴 锐说 宇字 季李"
_LOOK_ALIKE = {sign: group for group in _CHINESE.split() for sign in group}


def as_digits(text: str) -> str:
    """`text` in a place that holds digits only: letters become the digits they look like."""
    return unicodedata.normalize("NFKC", text).translate(_DIGIT_FOR)


def as_letters(text: str) -> str:
    """`text` in a place that holds letters only: digits become the letters they look like."""
    return unicodedata.normalize("NFKC", text).translate(_LETTER_FOR)


def may_be_misread(one: str, other: str) -> bool:
    """Whether two different signs are easily taken for one another."""
    if frozenset((one, other)) in _CONFUSED:
        return True
    return one in _LOOK_ALIKE and _LOOK_ALIKE[one] == _LOOK_ALIKE.get(other)


def differences(one: str, other: str) -> list[tuple[str, str]] | None:
    """The pairs in which texts of one length differ; None if the lengths do."""
    if len(one) != len(other):
        return None
    return [(a, b) for a, b in zip(one, other, strict=True) if a != b]
