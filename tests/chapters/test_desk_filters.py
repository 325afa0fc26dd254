"""The queue narrowed down, what breaks next, marks, claims with their end, and giving cases away."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from signoff.accounts.models import Role, User
from signoff.closing.models import Case
from signoff.kernel.clock import now
from signoff.review import operations as review
from signoff.review.models import Claim
from tests.desk import at_the_desk
from tests.portal import text
from tests.world import approved, customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db


def listed(client: Client, query: str) -> list[str]:
    page = BeautifulSoup(client.get(f"/desk/?{query}").content, "html.parser")
    return [str(link.get_text()) for link in page.select("table.queue tbody th a")]


def called(user: User, name: str) -> User:
    user.first_name = name
    user.save()
    return user


def test_each_filter_leaves_out_what_is_not_like_that() -> None:
    case = submitted(customer(), now=now())
    client = at_the_desk()
    assert listed(client, "country=CN&language=en&scope=line&colour=green") == [case.number]
    assert listed(client, "least=74&holder=nobody") == [case.number]
    for query in ("country=DE", "language=zh-hans", "scope=account", "colour=red", "least=76",
                  "holder=mine", "mark=appeal", "older=1"):  # fmt: skip
        assert listed(client, query) == [], query
        page = text(client.get(f"/desk/?{query}").content)
        assert "No case is like that. Take a filter away." in page
        assert "Without filters" in page


@pytest.mark.parametrize(
    ("currency", "within", "above"),
    [("JPY", 7500, 7501), ("KWD", 7, 8), ("EUR", 75, 76)],
)
def test_an_amount_is_compared_in_the_currency_of_each_case(
    currency: str, within: int, above: int
) -> None:
    who = customer(paid=(7500,))
    who.account.currency = currency
    who.account.save()
    case = submitted(who, now=now())
    client = at_the_desk()
    assert listed(client, f"least={within}") == [case.number]
    assert listed(client, f"least={above}") == []


def test_filters_stay_when_one_turns_to_a_tab_or_searches() -> None:
    submitted(customer())
    client = at_the_desk()
    page = BeautifulSoup(client.get("/desk/?country=CN&mark=appeal").content, "html.parser")
    tabs = [str(a["href"]) for a in page.select(".tabs a")]
    assert all("country=CN&mark=appeal" in tab for tab in tabs)
    field = page.select_one("input[name=filters]")
    assert field is not None
    sent = client.post("/desk/search/", {"words": "li", "filters": str(field["value"])})
    assert sent["Location"] == "/desk/?found=1&country=CN&mark=appeal"


@pytest.mark.parametrize(
    "query", ["country=XX", "least=-5", "least=x", "holder=99999", "holder=';--", "colour=blue"]
)
def test_a_filter_that_makes_no_sense_is_no_filter(query: str) -> None:
    case = submitted(customer())
    client = at_the_desk()
    assert listed(client, query) == [case.number]
    sent = client.post("/desk/search/", {"words": "li", "filters": query})
    assert sent["Location"] == "/desk/?found=1"


def test_who_gives_cases_away_comes_back_to_what_they_were_looking_at() -> None:
    case, to = submitted(customer()), reviewer()
    client = at_the_desk(staff(Role.ADMIN))
    sent = {"case": [case.number], "reviewer": str(to.pk), "back": "state=waiting&country=CN"}
    answer = client.post("/desk/assign/", sent)
    assert answer["Location"] == "/desk/?state=waiting&country=CN"
    assert client.post("/desk/assign/", {"back": "//elsewhere.example"})["Location"] == (
        "/desk/?%2F%2Felsewhere.example="
    )


def test_what_breaks_next_is_pointed_out_above_all() -> None:
    early, late = submitted(customer()), submitted(customer())
    today = now().date()
    Case.objects.filter(pk=early.pk).update(decide_by=today - timedelta(days=9))
    Case.objects.filter(pk=late.pk).update(decide_by=today + timedelta(days=60))
    client = at_the_desk()
    page = BeautifulSoup(client.get("/desk/").content, "html.parser")
    assert [a.get_text() for a in page.select(".breaches a")] == [early.number]
    filtered = BeautifulSoup(client.get("/desk/?country=CN").content, "html.parser")
    assert filtered.select(".breaches") == []


def test_a_claim_is_shown_with_its_end_and_then_the_case_is_free() -> None:
    rui = called(reviewer(), "Rui")
    case = review.take(case=submitted(customer()), reviewer=rui, now=now())
    client = at_the_desk()
    until = Claim.objects.get(case=case).expires_at
    assert f"Rui until {until:%H:%M}" in text(client.get("/desk/").content)
    assert listed(client, f"holder={rui.pk}") == [case.number]
    assert listed(client, "holder=nobody") == []
    Claim.objects.update(expires_at=now() - timedelta(seconds=1))
    assert "Rui had it; anybody may take it" in text(client.get("/desk/").content)
    assert listed(client, "holder=nobody") == [case.number]


def test_an_administrator_gives_several_cases_to_a_reviewer() -> None:
    rui = called(reviewer(), "Rui")
    cases = [submitted(customer()) for _ in range(3)]
    over = approved(customer())
    client = at_the_desk(staff(Role.ADMIN))
    page = client.get("/desk/").content
    assert len(BeautifulSoup(page, "html.parser").select("input[name=case]")) == 3
    given = {"case": [cases[0].number, cases[1].number], "reviewer": str(rui.pk)}
    answer = client.post("/desk/assign/", given, follow=True)
    assert "2 cases are with Rui now." in text(answer.content)
    held = Claim.objects.filter(reviewer=rui).values_list("case", flat=True)
    assert set(held) == {cases[0].pk, cases[1].pk}
    given = {"case": [cases[2].number, over.number], "reviewer": str(rui.pk)}
    answer = client.post("/desk/assign/", given)
    assert answer.status_code == 409
    told = text(answer.content)
    assert "1 case is with Rui now." in told
    assert f"{over.number} : It is not waiting" in told


@pytest.mark.parametrize(
    "given",
    [{}, {"case": "SO-0000-0000-0"}, {"reviewer": "x"}, {"case": "SO\0", "reviewer": "rui"}],
)
def test_nothing_chosen_is_nothing_given(given: dict[str, str]) -> None:
    case, rui = submitted(customer()), reviewer()
    client = at_the_desk(staff(Role.ADMIN))
    sent = {**given, **({"reviewer": str(rui.pk)} if given.get("reviewer") == "rui" else {})}
    answer = client.post("/desk/assign/", sent, follow=True)
    assert "Choose cases and a reviewer; nothing was changed." in text(answer.content)
    case.refresh_from_db()
    assert case.state == "submitted"


def test_only_an_administrator_gives_cases_away() -> None:
    case = submitted(customer())
    rui = reviewer()
    client = at_the_desk()
    assert b'name="case"' not in client.get("/desk/").content
    answer = client.post("/desk/assign/", {"case": case.number, "reviewer": str(rui.pk)})
    assert answer.status_code == 403
    assert not Claim.objects.exists()
