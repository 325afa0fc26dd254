"""The subscriber register: one contract, kept with Debian's osmo-hlr and with the box alike."""

import itertools
import os
import socket
import struct
from dataclasses import dataclass

import pytest

from signoff.adapters.osmo_hlr import OsmoHlr
from signoff.kernel.identifiers import Imsi
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.network import Subscriber
from tests.peers.box import RunningBox, running_box
from tests.peers.osmo_hlr import RunningHlr, ServingNode

_numbers = itertools.count(os.getpid() % 10_000 * 1000 + 1)


@dataclass(frozen=True, slots=True)
class Peer:
    """A subscriber register, real or ours."""

    ctrl: tuple[str, int]
    vty: tuple[str, int]

    @property
    def register(self) -> OsmoHlr:
        return OsmoHlr(ctrl=self.ctrl, vty=self.vty, timeout=5)

    def ask(self, *requests: str) -> list[str]:
        """Raw CTRL texts, one connection."""
        with socket.create_connection(self.ctrl, 5) as connection:
            return [_ask(connection, request) for request in requests]

    def subscriber(self, msisdn: str = "") -> Imsi:
        """A new one, with service."""
        imsi = Imsi.parse(f"26242{next(_numbers):010d}")
        self.ask(f"SET 1 subscriber.create {imsi}")
        if msisdn:
            self.ask(f"SET 2 subscriber.by-imsi-{imsi}.msisdn {msisdn}")
        return imsi


def _ask(connection: socket.socket, text: str) -> str:
    content = text.encode()
    connection.sendall(struct.pack(">HBB", len(content) + 1, 0xEE, 0x00) + content)
    header = _exactly(connection, 4)
    length, protocol, extension = struct.unpack(">HBB", header)
    assert (protocol, extension) == (0xEE, 0x00)
    return _exactly(connection, length - 1).decode()


def _exactly(connection: socket.socket, length: int) -> bytes:
    content = b""
    while len(content) < length:
        part = connection.recv(length - len(content))
        assert part, f"hung up after {content!r}"
        content += part
    return content


@pytest.fixture(params=["box", "osmo-hlr"])
def peer(request: pytest.FixtureRequest) -> Peer:
    if request.param == "box":
        box: RunningBox = request.getfixturevalue("box")
        return Peer(box.addresses.hlr_ctrl, box.addresses.hlr_vty)
    hlr: RunningHlr = request.getfixturevalue("osmo_hlr")
    return Peer(hlr.ctrl, hlr.vty)


def test_it_knows_a_subscriber_with_service(peer: Peer) -> None:
    imsi = peer.subscriber(msisdn=f"49171{next(_numbers):08d}")
    found = peer.register.look_up(imsi)
    assert found is not None
    assert found.has_service
    assert found.imsi == imsi
    assert found.msisdn_digits.startswith("49171")


def test_a_subscriber_may_have_no_number(peer: Peer) -> None:
    imsi = peer.subscriber()
    assert peer.register.look_up(imsi) == Subscriber(imsi, msisdn_digits="", has_service=True)


def test_an_unknown_subscriber_is_none(peer: Peer) -> None:
    assert peer.register.look_up(Imsi("262429999999999")) is None


def test_service_stops_and_comes_back(peer: Peer) -> None:
    imsi, register = peer.subscriber(), peer.register
    for _ in range(2):  # each may be repeated
        register.stop_service(imsi)
        assert register.look_up(imsi) == Subscriber(imsi, msisdn_digits="", has_service=False)
    for _ in range(2):
        register.restore_service(imsi)
        assert register.look_up(imsi) == Subscriber(imsi, msisdn_digits="", has_service=True)


@pytest.mark.parametrize("half", ["cs", "ps"])
def test_half_a_service_is_a_service(peer: Peer, half: str) -> None:
    imsi = peer.subscriber()
    peer.ask(f"SET 1 subscriber.by-imsi-{imsi}.{half}-enabled 0")
    found = peer.register.look_up(imsi)
    assert found is not None
    assert found.has_service


def test_removing_is_verified_and_may_be_repeated(peer: Peer) -> None:
    imsi, register = peer.subscriber(), peer.register
    register.remove(imsi)
    assert register.look_up(imsi) is None
    register.remove(imsi)


def test_there_is_nothing_to_stop_or_restore_for_an_unknown_subscriber(peer: Peer) -> None:
    unknown = Imsi("262429999999998")
    with pytest.raises(Permanent, match="no such subscriber"):
        peer.register.stop_service(unknown)
    with pytest.raises(Permanent, match="no such subscriber"):
        peer.register.restore_service(unknown)


def test_what_it_refuses_is_permanent_and_told(peer: Peer) -> None:
    with pytest.raises(Permanent, match="Invalid value part") as refusal:
        peer.register.look_up(Imsi("999"))
    assert "ERROR" in refusal.value.raw
    assert "999" not in refusal.value.detail
    with pytest.raises(Permanent, match="Invalid IMSI value"):
        peer.register.remove(Imsi("999"))


def test_it_says_who_it_is(peer: Peer) -> None:
    assert peer.register.ping().startswith("OsmoHLR ")


BY_IMSI = "subscriber.by-imsi-{imsi}"
CTRL_TRANSCRIPT = [
    (f"GET 3 {BY_IMSI}.cs-enabled", f"GET_REPLY 3 {BY_IMSI}.cs-enabled 1"),
    (f"SET 4 {BY_IMSI}.cs-enabled 0", f"SET_REPLY 4 {BY_IMSI}.cs-enabled OK"),
    (f"GET 5 {BY_IMSI}.cs-enabled", f"GET_REPLY 5 {BY_IMSI}.cs-enabled 0"),
    (f"SET 7 {BY_IMSI}.ps-enabled yes", "ERROR 7 Value failed verification."),
    ("GET 8 subscriber.by-imsi-999.info", "ERROR 8 Invalid value part of 'by-xxx-value' selector."),
    ("GET 9 subscriber.by-imsi-262429999999997.info", "ERROR 9 No such subscriber."),
    ("GET 10 nosuch", "ERROR 10 Command not found"),
    ("SET 12 subscriber.create {imsi}", "ERROR 12 Subscriber already exists."),
    ("SET 13 subscriber.create 26", "ERROR 13 Invalid IMSI value."),
    (f"SET 14 {BY_IMSI}.msisdn abc", "ERROR 14 Value failed verification."),
    (f"GET 15 {BY_IMSI}.msisdn", f"GET_REPLY 15 {BY_IMSI}.msisdn none"),
    ("SET 18 subscriber.delete 262429999999997", "ERROR 18 Subscriber doesn't exist."),
    ("GET 20", "ERROR 20 GET incomplete"),
    ("SET 21", "ERROR 21 SET incomplete"),
    ("FOO 22 x", "ERROR err Request type unknown"),
    ("GET x y", "ERROR err Invalid message ID number"),
    (f"SET 24 {BY_IMSI}.info 1", "ERROR 24 Read Only attribute"),
    ("GET 25 subscriber.create", "ERROR 25 Write Only attribute"),
    (f"GET 27 {BY_IMSI}", "ERROR 27 Command not present."),
    ("GET 28 subscriber.by-foo-1.info", "ERROR 28 Not a known subscriber 'by-xxx-' selector."),
    ("SET 29 subscriber.by-imsi-262429999999997.cs-enabled 0", "ERROR 29 An error has occurred."),
    ("", "ERROR err Request malformed"),
    ("TRAP 30 x y", "ERROR 30 Trying to execute something not GET or SET"),
]


def test_its_control_interface_says_what_was_recorded(peer: Peer) -> None:
    imsi = peer.subscriber()
    requests = [request.format(imsi=imsi) for request, _ in CTRL_TRANSCRIPT]
    expected = [answer.format(imsi=imsi) for _, answer in CTRL_TRANSCRIPT]
    assert peer.ask(*requests) == expected
    (info,) = peer.ask(f"GET 1 subscriber.by-imsi-{imsi}.info")
    head, *lines = info.split("\n")
    assert head == f"GET_REPLY 1 subscriber.by-imsi-{imsi}.info "
    assert [line.split("\t")[0] for line in lines] == [
        "id", "imsi", "nam_cs", "nam_ps", "ms_purged_cs", "ms_purged_ps", "periodic_lu_timer",
        "periodic_rau_tau_timer", "lmsi",
    ]  # fmt: skip


SHOWN = "    ID: {id}\r\n    IMSI: {imsi}\r\n    MSISDN: none\r\n"
ACCESS = "subscriber imsi {imsi} update network-access-mode"
VTY_TRANSCRIPT = [
    ("subscriber imsi {imsi} show\r\n", SHOWN),
    (f"{ACCESS} none\r\n", ""),
    ("subscriber imsi {imsi} show\n", f"{SHOWN}    CS disabled\r\n    PS disabled\r\n"),
    (f"{ACCESS} cs\r", ""),
    ("subscriber imsi {imsi} show\n", f"{SHOWN}    PS disabled\r\n"),
    (f"{ACCESS} cs+ps\n", ""),
    (f"{ACCESS} foo\n", "% Unknown command.\r\n"),
    (f"{ACCESS}\n", "% Command incomplete.\r\n"),
    ("subscriber imsi {imsi} create\n", "% Subscriber already exists for IMSI = {imsi}\r\n"),
    ("subscriber imsi 999 show\n", "% No subscriber for imsi = '999'\r\n"),
    ("subscriber imsi {imsi}\n", "% Command incomplete.\r\n"),
    ("nosuch\n", "% Unknown command.\r\n"),
    ("\n", ""),
    ("subscriber imsi {imsi} delete\r\n", "% Deleted subscriber for IMSI '{imsi}'\r\n"),
    ("subscriber imsi {imsi} delete\n", "% No subscriber for imsi = '{imsi}'\r\n"),
]


def test_its_terminal_says_what_was_recorded(peer: Peer) -> None:
    imsi = peer.subscriber()
    (info,) = peer.ask(f"GET 1 subscriber.by-imsi-{imsi}.info")
    number = info.split("\nid\t")[1].split("\n")[0]
    with socket.create_connection(peer.vty, 5) as connection:
        greeting = _read_until(connection, b"OsmoHLR> ")
        assert greeting.startswith(b"Welcome to the OsmoHLR VTY interface\r\n\r\n")
        assert greeting.endswith(
            b'permitted by law.\r\n\xff\xfb\x01\xff\xfb\x03\xff\xfe"\xff\xfd\x1fOsmoHLR> '
        )
        connection.sendall(b"enable\r\n")
        assert _read_until(connection, b"# \r\nOsmoHLR# ") == b"enable\r\nOsmoHLR# \r\nOsmoHLR# "
        for line, output in VTY_TRANSCRIPT:
            sent = line.format(imsi=imsi)
            prompts = "OsmoHLR# \r\nOsmoHLR# " if sent.endswith("\r\n") else "OsmoHLR# "
            expected = sent.strip() + "\r\n" + output.format(imsi=imsi, id=number) + prompts
            connection.sendall(sent.encode())
            assert _exactly(connection, len(expected.encode())).decode() == expected


def _read_until(connection: socket.socket, end: bytes) -> bytes:
    content = b""
    while not content.endswith(end):
        content += connection.recv(1)
    return content


@pytest.fixture
def imsi_in_box(box: RunningBox) -> Imsi:
    imsi = Imsi("460001234567890")
    box.subscriber(imsi, "8613800138000")
    return imsi


def _register(box: RunningBox, timeout: float = 5) -> OsmoHlr:
    return OsmoHlr(box.addresses.hlr_ctrl, box.addresses.hlr_vty, timeout)


def test_a_slow_register_is_temporary_and_waited_for_no_longer(
    box: RunningBox, imsi_in_box: Imsi
) -> None:
    box.fault("hlr", "slow", "look_up", seconds=3)
    with pytest.raises(Temporary, match="too long"):
        _register(box, timeout=0.3).look_up(imsi_in_box)


@pytest.mark.parametrize("kind", ["down", "drop_before", "busy"])
def test_no_answer_is_temporary_and_changed_nothing(
    box: RunningBox, imsi_in_box: Imsi, kind: str
) -> None:
    box.fault("hlr", kind)
    register = _register(box)
    for act in (register.look_up, register.stop_service, register.restore_service, register.remove):
        with pytest.raises(Temporary):
            act(imsi_in_box)
    with pytest.raises(Temporary):
        register.ping()
    assert box.effects("hlr") == []


def test_a_port_that_nobody_listens_on_is_temporary() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = nobody.getsockname()
        with pytest.raises(Temporary, match="no answer"):
            OsmoHlr(address, address, 1).look_up(Imsi("460001234567890"))


@pytest.mark.parametrize(
    ("act", "effect"), [("stop_service", "stop_service"), ("remove", "remove")]
)
def test_after_a_lost_answer_a_repeat_does_it_no_second_time(
    box: RunningBox, imsi_in_box: Imsi, act: str, effect: str
) -> None:
    box.fault("hlr", "drop_after", act, times=1)
    with pytest.raises(Temporary, match="hung up"):
        getattr(_register(box), act)(imsi_in_box)
    getattr(_register(box), act)(imsi_in_box)
    assert [row["operation"] for row in box.effects("hlr")] == [effect]


def test_an_answer_said_twice_is_one_answer(box: RunningBox, imsi_in_box: Imsi) -> None:
    box.fault("hlr", "twice")
    register = _register(box)
    register.stop_service(imsi_in_box)
    register.remove(imsi_in_box)
    assert register.look_up(imsi_in_box) is None
    assert [row["operation"] for row in box.effects("hlr")] == ["stop_service", "remove"]


@pytest.mark.parametrize("kind", ["garbage", "refuse"])
def test_an_answer_that_does_not_fit_is_permanent_with_its_text(
    box: RunningBox, imsi_in_box: Imsi, kind: str
) -> None:
    box.fault("hlr", kind)
    register = _register(box)
    for act in (register.look_up, register.stop_service, register.remove):
        with pytest.raises(Permanent) as refusal:
            act(imsi_in_box)
        assert refusal.value.raw


def test_a_yes_that_changed_nothing_is_found_out(box: RunningBox, imsi_in_box: Imsi) -> None:
    """Terminal and control interface of two networks: the order goes to the wrong one."""
    with running_box() as other:
        other.subscriber(imsi_in_box, "8613800138000")
        crossed = OsmoHlr(other.addresses.hlr_ctrl, box.addresses.hlr_vty, 5)
        with pytest.raises(Permanent, match="service is not stopped"):
            crossed.stop_service(imsi_in_box)


def test_stopping_throws_the_phone_out_but_the_database_alone_does_not(
    box: RunningBox, imsi_in_box: Imsi
) -> None:
    peer = Peer(box.addresses.hlr_ctrl, box.addresses.hlr_vty)
    peer.ask(f"SET 1 subscriber.by-imsi-{imsi_in_box}.cs-enabled 0")
    peer.ask(f"SET 2 subscriber.by-imsi-{imsi_in_box}.ps-enabled 0")
    assert box.row("subscribers", imsi_in_box)["attached"]
    peer.register.stop_service(imsi_in_box)
    assert not box.row("subscribers", imsi_in_box)["attached"]


def test_the_real_network_is_told_at_once_when_service_stops(osmo_hlr: RunningHlr) -> None:
    peer = Peer(osmo_hlr.ctrl, osmo_hlr.vty)
    imsi = peer.subscriber(msisdn=f"49171{next(_numbers):08d}")
    with ServingNode(osmo_hlr.gsup, "cs") as vlr, ServingNode(osmo_hlr.gsup, "ps") as sgsn:
        for node in (vlr, sgsn):
            assert node.attach(imsi) == ServingNode.UPDATE_LOCATION_RESULT
        peer.register.stop_service(imsi)
        for node in (vlr, sgsn):
            assert node.next_message(3) == ServingNode.DELETE_DATA
        for node in (vlr, sgsn):
            assert node.attach(imsi) == ServingNode.UPDATE_LOCATION_ERROR


def test_the_real_network_is_not_told_by_the_database_or_by_deleting(osmo_hlr: RunningHlr) -> None:
    """Why the order is: service off over VTY, verify, and only then delete."""
    peer = Peer(osmo_hlr.ctrl, osmo_hlr.vty)
    imsi = peer.subscriber(msisdn=f"49171{next(_numbers):08d}")
    with ServingNode(osmo_hlr.gsup, "cs") as vlr:
        assert vlr.attach(imsi) == ServingNode.UPDATE_LOCATION_RESULT
        peer.ask(f"SET 1 subscriber.by-imsi-{imsi}.cs-enabled 0")
        peer.register.remove(imsi)
        assert vlr.next_message(0.7) is None
