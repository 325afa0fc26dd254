"""What the answers of an SM-DP+ mean, and what it tells us on its own."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from signoff.adapters.es2plus.messages import FunctionExecutionStatus
from signoff.adapters.es2plus.orders import function_call_identifier
from signoff.adapters.es2plus.outcomes import withdrawal
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.profile_notifications import DownloadProgress, NotificationPoint
from signoff.ports.profiles import Withdrawal


def status(name: str, subject: str = "", reason: str = "") -> FunctionExecutionStatus:
    codes = {"subjectCode": subject, "reasonCode": reason} if subject else None
    return FunctionExecutionStatus.model_validate({"status": name, "statusCodeData": codes})


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (status("Executed-Success"), Withdrawal.WITHDRAWN),
        (status("Executed-WithWarning", "8.2.1", "3.9"), Withdrawal.WITHDRAWN),
        (status("Failed", "8.2.1", "3.3"), Withdrawal.DOWNLOADED),
        (status("Failed", "8.2.1", "3.7"), Withdrawal.ALREADY_WITHDRAWN),
    ],
)
def test_outcomes(answer: FunctionExecutionStatus, outcome: Withdrawal) -> None:
    assert withdrawal(answer, raw="") is outcome


codes = st.from_regex(r"[1-9](\.[0-9]{1,2}){0,3}", fullmatch=True)


@given(codes, codes)
def test_every_other_failure_is_permanent_and_names_its_codes(subject: str, reason: str) -> None:
    if subject == "8.2.1" and reason in ("3.3", "3.7"):
        return
    with pytest.raises(Permanent, match="cancelOrder failed") as refusal:
        withdrawal(status("Failed", subject, reason), raw="as it came")
    assert subject in refusal.value.detail
    assert reason in refusal.value.detail
    assert refusal.value.raw == "as it came"


def test_expired_was_not_done() -> None:
    with pytest.raises(Temporary):
        withdrawal(status("Expired"), raw="")


@given(st.text(max_size=300), st.text(max_size=300))
def test_calls_are_named_after_their_key(one: str, other: str) -> None:
    name = function_call_identifier(one)
    assert name.isascii()
    assert 1 <= len(name) <= 100
    assert (name == function_call_identifier(other)) == (one == other)


NOTIFICATION: dict[str, Any] = {
    "header": {"functionRequesterIdentifier": "smdp", "functionCallIdentifier": "FCI-5"},
    "eid": "89049032123451234512345678901235",
    "iccid": "8986011234567890128F",
    "profileType": "t",
    "timestamp": "2026-11-22T13:38:46Z",
    "notificationPointId": 4,
    "notificationPointStatus": {"status": "Executed-Success"},
    "resultData": "MAA=",
}


def test_a_notification_is_read_without_its_padding() -> None:
    told = DownloadProgress.model_validate_json(json.dumps(NOTIFICATION))
    assert told.iccid == "8986011234567890128"
    assert told.point is NotificationPoint.INSTALLED
    assert told.succeeded


def test_numbers_may_come_as_text_and_points_may_be_unknown() -> None:
    told = DownloadProgress.model_validate(NOTIFICATION | {"notificationPointId": "77"})
    assert told.notification_point_id == 77
    assert told.point is None


def test_a_failure_is_no_success() -> None:
    failed = {
        "status": "Failed",
        "statusCodeData": {"subjectCode": "8.2.7", "reasonCode": "6.4"},
    }
    told = DownloadProgress.model_validate(NOTIFICATION | {"notificationPointStatus": failed})
    assert not told.succeeded


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("iccid", "123"),
        ("iccid", "8986011234567890129F"),
        ("eid", "1"),
        ("timestamp", "2026-11-22T13:38:46"),
        ("timestamp", "yesterday"),
        ("notificationPointId", -1),
        ("notificationPointId", "x"),
        ("notificationPointStatus", {"status": "Done"}),
        ("header", {}),
        ("resultData", "x" * 100_001),
    ],
)
def test_a_notification_that_does_not_fit_names_the_field(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as misfit:
        DownloadProgress.model_validate(NOTIFICATION | {field: value})
    assert misfit.value.errors()[0]["loc"][0] == field


@pytest.mark.parametrize(
    "field", sorted(NOTIFICATION.keys() - {"eid", "resultData", "profileType"})
)
def test_a_notification_must_have(field: str) -> None:
    less = {name: value for name, value in NOTIFICATION.items() if name != field}
    with pytest.raises(ValidationError):
        DownloadProgress.model_validate(less)
