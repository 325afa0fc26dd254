"""The bars of the finance desk, and why a refund came back in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.desk.charts import STATES, WIDTH, charts
from signoff.desk.failures import Reason, reason, trouble
from signoff.settlement.refunds.queries import Total

ROUTES = ("payment", "iban", "cn_card", "line", "unknown")

TOTALS = st.lists(
    st.builds(
        Total,
        st.sampled_from(["CNY", "EUR", "JPY"]),
        st.sampled_from(ROUTES),
        st.sampled_from(STATES),
        st.integers(1, 10_000),
        st.integers(1, 10**15),
    ),
    unique_by=lambda total: (total.currency, total.route, total.state),
)


@given(TOTALS)
def test_bars_are_as_long_as_their_sums_and_every_sum_is_in_the_table(totals: list[Total]) -> None:
    drawn = charts(totals, ROUTES)
    assert [chart.currency for chart in drawn] == sorted({total.currency for total in totals})
    for chart in drawn:
        mine = [total for total in totals if total.currency == chart.currency]
        assert chart.total.minor == sum(total.minor for total in mine)
        assert chart.total.count == sum(total.count for total in mine)
        longest = max(bar.minor for bar in chart.bars)
        for bar in chart.bars:
            assert len(bar.parts) == sum(1 for cell in bar.cells if cell.minor)
            end = max(part.x + part.width for part in bar.parts)
            assert abs(end - WIDTH * bar.minor // longest) <= 1
            begins = [part.x for part in bar.parts]
            assert begins == sorted(begins)
            assert all(part.width >= 1 for part in bar.parts)


@pytest.mark.parametrize(
    ("failure", "found"),
    [
        ("", Reason("", "")),
        ("lost_or_stolen_card", Reason("lost_or_stolen_card", "The card was reported lost or stolen.")),
        ("AC04 The account is closed.", Reason("AC04", "The account is closed.")),
        ("XX99", Reason("XX99", "")),
        ("latin_letters", Reason("latin_letters", "The holder’s name must be in Latin letters, as the bank has it.")),
        ("no such charge", Reason("", "no such charge", is_foreign=True)),
        ("ACME is odd", Reason("ACME", "is odd")),
    ],
)  # fmt: skip
def test_why_a_refund_came_back_is_said_in_words(failure: str, found: Reason) -> None:
    assert reason(failure) == found


def test_why_a_file_could_not_be_written_is_said_in_words() -> None:
    assert trouble("execution_date: execution_date").text == "The day of payment is over."
    assert trouble("no bank files of format sepa").text.startswith("This kind of file is not set")
    assert trouble("iban_length: R12-0f").code == "iban_length"
    assert trouble("something_new: R1") == Reason("", "something_new", is_foreign=True)
