"""The staff is told once a working day what waits, each in their language, and no customer's name."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.test import Client

from signoff.accounts.models import Role, User
from signoff.briefing.operations import note_language, tell_staff
from signoff.closing.models import Case
from signoff.config import config
from signoff.notice.models import Notice
from signoff.review import operations as review
from signoff.talk.operations import file_ticket, say
from tests.desk import at_the_desk
from tests.finance import came_back
from tests.world import customer, staff, submitted

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
SUNDAY = MONDAY - timedelta(days=1)


def with_address(*roles: Role, name: str = "") -> User:
    user = staff(*roles)
    user.email, user.first_name = f"{user.username}@boom.example", name
    user.save()
    return user


def letters() -> dict[str, Notice]:
    return {row.recipient: row for row in Notice.objects.filter(kind="staff_day")}


def overdue() -> Case:
    case = submitted(customer(), now=SUNDAY)
    Case.objects.filter(pk=case.pk).update(decide_by="2026-11-20")
    return case


def test_a_reviewer_reads_counts_and_case_numbers_and_nothing_about_a_customer() -> None:
    rui, case, who = with_address(Role.REVIEWER, name="Rui"), overdue(), customer()
    fresh = submitted(who, now=SUNDAY)
    held = review.take(case=submitted(customer(), now=SUNDAY), reviewer=rui, now=MONDAY)
    say(about=held, author=held.account, text="My secret is 1234.", now=SUNDAY)
    file_ticket(account=who.account, case=fresh, by=rui, text="Call Li Wei back.", now=SUNDAY)
    assert tell_staff(now=MONDAY) == 1
    text = letters()[rui.email].text
    assert text.startswith("Hello Rui,")
    assert f"1 case overdue\n{case.number}\n" in text
    assert f"2 cases that nobody has taken\n{case.number}\n{fresh.number}\n" in text
    assert f"1 message of a customer that nobody has read\n{held.number}\n" in text
    assert f"1 open ticket\n{fresh.number}\n" in text
    assert "refund" not in text
    for private in ("secret", "Li Wei", who.account.email, who.account.number, "Call"):
        assert private not in text


def test_finance_is_told_of_money_and_only_of_money() -> None:
    overdue()
    refund, fay = came_back(), with_address(Role.FINANCE)
    tell_staff(now=MONDAY)
    text = letters()[fay.email].text
    number = Case.objects.get(pk=refund.case).number
    assert f"1 refund that came back\n{number}\n" in text
    assert "overdue" not in text


def test_it_comes_once_a_day_whoever_runs_and_however_often() -> None:
    with_address(Role.REVIEWER)
    overdue()
    assert tell_staff(now=SUNDAY) == 0  # nobody works
    assert tell_staff(now=MONDAY.replace(hour=7)) == 0
    assert [tell_staff(now=MONDAY + timedelta(minutes=n)) for n in (0, 1, 300)] == [1, 0, 0]
    assert tell_staff(now=MONDAY + timedelta(days=1)) == 1
    assert Notice.objects.filter(kind="staff_day", is_posted=True).count() == 2


def test_two_workers_at_the_same_moment_write_it_once() -> None:
    with_address(Role.REVIEWER)
    overdue()
    everybody = "signoff.briefing.operations.people_to_tell"
    from signoff.briefing.queries import people_to_tell  # noqa: PLC0415 - what both have read

    both_read = people_to_tell(MONDAY.date())
    with patch(everybody, return_value=both_read):
        assert [tell_staff(now=MONDAY), tell_staff(now=MONDAY)] == [1, 0]
    assert len(letters()) == 1


def test_a_letter_that_could_not_be_written_down_is_written_by_the_next_worker() -> None:
    with_address(Role.REVIEWER)
    overdue()
    with (
        patch("signoff.notice.operations.post", side_effect=DatabaseError("disk full")),
        pytest.raises(DatabaseError),
    ):
        tell_staff(now=MONDAY)
    assert letters() == {}
    assert tell_staff(now=MONDAY) == 1


def test_a_letter_that_breaks_us_keeps_nobody_elses() -> None:
    first, second = with_address(Role.REVIEWER), with_address(Role.REVIEWER)
    overdue()
    with patch("signoff.briefing.operations.language_of", side_effect=[ValueError("ours"), "en"]):
        assert tell_staff(now=MONDAY) == 1
    assert len(letters()) == 1
    assert tell_staff(now=MONDAY) == 1
    assert set(letters()) == {first.email, second.email}


def test_nothing_to_tell_is_no_letter_and_what_comes_later_waits_for_tomorrow() -> None:
    with_address(Role.REVIEWER)
    assert tell_staff(now=MONDAY) == 0
    overdue()
    assert tell_staff(now=MONDAY + timedelta(hours=1)) == 0
    assert tell_staff(now=MONDAY + timedelta(days=1)) == 1


def test_who_has_no_address_has_left_or_has_another_task_gets_none(settings: object) -> None:
    overdue()
    staff(Role.REVIEWER)
    with_address(Role.HOTLINE, Role.AUDITOR)
    gone = with_address(Role.ADMIN)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert tell_staff(now=MONDAY) == 0


def test_an_operator_without_an_hour_wants_no_letters() -> None:
    with_address(Role.REVIEWER)
    overdue()
    off = config().model_copy(update={"staff_letter_hour": None})
    with patch("signoff.briefing.operations.config", return_value=off):
        assert tell_staff(now=MONDAY) == 0
    assert config().staff_letter_hour == 8


def test_it_speaks_the_language_that_the_desk_spoke_last() -> None:
    hua = with_address(Role.REVIEWER)
    overdue()
    client = at_the_desk(hua)
    client.get("/desk/", headers={"accept-language": "zh-CN"})
    tell_staff(now=MONDAY)
    assert "1 个申请已逾期" in letters()[hua.email].text
    note_language(user=hua, language="en")
    tell_staff(now=MONDAY + timedelta(days=1))
    newest = Notice.objects.filter(kind="staff_day").order_by("-pk").first()
    assert newest is not None
    assert "1 case overdue" in newest.text


def switched(client: Client, button: str, **sent: str) -> None:
    assert button in client.get("/desk/letter/").content.decode()
    assert client.post("/desk/letter/", sent).status_code == 302


def test_a_person_switches_their_letter_off_and_on_again() -> None:
    rui = with_address(Role.REVIEWER)
    overdue()
    client = at_the_desk(rui)
    switched(client, "Send me no letter")
    assert tell_staff(now=MONDAY) == 0
    switched(client, "Send me the letter", on="1")
    assert tell_staff(now=MONDAY) == 1


def test_the_page_says_who_gets_none() -> None:
    page = at_the_desk(staff(Role.HOTLINE)).get("/desk/letter/").content.decode()
    assert "You have none of these tasks." in page
    page = at_the_desk(staff(Role.REVIEWER)).get("/desk/letter/").content.decode()
    assert "You have no e-mail address here" in page
