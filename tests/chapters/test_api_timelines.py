"""The timeline for programs: the owner's, and the public one by number and code."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from signoff.closing.models import Case
from signoff.closing.operations import start_draft
from signoff.closing.queries import access_code
from signoff.closing.rules import Scope
from signoff.presentation import wording
from signoff.termination.reasons import why_decided_by
from signoff.termination.rules import StepKind
from tests.desk import at_the_desk, stopped_at
from tests.portal import signed_in
from tests.world import NOON, approved, customer, submitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_tries_before() -> None:
    cache.clear()


def looked_up(case_number: object, code: object, **more: Any) -> Any:
    body = json.dumps({"number": case_number, "code": code})
    return Client().post("/api/v1/status", body, content_type="application/json", **more)


def is_problem(answer: Any, status: int, code: str) -> bool:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["type"] == f"urn:signoff:problem:{code}"
    assert told["detail"]
    return True


def test_a_customer_reads_their_own_case() -> None:
    who = customer()
    case = approved(who)
    told = signed_in(who).get(f"/api/v1/cases/{case.number}").json()
    assert told["number"] == case.number
    assert (told["state"], told["state_words"]) == ("cooling_off", "Time to change your mind")
    assert told["can_undo"] is True
    assert told["undo_until"].startswith("2026-11-2")
    assert [entry["state"] for entry in told["entries"]] == ["done", "done", "now", "next", "next"]
    assert told["entries"][0]["title"] == "You asked us to close"
    assert told["entries"][2]["rules"] == [
        "An approved closing can be undone for 24 hours.",
        "This is our own rule: no law that we know fixes it.",
    ]
    assert told["lines"] == [f"+86\u00a0…\u00a0{who.lines[0].msisdn[-4:]}"]
    assert who.lines[0].msisdn not in json.dumps(told)


def test_the_law_behind_the_promise_is_named_and_a_missing_calendar_too() -> None:
    case = submitted(customer())
    assert [wording.said(sentence) for sentence in why_decided_by(case)] == [
        "A decision takes 15 working days at most.",
        "This is by GB/T 35273-2020, 8.5.",
    ]
    case.decide_by = date(2101, 1, 3)  # nobody announces so far ahead
    assert "2101 is not published yet" in wording.said(why_decided_by(case)[-1])


def test_the_number_may_be_written_in_any_way() -> None:
    who = customer()
    case = submitted(who)
    told = signed_in(who).get(f"/api/v1/cases/{case.number.lower().replace('-', '')}")
    assert told.json()["number"] == case.number


def test_nobody_reads_or_undoes_a_case_of_somebody_else() -> None:
    owner, other = customer(), customer()
    case = submitted(owner)
    for client in (signed_in(other), at_the_desk()):
        assert is_problem(client.get(f"/api/v1/cases/{case.number}"), 404, "not_found")
        assert is_problem(client.post(f"/api/v1/cases/{case.number}/undo"), 404, "not_found")
        assert is_problem(client.get("/api/v1/cases/SO-0000-0000-0"), 404, "not_found")
    assert is_problem(Client().get(f"/api/v1/cases/{case.number}"), 401, "not_signed_in")
    case.refresh_from_db()
    assert case.state == "submitted"


def test_a_draft_is_not_a_case_yet() -> None:
    who = customer()
    draft = start_draft(
        account=who.account, lines=who.lines, scope=Scope.LINE, language="en", now=NOON
    )
    assert is_problem(signed_in(who).get(f"/api/v1/cases/{draft.number}"), 404, "not_found")


def test_undo_works_once_twice_and_not_too_late() -> None:
    who, late = customer(), customer()
    case = submitted(who)
    client = signed_in(who)
    for _time in range(2):
        told = client.post(f"/api/v1/cases/{case.number}/undo")
        assert (told.status_code, told.json()["state"]) == (200, "withdrawn")
    gone = stopped_at(late, StepKind.REFUND)
    answer = signed_in(late).post(f"/api/v1/cases/{gone.number}/undo")
    assert is_problem(answer, 409, "no_such_transition")


def test_a_write_needs_the_token_of_the_session() -> None:
    who = customer()
    case = submitted(who)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(who).cookies
    assert is_problem(strict.post(f"/api/v1/cases/{case.number}/undo"), 403, "csrf")
    assert strict.get(f"/api/v1/cases/{case.number}").json()["state"] == "submitted"


def test_number_and_code_show_the_public_timeline_and_nothing_personal() -> None:
    who = customer()
    case = stopped_at(who, StepKind.CERTIFICATE)
    answer = looked_up(case.number, access_code(case))
    told = answer.json()
    assert answer.status_code == 200
    assert told["state"] == "needs_attention"
    assert {"code": "stop_service", "state": "done"}.items() <= next(
        entry for entry in told["entries"] if entry["code"] == "stop_service"
    ).items()
    for hidden in (who.lines[0].msisdn[-4:], "Li Wei", "75.00", "Visa", "Voice mail", "@"):
        assert hidden not in answer.content.decode().replace(case.number, "")


def test_a_wrong_number_and_a_wrong_code_get_the_same_answer() -> None:
    who = customer()
    case, draft_owner = submitted(who), customer()
    draft = start_draft(
        account=draft_owner.account,
        lines=draft_owner.lines,
        scope=Scope.LINE,
        language="en",
        now=NOON,
    )
    wrong_code = looked_up(case.number, "000000" if access_code(case) != "000000" else "000001")
    answers = [
        wrong_code,
        looked_up("SO-0000-0000-0", access_code(case)),
        looked_up("nothing", "nothing"),
        looked_up(draft.number, access_code(draft)),
        looked_up(case.number, "１２３４５６"),
    ]
    assert is_problem(wrong_code, 404, "no_such_case")
    assert len({answer.content for answer in answers}) == 1


def test_guessing_is_limited_together_with_the_page_from_any_address() -> None:
    case = submitted(customer())
    for step in range(5):
        assert looked_up(case.number, "0", REMOTE_ADDR=f"192.0.2.{step}").status_code == 404
        page = {"number": case.number.lower(), "code": "0"}
        assert Client().post("/status/", page, REMOTE_ADDR=f"198.51.100.{step}").status_code == 200
    answer = looked_up(case.number, access_code(case), REMOTE_ADDR="203.0.113.1")
    assert is_problem(answer, 429, "too_many_tries")
    assert looked_up(submitted(customer()).number, "0").status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code", "fields"),
    [
        (b"{", 400, "bad_json", []),
        (b'{"number": "x",}', 400, "bad_json", []),
        (b"\xff\xfe", 400, "bad_json", []),
        (b"", 422, "unfit_body", [""]),
        (b"[]", 422, "unfit_body", ["number", "code"]),
        (b"null", 422, "unfit_body", ["number", "code"]),
        (b"{}", 422, "unfit_body", ["number", "code"]),
        (b'{"number": 7, "code": null}', 422, "unfit_body", ["number", "code"]),
        (json.dumps({"number": "9" * 41, "code": "1"}).encode(), 422, "unfit_body", ["number"]),
        (b'{"number": "\\u0000", "code": "\\u0000"}', 404, "no_such_case", []),
        (b'{"number": "\\ud800", "code": "\\ud800"}', 422, "unfit_body", ["number", "code"]),
        (b"[" * 100_000, 400, "bad_json", []),
        (b'{"number": "' + b"9" * 300_000 + b'"}', 413, "too_big", []),
    ],
)
def test_a_body_that_does_not_fit_is_told_which_field(
    body: bytes, status: int, code: str, fields: list[str]
) -> None:
    answer = Client().post("/api/v1/status", body, content_type="application/json")
    assert is_problem(answer, status, code)
    assert [error["field"] for error in answer.json().get("errors", [])] == fields


def test_bad_json_says_where() -> None:
    answer = Client().post("/api/v1/status", b'{\n  "number" 1}', content_type="application/json")
    assert answer.json()["detail"] == "The body is not JSON: look at line 2, column 12."


def test_an_address_that_does_not_exist_is_a_problem_and_no_page() -> None:
    for address in ("/api/", "/api/v2/", "/api/v1/nothing", "/api/v1/openapi.json", "/api/v1/docs"):
        assert is_problem(Client().get(address), 404, "not_found")


def test_a_fault_of_ours_shows_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Case:
        raise RuntimeError("secret of ours")

    monkeypatch.setattr("signoff.api.v1.look_up.find", broken)
    answer = looked_up("SO-0000-0000-0", "1")
    assert is_problem(answer, 500, "broken")
    assert "secret" not in answer.content.decode()
