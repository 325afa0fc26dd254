"""Who gets to the desk: staff with a second factor, and nobody else learns that it is there."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from signoff.accounts.models import Role
from signoff.closing.models import Case
from tests.desk import SECRET, at_the_desk, with_second_factor
from tests.portal import signed_in, text
from tests.world import customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db(transaction=True)


def addresses(case: Case) -> list[str]:
    """Every address of the desk."""
    own = [
        f"/desk/{case.number}/{what}"
        for what in ("", "take/", "approve/", "refuse/", "retry/", "go-on/")
    ]
    return ["/desk/", "/desk/search/", "/desk/notices/", "/desk/system/", *own]


def reached(client: Client, address: str) -> bool:
    """A page of the desk, or an action of it, was really called by POST or GET."""
    return client.get(address).status_code in {200, 405}


def test_a_stranger_is_led_to_sign_in_and_back() -> None:
    case = submitted(customer())
    for address in addresses(case):
        answer = Client().get(address)
        assert answer.status_code in {302, 405}, address
        assert Client().post(address).status_code in {302, 405}, address
    answer = Client().get(f"/desk/{case.number}/")
    assert answer["Location"] == f"/sign-in/login/?next=%2Fdesk%2F{case.number}%2F"
    case.refresh_from_db()
    assert case.state == "submitted"


def test_a_customer_finds_nothing_at_any_address_of_the_desk() -> None:
    who = customer()
    case = submitted(who)
    client = signed_in(who)
    for address in addresses(case):
        get, post = client.get(address), client.post(address, {"reason": "court_order"})
        assert {get.status_code, post.status_code} <= {404, 405}, address
        assert 404 in {get.status_code, post.status_code}, address
    case.refresh_from_db()
    assert case.state == "submitted"


def test_a_customer_with_a_second_factor_is_still_a_customer() -> None:
    who = customer()
    assert at_the_desk(who.user).get("/desk/").status_code == 404


def test_staff_without_a_second_factor_are_led_to_set_one_up() -> None:
    client = Client()
    client.force_login(reviewer())
    answer = client.get("/desk/")
    assert answer["Location"] == "/sign-in/2fa/totp/activate/?next=%2Fdesk%2F"


def test_staff_who_have_not_used_it_in_this_session_must_use_it() -> None:
    client = Client()
    client.force_login(with_second_factor(reviewer()))
    case = submitted(customer())
    for address in addresses(case):
        assert client.get(address).status_code in {302, 405}, address
        assert client.post(address).status_code in {302, 405}, address
    assert client.get("/desk/")["Location"] == "/sign-in/2fa/reauthenticate/?next=%2Fdesk%2F"
    case.refresh_from_db()
    assert case.state == "submitted"


def test_a_second_factor_of_another_user_in_the_same_browser_does_not_count() -> None:
    client = at_the_desk()
    assert client.get("/desk/").status_code == 200
    session = client.session
    session["account_authentication_methods_user"] = str(reviewer().pk)
    session.save()
    assert client.get("/desk/")["Location"].startswith("/sign-in/2fa/reauthenticate/")


def test_a_taken_away_authenticator_closes_the_desk_at_once() -> None:
    user = reviewer()
    client = at_the_desk(user)
    Authenticator.objects.filter(user=user).delete()
    assert client.get("/desk/")["Location"].startswith("/sign-in/2fa/totp/activate/")


def test_staff_who_lost_their_place_are_customers_again() -> None:
    user = reviewer()
    client = at_the_desk(user)
    type(user).objects.filter(pk=user.pk).update(is_staff=False)
    assert client.get("/desk/").status_code == 404


def test_signing_in_with_password_and_code_leads_to_the_desk() -> None:
    cache.clear()
    user = with_second_factor(reviewer())
    user.set_password("correct horse 7 battery")
    user.save()
    client = Client()
    answer = client.post(
        "/sign-in/login/", {"login": user.username, "password": "correct horse 7 battery"}
    )
    assert answer["Location"].startswith("/sign-in/2fa/authenticate/")
    assert client.get("/desk/").status_code == 302
    counter = next(iter(yield_hotp_counters_from_time()))
    answer = client.post(
        "/sign-in/2fa/authenticate/", {"code": format_hotp_value(hotp_value(SECRET, counter))}
    )
    assert answer["Location"] == "/desk/"
    assert text(client.get("/desk/").content).startswith("Cases")


def test_a_part_of_a_page_that_is_fetched_by_a_script_sends_the_whole_browser_to_sign_in() -> None:
    answer = Client().get("/desk/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/sign-in/login/?next=%2Fdesk%2F"


def test_after_a_lost_session_nobody_is_led_back_to_a_form_that_was_sent() -> None:
    case = submitted(customer())
    answer = Client().post(f"/desk/{case.number}/approve/")
    assert answer["Location"] == "/sign-in/login/?next=%2Fdesk%2F"


def test_staff_with_another_task_read_for_whom_a_page_is_and_whom_to_ask() -> None:
    case = submitted(customer())
    admin = staff(Role.ADMIN)
    client = at_the_desk(staff(Role.HOTLINE))
    for address in addresses(case):
        if address in {"/desk/", "/desk/system/"}:
            continue
        answers = {client.get(address).status_code, client.post(address).status_code}
        assert answers in ({403, 405}, {403}), address
    page = text(client.get("/desk/notices/").content)
    assert "It is for: Review." in page
    assert f"ask {admin.username}" in page
    case.refresh_from_db()
    assert case.state == "submitted"


def test_the_front_page_leads_everybody_to_what_they_may_see() -> None:
    assert at_the_desk(staff()).get("/desk/")["Location"] == "/desk/system/"
    assert at_the_desk(staff(Role.HOTLINE, Role.REVIEWER)).get("/desk/").status_code == 200
    assert at_the_desk(staff()).get("/desk/system/").status_code == 200


def test_an_auditor_reads_every_page_and_changes_nothing() -> None:
    case = submitted(customer())
    client = at_the_desk(staff(Role.AUDITOR))
    for address in addresses(case):
        assert client.get(address).status_code in {200, 302, 405}, address
        answer = client.post(address).status_code  # a search is kept in the session, that is all
        assert answer in ({302} if address == "/desk/search/" else {403, 405}), address
    page = text(client.get(f"/desk/{case.number}/").content)
    assert "Take it" not in page
    case.refresh_from_db()
    assert case.state == "submitted"


def test_a_role_that_is_taken_away_closes_its_pages_at_once() -> None:
    user = reviewer()
    client = at_the_desk(user)
    assert client.get("/desk/notices/").status_code == 200
    user.staff_roles.all().delete()
    assert client.get("/desk/notices/").status_code == 403
