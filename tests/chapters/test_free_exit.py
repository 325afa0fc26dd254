"""Who has just begun may leave without a termination fee, where the law says so."""

from datetime import date, timedelta

import pytest

from signoff.config import policies
from signoff.settlement.models import EarlyTerminationFee
from signoff.settlement.queries import facts_for
from signoff.settlement.rules import settle
from tests.world import customer

pytestmark = pytest.mark.django_db

BEGAN = date(2026, 11, 1)


def fees(country: str, days: int) -> list[str]:
    """Codes of the termination fees of a line that ends so many days after it began."""
    who = customer(country=country, paid=())
    line = who.lines[0]
    line.activated_on = BEGAN
    line.save()
    EarlyTerminationFee.objects.create(
        line=line, first_day=BEGAN, last_day=BEGAN + timedelta(days=730), amount_minor=10_000
    )
    result = settle(
        facts_for(
            who.account,
            who.lines,
            whole_account=True,
            last_day=BEGAN + timedelta(days=days),
            policy=policies().for_country(country),
        )
    )
    return [part.code for part in result.charges if part.code == "early_termination_fee"]


@pytest.mark.parametrize(("country", "days"), [("JP", 8), ("DE", 14), ("GB", 14)])
def test_until_the_last_day_of_the_law_it_is_free_and_then_the_contract_holds(
    country: str, days: int
) -> None:
    assert fees(country, 0) == fees(country, days) == []
    assert len(fees(country, days + 1)) == 1


@pytest.mark.parametrize("country", ["CN", "US"])
def test_where_no_law_was_found_the_contract_holds_from_its_first_day(country: str) -> None:
    assert len(fees(country, 0)) == 1
