"""The box's own parts: faults are used up as told, state is kept whole."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.carrier_box.addresses import BoxAddresses
from signoff.carrier_box.faults import Fault, FaultError, FaultKind, Faults, Misbehaviour
from signoff.carrier_box.store import BoxStore, Kind

NOTHING = Misbehaviour()


def test_a_fault_lasts_its_times() -> None:
    faults = Faults()
    faults.add(Fault("hlr", FaultKind.BUSY, "look_up", times=2))
    assert faults.take("hlr", "remove") == NOTHING
    assert faults.take("smdp", "look_up") == NOTHING
    busy = Misbehaviour(kind=FaultKind.BUSY)
    assert [faults.take("hlr", "look_up") for _ in range(3)] == [busy, busy, NOTHING]


def test_without_times_it_lasts_until_cleared() -> None:
    faults = Faults()
    faults.add(Fault("smsc", FaultKind.DOWN))
    assert all(faults.take("smsc", "submit_sm").kind is FaultKind.DOWN for _ in range(20))
    assert faults.is_down("smsc")
    assert not faults.is_down("mail")
    faults.clear()
    assert faults.take("smsc", "submit_sm") == NOTHING


def test_slowness_adds_up_and_the_first_other_fault_counts() -> None:
    faults = Faults()
    faults.add(Fault("hlr", FaultKind.SLOW, times=1, seconds=1))
    faults.add(Fault("hlr", FaultKind.SLOW, "look_up", seconds=0.5))
    faults.add(Fault("hlr", FaultKind.DROP_AFTER, times=1))
    faults.add(Fault("hlr", FaultKind.REFUSE, times=1))
    assert faults.take("hlr", "look_up") == Misbehaviour(1.5, FaultKind.DROP_AFTER)
    assert faults.take("hlr", "look_up") == Misbehaviour(0.5, FaultKind.REFUSE)
    assert faults.take("hlr", "look_up") == Misbehaviour(0.5)


@pytest.mark.parametrize(
    "bad",
    [
        {"system": "fax", "kind": FaultKind.BUSY},
        {"system": "hlr", "kind": "sleepy"},
        {"system": "hlr", "kind": FaultKind.BUSY, "times": 0},
        {"system": "hlr", "kind": FaultKind.SLOW},
        {"system": "hlr", "kind": FaultKind.BUSY, "seconds": 1},
    ],
)
def test_a_fault_that_cannot_be_is_refused_in_words(bad: dict[str, object]) -> None:
    with pytest.raises(FaultError, match=r"none of|must be|belongs"):
        Fault(**bad)  # type: ignore[arg-type]  # that is the point


def test_state_is_there_after_a_restart(tmp_path: Path) -> None:
    first = BoxStore(tmp_path / "box.sqlite3")
    first.put(Kind.LETTERS, "<1@x>", {"subject": "你好"})
    first.record_effect("mail", "deliver", "<1@x>", "key")
    assert first.next_number("n") == 1
    first.close()
    second = BoxStore(tmp_path / "box.sqlite3")
    assert second.all(Kind.LETTERS) == {"<1@x>": {"subject": "你好"}}
    (effect,) = second.effects()
    assert (effect.system, effect.operation, effect.key) == ("mail", "deliver", "key")
    assert second.effects("hlr") == []
    assert second.next_number("n") == 2
    second.close()


def test_what_was_deleted_is_not_seeded_again() -> None:
    store = BoxStore(None)
    assert store.put_new(Kind.SUBSCRIBERS, "1", {"a": 1})
    assert not store.put_new(Kind.SUBSCRIBERS, "1", {"a": 2})
    assert store.delete(Kind.SUBSCRIBERS, "1")
    assert not store.delete(Kind.SUBSCRIBERS, "1")
    assert not store.put_new(Kind.SUBSCRIBERS, "1", {"a": 3})
    assert store.get(Kind.SUBSCRIBERS, "1") is None
    assert store.all(Kind.SUBSCRIBERS) == {}
    store.put(Kind.SUBSCRIBERS, "1", {"a": 4})
    assert store.get(Kind.SUBSCRIBERS, "1") == {"a": 4}


def test_a_change_and_its_effect_are_both_or_neither() -> None:
    store = BoxStore(None)

    def change_and_fail() -> None:
        with store.transaction():
            store.put(Kind.PROFILES, "1", {"state": "unavailable"})
            with store.transaction():
                store.record_effect("smdp", "cancelOrder", "1")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        change_and_fail()
    assert store.all(Kind.PROFILES) == {}
    assert store.effects() == []


def test_addresses_travel_as_one_line() -> None:
    addresses = BoxAddresses("http://127.0.0.1:1", ("h", 2), ("h", 3), ("h", 4), ("h", 5))
    assert "\n" not in addresses.to_json()
    assert BoxAddresses.from_json(addresses.to_json()) == addresses


@given(st.text() | st.sampled_from(["{}", "[]", '{"http_url": 1, "hlr_ctrl": ["a"]}', "null"]))
def test_other_lines_are_no_addresses(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        BoxAddresses.from_json(line)
