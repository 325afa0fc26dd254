"""What osmo-hlr sends is read strictly: it fits, or it is a permanent error with the text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from signoff.adapters.osmo_hlr.ctrl import framed, parse_answer
from signoff.adapters.osmo_hlr.subscriber import parse_info
from signoff.adapters.osmo_hlr.vty import parse_output
from signoff.kernel.identifiers import Imsi
from signoff.ports.errors import Permanent

IMSI = Imsi("262420000000001")
RECORDED = (
    "\nid\t1\nimsi\t262420000000001\nmsisdn\t491710000001\nnam_cs\t1\nnam_ps\t0\nms_purged_cs\t0"
    "\nms_purged_ps\t0\nperiodic_lu_timer\t0\nperiodic_rau_tau_timer\t0\nlmsi\t00000000"
)
texts = st.text(st.characters(codec="utf-8"), max_size=200)


def test_the_recorded_information_is_read() -> None:
    access = parse_info(RECORDED, imsi=IMSI)
    assert (access.msisdn_digits, access.circuits, access.packets) == ("491710000001", True, False)
    assert access.any
    assert not access.all


@pytest.mark.parametrize(
    "text",
    [
        "",
        RECORDED.replace("nam_cs\t1", "nam_cs\tyes"),
        RECORDED.replace("\nnam_ps\t0", ""),
        RECORDED.replace("262420000000001", "262420000000002"),
        RECORDED.replace("id\t1", "id 1"),
        RECORDED + "\nnam_cs\t0",
        RECORDED.replace("491710000001", "+491710000001"),
    ],
)
def test_information_that_does_not_fit_is_permanent(text: str) -> None:
    with pytest.raises(Permanent) as refusal:
        parse_info(text, imsi=IMSI)
    assert refusal.value.raw == text
    assert IMSI not in refusal.value.detail


@given(texts)
def test_any_information_is_read_or_permanent(text: str) -> None:
    with pytest.raises(Permanent):
        parse_info(text, imsi=IMSI)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z_]{1,12}", fullmatch=True), st.from_regex(r"\w*", fullmatch=True)
    )
)
def test_unknown_fields_change_nothing(more: dict[str, str]) -> None:
    extra = {name: value for name, value in more.items() if f"\n{name}\t" not in RECORDED}
    text = RECORDED + "".join(f"\n{name}\t{value}" for name, value in extra.items())
    assert parse_info(text, imsi=IMSI) == parse_info(RECORDED, imsi=IMSI)


def ask(text: str) -> object:
    return parse_answer(text, verb="GET", number=7, variable="v.info")


def test_answers_are_told_from_errors_traps_and_others_answers() -> None:
    found = parse_answer("GET_REPLY 7 v.info \na\tb", verb="GET", number=7, variable="v.info")
    assert found is not None
    assert (found.value, found.error) == ("\na\tb", None)
    failed = parse_answer("ERROR 7 No such subscriber.", verb="GET", number=7, variable="v.info")
    assert failed is not None
    assert failed.error == "No such subscriber."
    assert ask("TRAP 0 location-state x") is None
    assert ask("GET_REPLY 6 v.info late") is None
    assert ask("ERROR 6 late") is None


@pytest.mark.parametrize(
    "text",
    ["", "GET_REPLY", "GET_REPLY 7", "SET_REPLY 7 v.info OK", "GET_REPLY 7 other 1", "hello"],
)
def test_an_answer_that_does_not_fit_is_permanent(text: str) -> None:
    with pytest.raises(Permanent):
        ask(text)


@given(texts)
@example("ERROR 7 \n")
def test_any_answer_is_ours_anothers_or_permanent(text: str) -> None:
    try:
        ask(text)
    except Permanent as refusal:
        assert refusal.system == "hlr"


@given(st.text(st.characters(codec="ascii"), max_size=60_000))
def test_a_frame_says_its_length(text: str) -> None:
    frame = framed(text)
    assert int.from_bytes(frame[:2], "big") == len(frame) - 3
    assert frame[2:4] == b"\xee\x00"
    assert frame[4:].decode() == text


PROMPT = "OsmoHLR# "
lines = st.lists(
    st.text(st.characters(codec="ascii", exclude_characters="\n"), max_size=40).filter(
        lambda line: not line.startswith(PROMPT)
    ),
    max_size=5,
)


@given(lines, st.integers(1, 3))
def test_output_stands_between_the_echo_and_the_first_prompt(
    output: list[str], prompts: int
) -> None:
    text = "\n".join(["show x", *output, *[PROMPT] * prompts])
    assert parse_output(text, line="show x", prompt=PROMPT) == "\n".join(output)


@pytest.mark.parametrize("text", ["", "show x", "show x\n% half", f"show y\n{PROMPT}", PROMPT])
def test_output_without_echo_or_prompt_is_permanent(text: str) -> None:
    with pytest.raises(Permanent):
        parse_output(text, line="show x", prompt=PROMPT)
