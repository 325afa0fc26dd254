"""ES2+: the contract with an SM-DP+, kept with the box, also under mutual TLS."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from signoff.adapters.es2plus import Es2Plus
from signoff.kernel.identifiers import Eid, Iccid
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.profile_notifications import DownloadProgress, NotificationPoint
from signoff.ports.profiles import Withdrawal
from tests.peers.authority import Authority
from tests.peers.box import RunningBox, running_box
from tests.peers.recorder import recorder

ICCID = Iccid.parse("8986011234567890128")
EID = Eid.parse("89049032123451234512345678901235")
PATH = "/gsma/rsp2/es2plus/cancelOrder"


def smdp(url: str, **more: Any) -> Es2Plus:
    return Es2Plus(url, requester="1.3.6.1.4.1.31746.1.500", **{"timeout": 5, **more})


@pytest.fixture
def orders(box: RunningBox) -> Es2Plus:
    box.profile(ICCID, eid=EID)
    return smdp(box.addresses.http_url)


def withdraw(orders: Es2Plus, key: str = "SO-1:profile.withdraw", **more: Any) -> Withdrawal:
    asked = {"iccid": ICCID, "eid": EID, "matching_id": "AB-12", **more}
    return orders.withdraw(**asked, key=key).outcome


def test_an_order_is_withdrawn_and_a_repeat_says_so(box: RunningBox, orders: Es2Plus) -> None:
    answer = orders.withdraw(iccid=ICCID, eid=EID, matching_id="AB-12", key="SO-1:withdraw")
    assert answer.outcome is Withdrawal.WITHDRAWN
    assert answer.function_call_identifier == "SO-1:withdraw"
    assert withdraw(orders) is Withdrawal.ALREADY_WITHDRAWN
    (effect,) = box.effects("smdp")
    assert (effect["subject"], effect["key"]) == (ICCID, "SO-1:withdraw")
    assert box.row("profiles", ICCID)["state"] == "unavailable"


def test_without_eid_and_matching_id_the_iccid_is_enough(orders: Es2Plus) -> None:
    assert withdraw(orders, eid=None, matching_id="") is Withdrawal.WITHDRAWN


@pytest.mark.parametrize("does", [["download"], ["download", "install", "enable"]])
def test_a_profile_on_a_device_is_told_apart(
    box: RunningBox, orders: Es2Plus, does: list[str]
) -> None:
    for step in does:
        box.phone(ICCID, step)
    assert withdraw(orders) is Withdrawal.DOWNLOADED
    assert box.effects("smdp") == []


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({"iccid": Iccid.parse("8986011234567890110")}, "8.2.1, reason 3.9"),
        ({"eid": Eid.parse("89049032000000000000000000000066")}, "8.1.1, reason 3.10"),
        ({"matching_id": "OTHER"}, "8.2.6, reason 3.10"),
    ],
)
def test_a_failure_under_http_200_is_permanent(
    box: RunningBox, orders: Es2Plus, more: dict[str, Any], codes: str
) -> None:
    with pytest.raises(Permanent, match=f"subject {codes}") as refusal:
        withdraw(orders, **more)
    assert "statusCodeData" in refusal.value.raw
    assert box.effects("smdp") == []


def test_a_refusal_is_permanent(box: RunningBox, orders: Es2Plus) -> None:
    box.fault("smdp", "refuse")
    with pytest.raises(Permanent, match=r"8\.2\.1, reason 1\.2"):
        withdraw(orders)


@pytest.mark.parametrize("kind", ["busy", "down", "drop_before"])
def test_no_answer_is_temporary_and_changed_nothing(
    box: RunningBox, orders: Es2Plus, kind: str
) -> None:
    box.fault("smdp", kind)
    with pytest.raises(Temporary):
        withdraw(orders)
    assert box.effects("smdp") == []


def test_too_slow_is_temporary(box: RunningBox) -> None:
    box.profile(ICCID)
    box.fault("smdp", "slow", seconds=3)
    with pytest.raises(Temporary, match="too long"):
        withdraw(smdp(box.addresses.http_url, timeout=0.3), eid=None)


def test_after_a_lost_answer_a_repeat_finds_it_done(box: RunningBox, orders: Es2Plus) -> None:
    box.fault("smdp", "drop_after", times=1)
    with pytest.raises(Temporary):
        withdraw(orders)
    assert withdraw(orders) is Withdrawal.ALREADY_WITHDRAWN
    assert len(box.effects("smdp")) == 1


def test_an_answer_said_twice_spoils_nothing(box: RunningBox, orders: Es2Plus) -> None:
    box.fault("smdp", "twice", times=1)
    assert withdraw(orders) is Withdrawal.WITHDRAWN
    assert withdraw(orders) is Withdrawal.ALREADY_WITHDRAWN
    assert len(box.effects("smdp")) == 1


def test_garbage_is_permanent_with_its_text(box: RunningBox, orders: Es2Plus) -> None:
    box.fault("smdp", "garbage")
    with pytest.raises(Permanent, match="does not fit") as refusal:
        withdraw(orders)
    assert "It works!" in refusal.value.raw


def test_somebody_answers(orders: Es2Plus) -> None:
    assert "127.0.0.1" in orders.ping()


def test_nobody_answers() -> None:
    with pytest.raises(Temporary):
        smdp("http://127.0.0.1:9").ping()


def test_the_box_takes_only_what_the_standard_allows(box: RunningBox, orders: Es2Plus) -> None:
    url = box.addresses.http_url + PATH
    right = {"X-Admin-Protocol": "gsma/rsp/v2.5.0"}
    assert httpx.post(url, json={}).status_code == 400
    assert httpx.post(url, content=b"{", headers=right).status_code == 400
    failed = httpx.post(url, json={"iccid": ICCID}, headers=right)
    assert failed.status_code == 200
    assert failed.json()["header"]["functionExecutionStatus"]["status"] == "Failed"


SUCCESS = b'{"header":{"functionExecutionStatus":{"status":"Executed-Success"}}}'


def test_what_is_sent_is_what_the_standard_asks_for() -> None:
    with recorder((200, SUCCESS)) as (url, seen):
        assert withdraw(smdp(url), key="SO-1:profile.withdraw") is Withdrawal.WITHDRAWN
    ((path, headers, body),) = seen
    assert path == PATH
    assert headers["X-Admin-Protocol"] == "gsma/rsp/v2.5.0"
    assert headers["Content-Type"] == "application/json"
    assert body == {
        "header": {
            "functionRequesterIdentifier": "1.3.6.1.4.1.31746.1.500",
            "functionCallIdentifier": "SO-1:profile.withdraw",
        },
        "iccid": f"{ICCID}F",
        "eid": EID,
        "matchingId": "AB-12",
        "finalProfileStatusIndicator": "Unavailable",
    }


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (500, b"oops", Temporary),
        (503, b"", Temporary),
        (429, b"", Temporary),
        (400, b"bad", Permanent),
        (401, b"", Permanent),
        (302, b"", Permanent),
        (204, b"", Permanent),
        (200, b"", Permanent),
        (200, b"[]", Permanent),
        (200, b'{"header":{}}', Permanent),
        (200, b'{"header":{"functionExecutionStatus":{"status":"Done"}}}', Permanent),
        (200, b'{"header":{"functionExecutionStatus":{"status":"Failed"}}}', Permanent),
        (200, b'{"header":{"functionExecutionStatus":{"status":"Expired"}}}', Temporary),
    ],
)
def test_every_other_answer_is_sorted(status: int, content: bytes, error: type[Exception]) -> None:
    with recorder((status, content)) as (url, _), pytest.raises(error):
        withdraw(smdp(url))


def test_mutual_tls_shows_both_who_the_other_is(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server, client = authority.issue("localhost"), authority.issue("signoff")
    with recorder((200, SUCCESS), tls=authority.server_context(server)) as (url, _):
        orders = smdp(url, client_cert=client, ca=authority.certificate)
        assert withdraw(orders) is Withdrawal.WITHDRAWN


def test_without_our_certificate_the_smdp_does_not_speak(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    context = authority.server_context(authority.issue("localhost"))
    with recorder((200, SUCCESS), tls=context) as (url, seen):
        with pytest.raises((Permanent, Temporary)):
            withdraw(smdp(url, ca=authority.certificate))
        assert seen == []


def test_an_smdp_of_another_authority_is_not_trusted(tmp_path: Path) -> None:
    ours, theirs = Authority(tmp_path / "ours"), Authority(tmp_path / "theirs")
    context = theirs.server_context(theirs.issue("localhost"))
    with recorder((200, SUCCESS), tls=context) as (url, seen):
        with pytest.raises(Permanent, match="no trust"):
            withdraw(smdp(url, client_cert=ours.issue("signoff"), ca=ours.certificate))
        assert seen == []


def test_the_operator_hears_what_phones_do() -> None:
    with recorder((204, b"")) as (operator, seen), running_box(operator_url=operator) as box:
        box.profile(ICCID, eid=EID)
        for does in ("download", "install", "enable", "delete"):
            assert box.phone(ICCID, does)["operator_answered"] == 204
    paths = {path for path, _, _ in seen}
    assert paths == {"/gsma/rsp2/es2plus/handleDownloadProgressInfo"}
    told = [DownloadProgress.model_validate(body) for _, _, body in seen]
    assert [step.point for step in told] == [
        NotificationPoint.DOWNLOADED,
        NotificationPoint.INSTALLED,
        NotificationPoint.ENABLED,
        NotificationPoint.DELETED,
    ]
    assert {(step.iccid, step.eid, step.succeeded) for step in told} == {(ICCID, EID, True)}
