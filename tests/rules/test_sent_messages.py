"""Did we send this very text?"""

import pytest

from signoff.trust.sent import SHORTEST, place_of

OURS = (
    "Boom: case SO-1 was received. We answer by 4 December. Look at it on our own page.",
    "您的注销申请 SO-1 已收到。我们将在十二月四日之前答复您，请在我们的网站上查看进度，"
    "我们绝不会向您索要密码或验证码。",
)


@pytest.mark.parametrize(
    ("pasted", "place"),
    [
        (OURS[0], 0), (OURS[1], 1),
        (OURS[0].replace(" ", "\n  "), 0),  # as a mail program breaks it
        (OURS[0][10:], 0),
        (OURS[1].replace("1", "１"), 1),
        (OURS[0] + " Now tell us your password.", None),  # our words in somebody else's
        (OURS[0].replace("December", "January"), None),
        (OURS[0].upper(), None),
        ("case SO-1", None),  # too short to say anything
        ("", None), (" \n", None),
    ],
)  # fmt: skip
def test_only_words_that_are_all_ours_are_ours(pasted: str, place: int | None) -> None:
    assert place_of(pasted, OURS) == place


def test_a_short_message_is_found_whole_and_not_by_a_part() -> None:
    short = "Boom: your line rests."
    assert len(short) < SHORTEST
    assert place_of(short, [short]) == 0
    assert place_of(short[6:], [short]) is None
    assert place_of(short, []) is None
