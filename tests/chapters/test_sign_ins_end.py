"""What a closing does to sign-ins: as much as it must, and nothing before its time."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from signoff.accounts.models import Account
from signoff.closing import operations as closing
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import CaseState, Reason, Scope
from signoff.config import config
from signoff.evidence import registered
from signoff.kernel.clock import now
from signoff.kernel.keys import load_or_create
from signoff.review import operations as review
from signoff.sagas.closing import close_case
from signoff.sagas.reminders import sweep_when_due
from tests.instant import InstantCarrier
from tests.portal import PASSWORD
from tests.world import NOON, Customer, customer, reviewer

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=3)
LOGIN = "/sign-in/login/"


@pytest.fixture(autouse=True)
def ready() -> None:
    """A key that signs certificates, and no sign-ins counted before."""
    load_or_create(config().signing_key_file)
    cache.clear()


@pytest.fixture
def who() -> Customer:
    """A customer with a password and two lines."""
    found = customer(lines=2)
    found.user.set_password(PASSWORD)
    found.user.save()
    return found


def browser(who: Customer) -> Client:
    """Somewhere where the customer has signed in."""
    client = Client()
    client.post(LOGIN, {"login": who.user.username, "password": PASSWORD})
    client.get("/")
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    """The server knows this browser."""
    client.get("/")
    return get_user(client).is_authenticated


def asked_in(client: Client, who: Customer, *, scope: Scope) -> Case:
    """Confirmed in this browser, and approved."""
    lines = who.lines if scope is Scope.ACCOUNT else who.lines[:1]
    case = closing.start_draft(
        account=who.account, lines=lines, scope=scope, language="en", now=NOON
    )
    closing.save_reason(case=case, reason=Reason.NOT_SAID, text="")
    shown = cases.preview(who.account, lines, scope=scope, now=NOON, case=case)
    case = closing.submit(
        case=case,
        settlement_digest=shown.settlement.digest,
        session_key=str(client.session.session_key),
        now=NOON,
    )
    by = reviewer()
    return review.approve(case=review.take(case=case, reviewer=by, now=NOON), reviewer=by, now=NOON)


def close(case: Case) -> None:
    """Everything, at once."""
    close_case(case.pk, ports=InstantCarrier().ports(), now=lambda: LATER)
    assert cases.case_by_id(case.pk).state == CaseState.CLOSED.value


def test_a_sign_in_during_the_waiting_time_changes_nothing(who: Customer) -> None:
    case = asked_in(browser(who), who, scope=Scope.LINE)
    before = Case.objects.filter(pk=case.pk).values().get()
    for _ in range(3):
        browser(who)
    assert Case.objects.filter(pk=case.pk).values().get() == before
    close(case)


def test_with_a_line_the_browser_that_asked_stays_signed_in(who: Customer) -> None:
    asking, other = browser(who), browser(who)
    case = asked_in(asking, who, scope=Scope.LINE)
    close(case)
    assert is_in(asking)
    assert not is_in(other)
    assert [s.session_key for s in UserSession.objects.all()] == [asking.session.session_key]
    assert is_in(browser(who))  # the account lives


def test_somebody_elses_sign_ins_stay(who: Customer) -> None:
    stranger = customer()
    stranger.user.set_password(PASSWORD)
    stranger.user.save()
    elsewhere = browser(stranger)
    close(asked_in(browser(who), who, scope=Scope.ACCOUNT))
    assert is_in(elsewhere)


def test_with_the_account_all_sign_ins_end_and_none_begins(who: Customer) -> None:
    asking, other = browser(who), browser(who)
    close(asked_in(asking, who, scope=Scope.ACCOUNT))
    assert not is_in(asking)
    assert not is_in(other)
    assert not UserSession.objects.exists()
    assert Account.objects.get().closed_at == LATER
    late = Client()
    page = late.post(LOGIN, {"login": who.user.username, "password": PASSWORD}, follow=True)
    assert not is_in(late)
    assert "This account is closed" in page.content.decode()
    page = late.post(LOGIN, {"login": who.user.username, "password": "a guess"}, follow=True)
    assert "This account is closed" not in page.content.decode()


@pytest.mark.parametrize(("scope", "stays"), [(Scope.LINE, True), (Scope.ACCOUNT, False)])
def test_the_number_of_the_paper_goes_with_the_account(
    who: Customer, scope: Scope, stays: bool
) -> None:
    registered.take_in([registered.Told(who.account, "990101199003070031")], as_of=NOON)
    close(asked_in(browser(who), who, scope=scope))
    assert registered.is_known(who.account) is stays


def test_a_case_keeps_no_session_key(who: Customer) -> None:
    asking = browser(who)
    case = asked_in(asking, who, scope=Scope.LINE)
    assert case.confirmed_in_session
    assert str(asking.session.session_key) not in case.confirmed_in_session


def test_what_a_session_kept_goes_when_it_has_run_out(who: Customer) -> None:
    ended, other = browser(who), browser(who)
    ended.post("/settings/account/data/", {"account_number": "6222020000123456782"})
    key = str(ended.session.session_key)
    assert "6222020000123456782" in str(Session.objects.get(pk=key).get_decoded())
    sweep_when_due(now=now() + timedelta(days=13))
    assert Session.objects.count() == UserSession.objects.count() == 2
    Session.objects.exclude(pk=key).update(expire_date=now() + timedelta(days=30))
    sweep_when_due(now=now() + timedelta(days=15))
    for left in (Session.objects.get(), UserSession.objects.get()):
        assert left.session_key == other.session.session_key
