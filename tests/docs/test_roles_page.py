"""`docs/roles.md` says who may do what: it is made from what the server answers to everybody.

SIGNOFF_ROLES_PAGE=write makes the page anew, as `make docs` does.
"""

import os
from pathlib import Path

import pytest

from signoff.accounts.models import Role
from tests.docs.roles import SECRET, Row, page, routes, walk
from tests.pushing import vapid

PAGE = Path(__file__).parents[2] / "docs" / "roles.md"
STAFF = [role.value for role in Role]
__all__ = ["vapid"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vapid")]  # web push is on


def test_the_page_is_what_the_server_answers_and_nobody_gets_more() -> None:
    rows = walk()
    text = page(rows)
    if os.environ.get("SIGNOFF_ROLES_PAGE") == "write":
        PAGE.write_text(text, encoding="utf-8")
    _every_route_answers_somebody(rows)
    _what_is_somebodys_is_nobody_elses(rows)
    _the_desk_is_for_staff(rows)
    _auditors_change_nothing(rows)
    assert PAGE.read_text(encoding="utf-8") == text, "run `make docs`"


def _every_route_answers_somebody(rows: list[Row]) -> None:
    """Otherwise the walk has asked for something that is not there, and has shown nothing."""
    good = {"yes", "password"}
    answered = {row.route for row in rows if good & set(row.answers)}
    assert sorted(set(routes()) - answered - NOBODYS) == []


def _what_is_somebodys_is_nobody_elses(rows: list[Row]) -> None:
    for row in rows:
        if row.part == "" and "<" in row.route and not row.route.startswith(SECRET):
            for reader in ("stranger", "another customer", *STAFF):
                assert row.of(reader) != "yes", (row.route, row.method, reader)
            assert row.of("another customer") in {"404", "–"}, row


def _the_desk_is_for_staff(rows: list[Row]) -> None:
    for row in rows:
        if row.part == "desk/":
            assert row.of("stranger") in {"sign in", "–"}, row
            assert {row.of("customer"), row.of("another customer")} <= {"404", "–"}, row


def _auditors_change_nothing(rows: list[Row]) -> None:
    acts = [row for row in rows if row.part == "desk/" and row.method == "POST"]
    allowed = {row.route for row in acts if row.of("auditor") == "yes"}
    assert allowed <= {"desk/keys/", "desk/search/", "desk/letter/"}  # what is their own


NOBODYS = {"gsma/rsp2/es2plus/handleDownloadProgressInfo", "api/v1/payments/events"}
"""Only the SM-DP+ and the payment service get further, by certificate and by signature."""
