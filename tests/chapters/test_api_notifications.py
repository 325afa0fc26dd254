"""What an SM-DP+ tells us: who may, what it changes, and what it never gives away."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import Client
from structlog.testing import capture_logs

from signoff.accounts.models import Profile
from signoff.api import notifications
from signoff.audit.models import AuditRow
from signoff.kernel.clock import now
from signoff.ports.profile_notifications import PATH
from signoff.sagas.models import Worker
from tests.world import NOON, customer, luhn

pytestmark = pytest.mark.django_db(transaction=True)

FOREIGN = luhn("894900000000000001")


def certificate() -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "smdp.example")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=800))
        .sign(key, hashes.SHA256())
    )


def as_rfc9440(cert: x509.Certificate) -> str:
    der = cert.public_bytes(serialization.Encoding.DER)
    return f":{base64.b64encode(der).decode()}:"


def as_nginx(cert: x509.Certificate) -> str:
    return quote(cert.public_bytes(serialization.Encoding.PEM).decode())


@pytest.fixture(autouse=True)
def heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A logger that was used before the logging was set up anew is deaf."""
    monkeypatch.setattr(notifications, "_log", structlog.get_logger())


@pytest.fixture
def setting(settings: Any) -> Iterator[Any]:
    """Changes settings of the operator."""

    def change(**values: object) -> None:
        settings.SIGNOFF = settings.SIGNOFF.model_copy(update=values)

    yield change


@pytest.fixture
def let_in(setting: Any) -> str:
    """The value of Client-Cert of an SM-DP+ that may call."""
    cert = certificate()
    fingerprint = cert.fingerprint(hashes.SHA256()).hex(":").upper()
    setting(trusted_proxy=True, smdp_callers=[fingerprint])
    return as_rfc9440(cert)


def body(iccid: str, point: object = 4, **more: object) -> dict[str, object]:
    return {
        "header": {"functionRequesterIdentifier": "smdp", "functionCallIdentifier": "FCI-5"},
        "iccid": iccid.ljust(20, "F"),
        "profileType": "t",
        "timestamp": "2026-11-22T13:38:46Z",
        "notificationPointId": point,
        "notificationPointStatus": {"status": "Executed-Success"},
        **more,
    }


def told(content: object, cert: str = "", **more: Any) -> Any:
    headers = {"Client-Cert": cert} if cert else {}
    raw = content if isinstance(content, bytes) else json.dumps(content)
    return Client().post(PATH, raw, content_type="application/json", headers=headers, **more)


@pytest.mark.parametrize(
    ("point", "state"),
    [(3, "downloaded"), (4, "installed"), (101, "enabled"), (102, "disabled"), (5, "deleted")],
)
def test_a_step_of_the_profile_is_written_down(let_in: str, point: int, state: str) -> None:
    profile = customer().lines[0].profile
    answer = told(body(profile.iccid, point), let_in)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["X-Admin-Protocol"].startswith("gsma/rsp/v2")
    profile.refresh_from_db()
    assert profile.state == state
    row = AuditRow.objects.get(event="profile_observed")
    assert row.facts["state"] == state
    assert told(body(profile.iccid, point), let_in).status_code == 204
    assert AuditRow.objects.filter(event="profile_observed").count() == 1


@pytest.mark.parametrize("point", [1, 2, 0, 77, 1000])
def test_a_step_that_says_nothing_of_the_phone_changes_nothing(let_in: str, point: int) -> None:
    profile = customer().lines[0].profile
    assert told(body(profile.iccid, point), let_in).status_code == 204
    profile.refresh_from_db()
    assert profile.state == "released"


@pytest.mark.parametrize(
    ("status", "state"),
    [("Executed-WithWarning", "installed"), ("Failed", "released"), ("Expired", "released")],
)
def test_only_a_step_that_was_done_counts(let_in: str, status: str, state: str) -> None:
    profile = customer().lines[0].profile
    codes = {"subjectCode": "8.2", "reasonCode": "4.2", "message": "Execution error"}
    content = body(
        profile.iccid, notificationPointStatus={"status": status, "statusCodeData": codes}
    )
    assert told(content, let_in).status_code == 204
    profile.refresh_from_db()
    assert profile.state == state


def test_a_profile_that_is_not_ours_gets_the_same_answer_and_no_number_in_the_log(
    let_in: str,
) -> None:
    ours = customer().lines[0].profile
    with capture_logs() as log:
        known = told(body(ours.iccid), let_in)
        unknown = told(body(FOREIGN), let_in)
    assert known.status_code == unknown.status_code == 204
    assert [line["known"] for line in log] == [True, False]
    assert "8949" not in repr(log)
    assert ours.iccid not in repr(log)


def test_both_ways_in_which_a_proxy_hands_a_certificate_on_are_understood(setting: Any) -> None:
    cert = certificate()
    setting(trusted_proxy=True, smdp_callers=[cert.fingerprint(hashes.SHA256()).hex()])
    for header in (as_rfc9440(cert), as_nginx(cert)):
        assert told(body(FOREIGN), header).status_code == 204


def test_without_a_list_any_certificate_that_the_proxy_lets_through_will_do(setting: Any) -> None:
    setting(trusted_proxy=True, smdp_callers=[])
    assert told(body(FOREIGN), as_rfc9440(certificate())).status_code == 204
    assert told(body(FOREIGN)).status_code == 403


def test_a_certificate_that_is_not_on_the_list_is_turned_away(let_in: str) -> None:
    profile = customer().lines[0].profile
    for header in (
        "",
        as_rfc9440(certificate()),
        "::",
        ":AAAA:",
        "rubbish",
        ":",
        "%00",
        let_in[:-9],
    ):
        answer = told(body(profile.iccid), header)
        assert answer.status_code == 403, header
        assert answer["Content-Type"] == "application/problem+json"
    profile.refresh_from_db()
    assert profile.state == "released"


def test_without_a_proxy_that_we_trust_the_header_means_nothing(setting: Any) -> None:
    setting(trusted_proxy=False, smdp_callers=[])
    assert told(body(FOREIGN), as_rfc9440(certificate())).status_code == 403


def test_the_demos_carrier_may_call_from_this_machine_only(setting: Any) -> None:
    setting(demo=True)
    content = body(FOREIGN)
    assert told(content, REMOTE_ADDR="127.0.0.1").status_code == 204
    assert told(content, REMOTE_ADDR="::1").status_code == 204
    for address in ("192.0.2.1", "", "unix:"):
        assert told(content, REMOTE_ADDR=address).status_code == 403
    # Behind a proxy every caller comes from this machine.
    setting(demo=True, trusted_proxy=True)
    assert told(content, REMOTE_ADDR="127.0.0.1").status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"iccid": FOREIGN[:-1] + str((int(FOREIGN[-1]) + 1) % 10)}, "iccid"),
        ({"iccid": "123"}, "iccid"),
        ({"iccid": None}, "iccid"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": "0001-01-01T00:00:00+14:00"}, "timestamp"),
        ({"timestamp": "2026-11-22T13:38:46"}, "timestamp"),
        ({"notificationPointId": "four"}, "notificationPointId"),
        ({"notificationPointId": 4.5}, "notificationPointId"),
        ({"notificationPointId": -1}, "notificationPointId"),
        ({"notificationPointStatus": {"status": "Fine"}}, "notificationPointStatus.status"),
        ({"notificationPointStatus": "Failed"}, "notificationPointStatus"),
        ({"header": {"functionRequesterIdentifier": "x"}}, "header.functionCallIdentifier"),
        ({"eid": "89049032123451234512345678901234"}, "eid"),
    ],
)
def test_a_field_that_does_not_fit_is_named(
    let_in: str, change: dict[str, object], field: str
) -> None:
    answer = told({**body(FOREIGN), **change}, let_in)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400), (b"", 400), (b"\xff", 400), (b"[" * 100_000, 400), (b"[]", 422), (b"7", 422),
        (b'"' + b"x" * 300_000 + b'"', 413),
    ],
)  # fmt: skip
def test_a_body_that_is_no_notification_is_told_so(
    let_in: str, content: bytes, status: int
) -> None:
    answer = told(content, let_in)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_it_is_called_by_post_only(let_in: str) -> None:
    assert Client().get(PATH, headers={"Client-Cert": let_in}).status_code == 405
    assert Profile.objects.count() == 0


def test_health_says_whether_a_worker_lives() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "worker": "none lives"})
    Worker.objects.create(executor="a" * 32, started_at=NOON, seen_at=now())
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "worker": "ok"})
    assert Client().post("/healthz").status_code == 405


def test_ready_is_a_process_whose_database_has_our_tables() -> None:
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok"})
