"""Keys and seals of pictures."""

import base64
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from signoff.config import Config
from signoff.evidence.keys import FILE_NAME, add_first, load, operator_keys, written
from signoff.evidence.sealing import (
    EvidenceKeyError,
    OperatorKeys,
    SealBroken,
    key_id,
    new_key,
    seal,
    unseal,
)

CASE, OTHER_CASE, PICTURE = UUID(int=1), UUID(int=2), UUID(int=3)


@given(st.binary(max_size=200))
def test_what_is_sealed_opens_and_cannot_be_read_before(content: bytes) -> None:
    key = new_key()
    sealed = seal(key, content, case=CASE, evidence=PICTURE)
    assert len(sealed) == len(content) + 28
    assert len(content) < 4 or content not in sealed
    assert unseal(key, sealed, case=CASE, evidence=PICTURE) == content


@given(st.data())
def test_one_changed_bit_breaks_the_seal(data: st.DataObject) -> None:
    key = new_key()
    sealed = bytearray(seal(key, b"a card", case=CASE, evidence=PICTURE))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        unseal(key, bytes(sealed), case=CASE, evidence=PICTURE)


@pytest.mark.parametrize("cut", [0, 5, 12, 27])
def test_a_cut_seal_is_broken_and_no_other_error(cut: int) -> None:
    key = new_key()
    sealed = seal(key, b"", case=CASE, evidence=PICTURE)
    with pytest.raises(SealBroken):
        unseal(key, sealed[:cut], case=CASE, evidence=PICTURE)


def test_what_was_moved_to_another_case_or_picture_does_not_open() -> None:
    key = new_key()
    sealed = seal(key, b"a card", case=CASE, evidence=PICTURE)
    for case, picture in ((OTHER_CASE, PICTURE), (CASE, uuid4())):
        with pytest.raises(SealBroken):
            unseal(key, sealed, case=case, evidence=picture)


def test_two_seals_of_the_same_are_different() -> None:
    key = new_key()
    one, other = (seal(key, b"a card", case=CASE, evidence=PICTURE) for _ in range(2))
    assert one != other


def test_the_first_key_wraps_and_the_others_still_unwrap() -> None:
    old, new, data_key = new_key(), new_key(), new_key()
    wrapped = OperatorKeys([old]).wrap(data_key, CASE)
    both = OperatorKeys([new, old])
    assert both.first_id == key_id(new)
    assert both.unwrap(wrapped, key_id(old), CASE) == data_key
    with pytest.raises(SealBroken):
        both.unwrap(wrapped, key_id(old), OTHER_CASE)
    with pytest.raises(EvidenceKeyError, match=key_id(old)):
        OperatorKeys([new]).unwrap(wrapped, key_id(old), CASE)


def test_keys_do_not_show_themselves() -> None:
    key = new_key()
    shown = repr(OperatorKeys([key])) + repr(
        Config(secret_key="x" * 32, evidence_keys=written(key))
    )
    assert written(key) not in shown and repr(key) not in shown


# Where they come from


def test_a_new_key_goes_in_front_of_those_that_are_there(tmp_path: Path) -> None:
    path = tmp_path / "home" / FILE_NAME
    first = add_first(path)
    second = add_first(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load(path).keys == second.keys == (second.keys[0], *first.keys)
    assert list(path.parent.iterdir()) == [path]


def test_two_commands_do_not_change_the_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    add_first(path)
    (tmp_path / f".{FILE_NAME}.new").touch()
    before = path.read_text()
    with pytest.raises(EvidenceKeyError, match="another command"):
        add_first(path)
    assert path.read_text() == before


def test_a_file_that_others_can_read_or_that_is_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with pytest.raises(EvidenceKeyError, match="keys new-evidence"):
        load(path)
    add_first(path)
    path.chmod(0o640)
    with pytest.raises(EvidenceKeyError, match="chmod 600"):
        load(path)
    path.chmod(0o600)
    for wrong in ("", "short", base64.b64encode(bytes(31)).decode(), "ключ"):
        path.write_text(wrong, "utf-8")
        with pytest.raises(EvidenceKeyError) as error:
            load(path)
        assert not wrong or wrong not in str(error.value)


def test_the_environment_comes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = new_key(), new_key()
    monkeypatch.setenv("SIGNOFF_HOME", str(tmp_path))
    monkeypatch.setenv("SIGNOFF_EVIDENCE_KEYS", f"{written(one)}, {written(two)}")
    assert operator_keys(Config()).keys == (one, two)
    monkeypatch.delenv("SIGNOFF_EVIDENCE_KEYS")
    in_file = add_first(tmp_path / FILE_NAME)
    assert operator_keys(Config()).keys == in_file.keys


@pytest.mark.parametrize("wrong", ["abc", base64.b64encode(bytes(16)).decode(), "%%%"])
def test_a_wrong_key_in_the_environment_is_named_at_start_and_not_shown(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNOFF_EVIDENCE_KEYS", wrong)
    with pytest.raises(ValidationError, match="32 bytes in base64"):
        Config()
