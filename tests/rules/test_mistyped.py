"""How many slips of the fingers lie between two words."""

import pytest

from signoff.kernel.mistyped import mistyped


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("close", "close", 0),
        ("clsoe", "close", 1),
        ("clos", "close", 1),
        ("closee", "close", 1),
        ("clode", "close", 1),
        ("注消", "注销", 1),
        ("clsoee", "close", 2),
        ("", "ab", 2),
    ],
)
def test_each_slip_counts_once(one: str, other: str, slips: int) -> None:
    assert mistyped(one, other, most=slips)
    assert mistyped(other, one, most=slips)
    assert not slips or not mistyped(one, other, most=slips - 1)
