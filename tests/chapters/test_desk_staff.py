"""An administrator invites colleagues, changes their tasks, and sees them off; nobody else does."""

import re
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from bs4 import BeautifulSoup
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from signoff.accounts.models import Role, User
from signoff.accounts.queries import roles_of
from signoff.audit.models import AuditRow
from signoff.closing.models import Case
from signoff.kernel.clock import now
from signoff.notice.models import Notice
from signoff.review.claims import Taken, take
from signoff.review.questions import answer_more, ask_more
from signoff.review.rules import MoreKind
from tests.desk import at_the_desk, proven, with_second_factor
from tests.portal import errors, signed_in, text
from tests.world import customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db

INVITED = {
    "called": "Mei Lin",
    "username": "mei.lin",
    "email": "Mei@boom.example",
    "tasks": ["reviewer", "finance"],
}
FRESH = "another horse 8 battery"


@pytest.fixture
def alex() -> User:
    return staff(Role.ADMIN)


@pytest.fixture
def client(alex: User) -> Client:
    return proven(at_the_desk(alex))


def page_of(person: User, part: str = "") -> str:
    return f"/desk/staff/{person.pk}/{part}"


def save_tasks(client: Client, person: User, tasks: list[str], shown: list[str]) -> Any:
    sent = {"change": "tasks", "tasks": tasks, "shown": shown}
    return client.post(page_of(person), sent, follow=True)


def recorded() -> list[tuple[str, str]]:
    rows = AuditRow.objects.filter(stream="staff").order_by("seq")
    return [(row.event, row.actor) for row in rows]


def test_an_invited_colleague_chooses_a_password_and_sets_up_a_second_factor(
    client: Client, alex: User
) -> None:
    page = client.post("/desk/staff/invite/", INVITED, follow=True)
    assert "Invited. A letter is on its way to them." in text(page.content)
    mei = User.objects.get(username="mei.lin")
    assert (mei.email, mei.get_full_name()) == ("mei@boom.example", "Mei Lin")
    assert roles_of(mei) == {Role.REVIEWER, Role.FINANCE}
    assert not mei.has_usable_password()
    by = f"user:{alex.pk}"
    assert recorded() == [("staff_added", by), ("role_given", by), ("role_given", by)]
    letter = Notice.objects.get(kind="staff_invited")
    assert (letter.recipient, letter.is_posted) == ("mei@boom.example", True)
    assert "Your name to sign in with: mei.lin" in letter.text
    _comes_in(letter.text)
    mei.refresh_from_db()
    assert mei.has_usable_password()
    assert "Invited, and not here yet" not in text(client.get(page_of(mei)).content)


def _comes_in(letter: str) -> None:
    """As the letter says, from its first address to the second factor."""
    cache.clear()
    here = Client()
    choose, desk = re.findall(r"http://[^/]+(/\S+)", letter)
    code_page = here.post(choose, {"email": "mei@boom.example"})["Location"]
    code = re.search(r"^([A-Z0-9-]{6,})$", str(mail.outbox[0].body), re.MULTILINE)
    assert code
    there = here.post(code_page, {"code": code[1]})["Location"]
    here.post(there, {"password1": FRESH, "password2": FRESH})
    assert here.post("/sign-in/login/", {"login": "mei.lin", "password": FRESH}).status_code == 302
    assert here.get(desk)["Location"].startswith("/sign-in/2fa/totp/activate/")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "mei lin"}, "Use 2 to 40 letters"),
        ({"username": "m" * 200}, "at most 40 characters"),
        ({"username": "mei\tlin"}, "Use 2 to 40 letters"),
        ({"username": "13800138000"}, "at least one letter"),
        ({"username": "mei@boom.example"}, "Use 2 to 40 letters"),
        ({"username": ""}, "Write the name that they will sign in with."),
        ({"called": "Mei\u202elin"}, "a sign in this name that nobody can see"),
        ({"called": "M" * 200}, "at most 80 characters"),
        ({"email": "mei@"}, "valid email address"),
        ({"email": "e" * 250 + "@boom.example"}, "at most 254 characters"),
        ({"tasks": ["queen"]}, "Choose tasks from the list."),
        ({"tasks": []}, "Choose at least one task."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_written(
    client: Client, wrong: dict[str, object], said: str
) -> None:
    before = User.objects.count()
    page = client.post("/desk/staff/invite/", INVITED | wrong)
    (point,) = errors(page.content)
    assert said in point
    assert BeautifulSoup(page.content, "html.parser").select_one(".field-wrong")
    assert (User.objects.count(), Notice.objects.count(), recorded()) == (before, 0, [])


def test_names_and_addresses_belong_to_one_person_in_capital_or_small_letters(
    client: Client,
) -> None:
    who, other = customer(), staff(Role.HOTLINE)
    who.account.email = "letters@example.org"  # not that of the sign-in
    who.account.save()
    for wrong in (
        {"username": other.username.upper()},
        {"username": who.user.username},
        {"email": who.user.email.upper()},
        {"email": "letters@example.org"},
    ):
        (point,) = errors(client.post("/desk/staff/invite/", INVITED | wrong).content)
        assert "already" in point
    assert not Notice.objects.exists()
    assert recorded() == []


def test_an_invitation_is_sent_again_also_to_another_address(client: Client) -> None:
    client.post("/desk/staff/invite/", INVITED)
    mei = User.objects.get(username="mei.lin")
    again = {"change": "again", "email": mei.email}
    assert errors(client.post(page_of(mei), again).content) == [
        "The last letter to them is still on its way."
    ]
    assert Notice.objects.count() == 1
    Notice.objects.update(state="sent")
    client.post(page_of(mei), again | {"email": "mei.lin@boom.example"})
    mei.refresh_from_db()
    assert mei.email == "mei.lin@boom.example"
    assert {row.recipient for row in Notice.objects.all()} == {"mei@boom.example", mei.email}
    mei.set_password(FRESH)
    mei.save()
    assert errors(client.post(page_of(mei), again).content) == [
        "They have chosen their password already."
    ]
    assert Notice.objects.count() == 2


def test_nine_letters_are_enough(client: Client) -> None:
    client.post("/desk/staff/invite/", INVITED)
    mei = User.objects.get(username="mei.lin")
    for _more in range(8):
        Notice.objects.update(state="sent")
        client.post(page_of(mei), {"change": "again", "email": mei.email})
    Notice.objects.update(state="sent")
    page = client.post(page_of(mei), {"change": "again", "email": mei.email})
    assert errors(page.content)[0].startswith("They have got 9 letters.")
    assert Notice.objects.count() == 9


def test_a_task_counts_from_the_next_page_on_and_stops_at_once(client: Client, alex: User) -> None:
    hong = staff(Role.HOTLINE)
    theirs = at_the_desk(hong)
    assert theirs.get("/desk/money/").status_code == 403
    page = save_tasks(client, hong, ["hotline", "finance"], ["hotline"])
    assert "Saved. It counts from the next page on" in text(page.content)
    assert theirs.get("/desk/money/").status_code == 200
    save_tasks(client, hong, ["hotline"], ["hotline", "finance"])
    assert theirs.get("/desk/money/").status_code == 403
    by = f"user:{alex.pk}"
    assert recorded() == [("role_given", by), ("role_taken", by)]


def test_a_page_that_is_old_takes_away_nothing_that_it_has_not_shown(client: Client) -> None:
    hong = staff(Role.HOTLINE, Role.AUDITOR)  # a colleague gave the second one meanwhile
    save_tasks(client, hong, ["hotline", "finance"], ["hotline"])
    assert roles_of(hong) == {Role.HOTLINE, Role.AUDITOR, Role.FINANCE}


def test_unknown_tasks_change_nothing(client: Client) -> None:
    hong = staff(Role.HOTLINE)
    page = save_tasks(client, hong, ["queen"], ["hotline"])
    assert errors(page.content) == ["Choose tasks from the list."]
    assert roles_of(hong) == {Role.HOTLINE}
    assert recorded() == []


def test_nobody_changes_their_own_place(client: Client, alex: User) -> None:
    staff(Role.ADMIN)
    page = save_tasks(client, alex, [], ["admin"])
    assert errors(page.content) == ["Your own place is changed by another administrator."]
    for part in ("left/", "lost-telephone/"):
        assert client.get(page_of(alex, part))["Location"] == page_of(alex)
        client.post(page_of(alex, part))
    alex.refresh_from_db()
    assert alex.is_active
    assert roles_of(alex) == {Role.ADMIN}
    assert recorded() == []
    assert client.get("/desk/staff/").status_code == 200
    client.post(page_of(alex), {"change": "called", "called": "Alex Roe"})
    alex.refresh_from_db()
    assert alex.get_full_name() == "Alex Roe"


def test_a_lost_telephone_ends_the_sign_ins_and_the_second_factor(client: Client) -> None:
    hong = staff(Role.HOTLINE)
    theirs = at_the_desk(hong)
    UserSession.objects.create(  # as signing in with a password does
        user=hong, session_key=theirs.session.session_key, ip="127.0.0.1"
    )
    assert theirs.get("/desk/hotline/").status_code == 200
    assert f"Has {hong.username} lost" in text(client.get(page_of(hong, "lost-telephone/")).content)
    client.post(page_of(hong, "lost-telephone/"))
    assert theirs.get("/desk/hotline/")["Location"].startswith("/sign-in/login/")
    theirs.force_login(hong)
    assert theirs.get("/desk/hotline/")["Location"].startswith("/sign-in/2fa/totp/activate/")


def test_who_has_left_is_out_at_once_and_their_cases_go_back(client: Client, alex: User) -> None:
    rui, mei, at = reviewer(), reviewer(), now()
    theirs = at_the_desk(rui)
    assert theirs.get("/desk/").status_code == 200
    taken = take(case=submitted(customer(), now=at), reviewer=rui, now=at)
    asked = _asked(rui)
    page = client.get(page_of(rui, "left/"))
    assert "2 cases that they hold go back" in text(page.content)
    page = client.post(page_of(rui, "left/"), follow=True)
    assert "2 cases that they held are back for others." in text(page.content)
    assert theirs.get("/desk/")["Location"].startswith("/sign-in/login/")
    taken.refresh_from_db()
    assert taken.state == "submitted"
    row = AuditRow.objects.get(event="case_released")
    assert row.actor == f"user:{alex.pk}"
    take(case=taken, reviewer=mei, now=now())
    answered = answer_more(case=asked, text="Here it is.", now=now())
    assert take(case=answered, reviewer=mei, now=now()).state == "in_review"
    page = client.post(page_of(rui, "left/"), follow=True)  # pressed twice
    assert page.status_code == 200
    assert [event for event, _by in recorded()] == ["staff_removed"]


def _asked(by: User) -> Case:
    case = take(case=submitted(customer(), now=now()), reviewer=by, now=now())
    words = "Which of the two lines is it?"
    return ask_more(case=case, reviewer=by, what=[MoreKind.OTHER], text=words, now=now())


def test_who_reviews_no_longer_gives_their_cases_back(client: Client) -> None:
    rui, mei = staff(Role.REVIEWER, Role.FINANCE), reviewer()
    case = take(case=submitted(customer(), now=now()), reviewer=rui, now=now())
    page = save_tasks(client, rui, ["finance"], ["reviewer", "finance"])
    assert "1 case that they held is back for others." in text(page.content)
    case.refresh_from_db()
    take(case=case, reviewer=mei, now=now())
    with pytest.raises(Taken):
        take(case=case, reviewer=reviewer(), now=now())


def test_who_has_left_can_be_invited_again_under_another_name(client: Client) -> None:
    client.post("/desk/staff/invite/", INVITED)
    client.post(page_of(User.objects.get(username="mei.lin"), "left/"))
    assert errors(client.post("/desk/staff/invite/", INVITED).content) == [
        "The name “mei.lin” is taken already."
    ]
    answer = client.post("/desk/staff/invite/", INVITED | {"username": "mei"})
    assert answer.status_code == 302


def test_customers_and_unknown_people_have_no_page(client: Client) -> None:
    who = customer()
    for person in (who.user.pk, 10**9, 10**18 * 10, 0):
        for part in ("", "left/", "lost-telephone/"):
            address = f"/desk/staff/{person}/{part}"
            assert client.get(address).status_code == 404, address
            assert client.post(address, {"change": "tasks"}).status_code == 404, address
    who.user.refresh_from_db()
    assert who.user.is_active
    assert recorded() == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_it_is_for_administrators(role: Role) -> None:
    hong = staff(Role.HOTLINE)
    theirs = proven(at_the_desk(staff(role)))
    for part in ("", "left/", "lost-telephone/"):
        assert theirs.get(page_of(hong, part)).status_code == 403
        assert theirs.post(page_of(hong, part), {"change": "tasks"}).status_code == 403
    assert theirs.post("/desk/staff/invite/", INVITED).status_code == 403
    assert signed_in(customer()).get(page_of(hong)).status_code == 404
    if role is Role.AUDITOR:
        seen = text(theirs.get("/desk/staff/").content)
        assert hong.username in seen
        assert "Invite a colleague" not in seen
    hong.refresh_from_db()
    assert hong.is_active
    assert roles_of(hong) == {Role.HOTLINE}
    assert recorded() == []


def test_a_change_asks_for_a_proof_and_then_goes_on_with_it(alex: User) -> None:
    cache.clear()
    alex.set_password(FRESH)
    alex.save()
    hong, client = staff(Role.HOTLINE), at_the_desk(alex)
    sent = {"change": "tasks", "tasks": ["finance"], "shown": ["hotline"]}
    answer = client.post(page_of(hong), sent)
    there = answer["Location"]
    assert there.startswith("/sign-in/reauthenticate/")
    assert roles_of(hong) == {Role.HOTLINE}
    client.post(there, {"password": "wrong"})
    assert roles_of(hong) == {Role.HOTLINE}
    assert client.post(there, {"password": FRESH})["Location"] == page_of(hong)
    assert roles_of(hong) == {Role.FINANCE}


def test_a_proof_of_long_ago_counts_no_more(alex: User) -> None:
    hong, client = staff(Role.HOTLINE), proven(at_the_desk(alex), seconds_ago=301)
    answer = client.post(page_of(hong, "left/"))
    assert answer["Location"].startswith("/sign-in/2fa/reauthenticate/")
    hong.refresh_from_db()
    assert hong.is_active


def test_the_pages_ask_the_same_number_of_questions_however_many_there_are(
    client: Client,
) -> None:
    rui = reviewer()
    pages = ("/desk/staff/", page_of(rui), page_of(rui, "left/"))

    def asked() -> list[int]:
        counts = []
        for path in pages:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            counts.append(len(seen))
        return counts

    asked()
    few = asked()
    for role in Role:
        with_second_factor(staff(role, Role.HOTLINE)) if role is not Role.HOTLINE else staff(role)
    save_tasks(client, rui, [role.value for role in Role], ["reviewer"])
    for _case in range(3):
        take(case=submitted(customer(), now=now()), reviewer=rui, now=now())
    client.get(page_of(rui))  # shows what was told after saving
    assert asked() == few
