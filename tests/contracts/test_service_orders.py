"""TMF641: the contract with a service order system, kept with the box."""

import time
from typing import Any

import httpx
import pytest

from signoff.adapters.tmf641 import Tmf641
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.services import OrderState
from tests.contracts.tmf641 import misfits
from tests.peers.box import RunningBox
from tests.peers.recorder import recorder

PATH = "/tmf-api/serviceOrdering/v4/serviceOrder"
SERVICE, KEY = "SVC-0001", "SO-1:services.end:SVC-0001"


@pytest.fixture
def orders(box: RunningBox) -> Tmf641:
    box.put("services", SERVICE, {"line": "L1", "name": "Voice mail", "state": "active"})
    return Tmf641(box.addresses.http_url, timeout=5)


def ended(orders: Tmf641, key: str = KEY) -> OrderState:
    """The state when the order is no longer under way."""
    ends = time.monotonic() + 5
    while time.monotonic() < ends:
        found = orders.find_order(key=key)
        assert found is not None
        if found.state is not OrderState.IN_PROGRESS:
            return found.state
        time.sleep(0.05)
    raise AssertionError("the order does not end")


def test_a_service_is_ordered_to_end_and_ends(box: RunningBox, orders: Tmf641) -> None:
    answer = orders.cease(service=SERVICE, key=KEY)
    assert answer.state is OrderState.IN_PROGRESS
    assert ended(orders) is OrderState.COMPLETED
    assert box.row("services", SERVICE)["state"] == "terminated"
    (effect,) = box.effects("services", "cease")
    assert (effect["subject"], effect["key"]) == (SERVICE, KEY)


def test_ordering_again_is_the_same_order(box: RunningBox, orders: Tmf641) -> None:
    first = orders.cease(service=SERVICE, key=KEY)
    again = orders.cease(service=SERVICE, key=KEY)
    assert again.reference == first.reference
    ended(orders)
    assert orders.cease(service=SERVICE, key=KEY).state is OrderState.COMPLETED
    assert len(box.effects("services", "create")) == 1


def test_an_order_that_nobody_made_is_not_found(orders: Tmf641) -> None:
    assert orders.find_order(key="SO-9:nothing") is None


def test_after_a_lost_answer_the_order_is_found_and_not_made_twice(
    box: RunningBox, orders: Tmf641
) -> None:
    box.fault("services", "drop_after", "create", times=1)
    with pytest.raises(Temporary):
        orders.cease(service=SERVICE, key=KEY)
    orders.cease(service=SERVICE, key=KEY)
    assert len(box.effects("services", "create")) == 1


@pytest.mark.parametrize("kind", ["busy", "down", "drop_before"])
def test_no_answer_is_temporary_and_changed_nothing(
    box: RunningBox, orders: Tmf641, kind: str
) -> None:
    for operation in ("create", "find"):
        box.fault("services", kind, operation)
        with pytest.raises(Temporary):
            orders.cease(service=SERVICE, key=KEY)
        box.clear_faults()
    assert box.effects("services") == []


def test_too_slow_is_temporary(box: RunningBox, orders: Tmf641) -> None:
    box.fault("services", "slow", seconds=3)
    with pytest.raises(Temporary, match="too long"):
        Tmf641(box.addresses.http_url, timeout=0.3).find_order(key=KEY)


def test_an_order_that_fails_says_so(box: RunningBox, orders: Tmf641) -> None:
    box.fault("services", "refuse", "complete", times=1)
    orders.cease(service=SERVICE, key=KEY)
    assert ended(orders) is OrderState.FAILED
    assert box.row("services", SERVICE)["state"] == "active"


def test_what_was_ordered_before_a_reset_ends_no_order_that_came_after_it(
    box: RunningBox, orders: Tmf641
) -> None:
    orders.cease(service=SERVICE, key=KEY)
    row = box.row("services", SERVICE)
    box.reset()
    box.put("services", SERVICE, row)
    box.fault("services", "slow", "complete", seconds=60)
    orders.cease(service=SERVICE, key=KEY)
    time.sleep(0.5)  # longer than the first one takes
    found = orders.find_order(key=KEY)
    assert found is not None
    assert found.state is OrderState.IN_PROGRESS


def test_a_slow_order_is_in_progress(box: RunningBox, orders: Tmf641) -> None:
    box.fault("services", "slow", "complete", seconds=60)
    orders.cease(service=SERVICE, key=KEY)
    found = orders.find_order(key=KEY)
    assert found is not None
    assert found.state is OrderState.IN_PROGRESS


def test_a_refusal_is_permanent_with_its_text(box: RunningBox, orders: Tmf641) -> None:
    with pytest.raises(Permanent, match="HTTP 400") as refusal:
        orders.cease(service="SVC-unknown", key="SO-1:other")
    assert "unknownService" in refusal.value.raw
    box.fault("services", "refuse", "create")
    with pytest.raises(Permanent, match="HTTP 403"):
        orders.cease(service=SERVICE, key=KEY)


def test_garbage_is_permanent_with_its_text(box: RunningBox, orders: Tmf641) -> None:
    box.fault("services", "garbage", "create")
    with pytest.raises(Permanent, match="does not fit") as refusal:
        orders.cease(service=SERVICE, key=KEY)
    assert "It works!" in refusal.value.raw


def test_an_answer_said_twice_spoils_nothing(box: RunningBox, orders: Tmf641) -> None:
    box.fault("services", "twice")
    first = orders.cease(service=SERVICE, key=KEY)
    assert orders.cease(service=SERVICE, key=KEY).reference == first.reference
    assert len(box.effects("services", "create")) == 1


def test_somebody_answers(orders: Tmf641) -> None:
    assert "127.0.0.1" in orders.ping()
    with pytest.raises(Temporary):
        Tmf641("http://127.0.0.1:9", timeout=1).ping()


def test_what_is_sent_fits_the_standard() -> None:
    created = b'{"id":"1","state":"acknowledged"}'
    with recorder((201, created), get=(200, b"[]")) as (url, seen):
        answer = Tmf641(url, timeout=5, token="secret").cease(service=SERVICE, key=KEY)
    assert answer.reference == "1"
    asked, (path, headers, body) = seen
    assert asked[0] == f"{PATH}?externalId=SO-1%3Aservices.end%3ASVC-0001"
    assert asked[1]["Authorization"] == "Bearer secret"
    assert path == PATH
    assert headers["Content-Type"] == "application/json"
    assert misfits(body, "ServiceOrder_Create") == []
    assert body["externalId"] == KEY
    (item,) = body["serviceOrderItem"]
    assert (item["action"], item["service"]["id"]) == ("delete", SERVICE)


def test_the_box_answers_what_the_standard_says(box: RunningBox, orders: Tmf641) -> None:
    orders.cease(service=SERVICE, key=KEY)
    ended(orders)
    (order,) = httpx.get(box.addresses.http_url + PATH).json()
    assert misfits(order, "ServiceOrder") == []
    assert httpx.get(box.addresses.http_url + order["href"]).json() == order
    for body in (b"{", b"{}", b'{"serviceOrderItem": []}'):
        refused = httpx.post(box.addresses.http_url + PATH, content=body)
        assert refused.status_code == 400
        assert misfits(refused.json(), "Error") == []


@pytest.mark.parametrize("broken", [{"serviceOrderItem": "x"}, {"surprise": 1}, {}, []])
def test_the_check_against_the_standard_can_fail(broken: Any) -> None:
    assert misfits(broken, "ServiceOrder_Create")


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("acknowledged", OrderState.IN_PROGRESS),
        ("pending", OrderState.IN_PROGRESS),
        ("held", OrderState.IN_PROGRESS),
        ("inProgress", OrderState.IN_PROGRESS),
        ("assessingCancellation", OrderState.IN_PROGRESS),
        ("pendingCancellation", OrderState.IN_PROGRESS),
        ("completed", OrderState.COMPLETED),
        ("rejected", OrderState.FAILED),
        ("cancelled", OrderState.FAILED),
        ("failed", OrderState.FAILED),
        ("partial", OrderState.FAILED),
    ],
)
def test_every_state_of_the_standard_means_something(state: str, outcome: OrderState) -> None:
    found = f'[{{"id":"7","externalId":"{KEY}","state":"{state}"}}]'.encode()
    with recorder((201, b""), get=(200, found)) as (url, _):
        answer = Tmf641(url, timeout=5).find_order(key=KEY)
    assert answer is not None
    assert (answer.reference, answer.state) == ("7", outcome)


def test_of_several_orders_with_one_key_the_best_counts() -> None:
    states = ["failed", "completed", "inProgress"]
    rows = ",".join(
        f'{{"id":"{n}","externalId":"{KEY}","state":"{s}"}}' for n, s in enumerate(states)
    )
    with recorder((201, b""), get=(200, f"[{rows}]".encode())) as (url, _):
        answer = Tmf641(url, timeout=5).find_order(key=KEY)
    assert answer is not None
    assert answer.reference == "1"


def test_a_system_that_ignores_the_question_is_not_ordered_from() -> None:
    """Otherwise a repeat would order twice, or another's order would count as ours."""
    other = b'[{"id":"7","externalId":"somebody-else","state":"completed"}]'
    with (
        recorder((201, b'{"id":"8"}'), get=(200, other)) as (url, seen),
        pytest.raises(Permanent, match="ignores externalId"),
    ):
        Tmf641(url, timeout=5).cease(service=SERVICE, key=KEY)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (500, b"", Temporary),
        (429, b"", Temporary),
        (401, b"", Permanent),
        (404, b"", Permanent),
        (200, b"{}", Permanent),
        (200, b'[{"id":""}]', Permanent),
        (200, b'[{"id":"1","state":"done"}]', Permanent),
    ],
)
def test_every_other_answer_is_sorted(status: int, content: bytes, error: type[Exception]) -> None:
    with recorder((201, b""), get=(status, content)) as (url, _), pytest.raises(error):
        Tmf641(url, timeout=5).find_order(key=KEY)
