"""Being told on a device: offered only where the operator has switched it on, ended at will."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from signoff.audit.models import AuditRow
from signoff.closing.models import Case
from signoff.closing.operations import withdraw
from signoff.feeds.browsers import tell_browser
from signoff.kernel.clock import now
from signoff.push.models import Push, PushState, Receiver
from signoff.push.operations import forget_due
from signoff.push.rules import LASTS_AFTER_END, MOST, digest_of
from tests.peers.user_agent import base64url, point_of
from tests.portal import signed_in, text
from tests.pushing import vapid
from tests.world import Customer, customer, submitted

__all__ = ["vapid"]
pytestmark = pytest.mark.django_db(transaction=True)


def form(name: str = "a", **changes: str) -> dict[str, str]:
    """What the page's script fills in for a browser."""
    point = point_of(ec.generate_private_key(ec.SECP256R1()))
    return {
        "endpoint": f"https://web.push.apple.com/{name}",
        "public_key": base64url(point),
        "secret": base64url(bytes(16)),
    } | changes


def page_of(case: Case) -> str:
    return f"/cases/{case.number}/device/"


def told() -> list[str]:
    rows = AuditRow.objects.filter(event__startswith="push").order_by("seq")
    return list(rows.values_list("event", flat=True))


def test_nobody_is_offered_what_the_operator_has_not_switched_on() -> None:
    who = customer()
    case = submitted(who)
    client = signed_in(who)
    assert "Be told on this device" not in text(client.get(f"/cases/{case.number}/").content)
    assert client.get(page_of(case)).status_code == 404
    assert client.post(page_of(case), {"do": "on"} | form()).status_code == 404
    assert Client().get("/push-worker.js").status_code == 404
    assert not Receiver.objects.exists()


def test_the_customer_switches_it_on_and_off(vapid: str) -> None:
    who = customer()
    case = submitted(who)
    client = signed_in(who)
    assert "Be told on this device" in text(client.get(f"/cases/{case.number}/").content)
    page = client.get(page_of(case)).content.decode()
    assert f'data-key="{vapid}"' in page
    assert "mainland China" in page
    one = form("one")
    for _press in range(2):
        assert client.post(page_of(case), {"do": "on"} | one)["Location"] == page_of(case)
    client.post(page_of(case), {"do": "on"} | form("two"))
    page = client.get(page_of(case)).content.decode()
    assert digest_of(one["endpoint"]) in page
    assert one["endpoint"] not in page
    assert "2 devices are told" in page
    client.post(page_of(case), {"do": "off", "digest": ""})
    client.post(page_of(case), {"do": "rubbish"})
    assert Receiver.objects.count() == 2
    client.post(page_of(case), {"do": "off", "digest": digest_of(one["endpoint"])})
    assert Receiver.objects.get().endpoint.endswith("/two")
    client.post(page_of(case), {"do": "none"})
    client.post(page_of(case), {"do": "none"})
    assert not Receiver.objects.exists()
    assert told() == ["push_on", "push_on", "push_off", "push_off"]
    for row in AuditRow.objects.filter(event__startswith="push"):
        assert "apple" not in str(row.facts)


def test_the_same_browser_with_new_keys_takes_the_place_of_the_old(vapid: str) -> None:
    case = submitted(customer())
    tell_browser(case=case, **form(), now=now())
    newer = form()
    tell_browser(case=case, **newer, now=now())
    assert base64url(bytes(Receiver.objects.get().public_key)) == newer["public_key"]


def test_one_browser_too_many_is_refused_in_words(vapid: str) -> None:
    who = customer()
    case = submitted(who)
    client = signed_in(who)
    for name in range(MOST):
        client.post(page_of(case), {"do": "on"} | form(str(name)))
    answer = client.post(page_of(case), {"do": "on"} | form("more"))
    assert answer.status_code == 409
    assert "3 devices are told already" in text(answer.content)
    assert Receiver.objects.count() == MOST


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://127.0.0.1/x"},
        {"endpoint": "https://hlr.boom.example/delete"},
        {"endpoint": "http://web.push.apple.com/x"},
        {"public_key": "x"},
        {"secret": ""},
    ],
)
def test_what_no_browser_would_send_is_refused_in_words(vapid: str, wrong: dict[str, str]) -> None:
    who = customer()
    case = submitted(who)
    answer = signed_in(who).post(page_of(case), {"do": "on"} | form(**wrong))
    assert answer.status_code == 409
    assert not Receiver.objects.exists()


def test_a_case_that_is_over_is_not_told_any_more(vapid: str) -> None:
    who = customer()
    case = submitted(who)
    tell_browser(case=case, **form(), now=now())
    withdraw(case=case, actor="customer", now=now())
    client = signed_in(who)
    assert "Be told on this device" not in text(client.get(f"/cases/{case.number}/").content)
    page = client.get(page_of(case)).content.decode()
    assert "Tell me on this device" not in page
    assert "Switch it off everywhere" in page
    assert client.post(page_of(case), {"do": "on"} | form("b")).status_code == 409
    assert Push.objects.get().state == PushState.WAITING
    assert forget_due(now=now() + LASTS_AFTER_END - timedelta(minutes=5)) == 0
    assert forget_due(now=now() + LASTS_AFTER_END) == 1


def test_another_customer_switches_nothing(vapid: str) -> None:
    case = submitted(customer())
    tell_browser(case=case, **form(), now=now())
    stranger = signed_in(customer())
    assert stranger.get(page_of(case)).status_code == 404
    for do in ("on", "off", "none"):
        sent = {"do": do, "digest": digest_of(form()["endpoint"])} | form("mine")
        assert stranger.post(page_of(case), sent).status_code == 404
    assert Client().post(page_of(case), {"do": "none"})["Location"].startswith("/sign-in/login/")
    assert Receiver.objects.count() == 1


def test_two_cases_share_a_browser_and_each_ends_its_own(vapid: str) -> None:
    who = customer(lines=2)
    one, other = (submitted(Customer(who.user, who.account, [line])) for line in who.lines)
    shared = form()
    for case in (one, other):
        tell_browser(case=case, **shared, now=now())
    client = signed_in(who)
    digest = digest_of(shared["endpoint"])
    assert f'data-elsewhere="{digest}"' in client.get(page_of(one)).content.decode()
    client.post(page_of(one), {"do": "off", "digest": digest})
    assert Receiver.objects.get().case == other.pk
    assert 'data-elsewhere=""' in client.get(page_of(other)).content.decode()


def test_the_script_that_stays_may_load_nothing_and_is_never_kept_by_a_cache(vapid: str) -> None:
    answer = Client().get("/push-worker.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert answer["Cache-Control"] == "no-cache"
    script = answer.content.decode()
    assert "fetch" not in script.replace('"fetch"', "")
    assert "caches" not in script


def test_the_page_asks_a_fixed_number_of_questions(vapid: str) -> None:
    who = customer()
    case = submitted(who)
    client = signed_in(who)
    counts = []
    for name in ("none", "one", "two"):
        with CaptureQueriesContext(connection) as asked:
            client.get(page_of(case))
        counts.append(len(asked))
        tell_browser(case=case, **form(name), now=now())
    assert len(set(counts)) == 1
