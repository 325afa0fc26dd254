"""Bars of the numbers: their lengths, and what is said of each."""

from signoff.desk.review_charts import WIDTH, Row, chart
from signoff.review.statistics import Share


def test_the_longest_is_as_wide_as_the_drawing_and_the_others_are_parts_of_it() -> None:
    made = chart("c", "T", ("A", "B"), [Row("x", 10, ("10",)), Row("y", 5, ("5",))])
    assert [(bar.label, bar.width, bar.cells) for bar in made.bars] == [
        ("x", WIDTH, ("10",)), ("y", WIDTH // 2, ("5",)),
    ]  # fmt: skip
    assert (made.first, made.columns) == ("A", ("B",))


def test_what_is_little_is_seen_and_what_is_nothing_is_not() -> None:
    made = chart("c", "T", ("A",), [Row("x", 10**9, ("",)), Row("y", 1, ("",)), Row("z", 0, ("",))])
    assert [bar.width for bar in made.bars] == [WIDTH, 1, 0]


def test_shares_are_measured_by_a_hundred_and_not_by_the_best() -> None:
    made = chart("c", "T", ("A",), [Row("x", 50, ("1", "50%"), shown=1)], most=100)
    assert made.bars[0].value == "50%"
    assert made.bars[0].width == WIDTH // 2
    assert chart("c", "T", ("A",), []).bars == ()


def test_one_late_decision_in_many_is_not_rounded_away() -> None:
    shares = [Share("CN", number, 300) for number in (0, 1, 150, 299, 300)]
    assert [share.percent for share in shares] == [0, 1, 50, 99, 100]
    assert Share("CN", 0, 0).percent == 0
