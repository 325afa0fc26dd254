"""What the SMPP adapter does with an SMSC that answers rubbish, and with settings that cannot be."""

import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from signoff.adapters.smpp.texts import SmppTexts
from signoff.kernel.identifiers import Msisdn
from signoff.ports.errors import Temporary

BIND_RESP = struct.pack(">IIII", 22, 0x80000009, 0, 1) + b"RUBB1\0"


@pytest.fixture(
    params=[
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\0\0\0\x01",
        b"\0\0\0\x10",
        b"",
        BIND_RESP[:-3],
        struct.pack(">IIII", 21, 0x80000009, 0, 1) + b"RUBB1",
        BIND_RESP + b"\xff" * 40,
        BIND_RESP + struct.pack(">IIII", 16, 0x06, 0, 1),
    ],
    ids=[
        "http",
        "too short",
        "cut off",
        "silent",
        "half a bind",
        "a name without end",
        "then rubbish",
        "unbinds us",
    ],
)
def rubbish(request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    """Says the same to everybody, once they have said something."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            with client:
                client.recv(1000)
                client.sendall(request.param)
                client.shutdown(socket.SHUT_WR)

    threading.Thread(target=serve, daemon=True).start()
    yield listening.getsockname()
    listening.close()


def test_rubbish_is_temporary_and_no_other_error_gets_out(rubbish: tuple[str, int]) -> None:
    texts = SmppTexts(*rubbish, "signoff", "secret", "Boom", 0.5, 0.5, settle=0.1)
    with pytest.raises(Temporary):
        texts.send(
            to=Msisdn("+8613800138000"),
            text="Goodbye",
            key="k",
            message_id=None,
            accepted=lambda _: None,
        )


@pytest.mark.parametrize(
    ("system_id", "password", "sender", "service_type"),
    [
        ("sixteen-characters", "secret", "Boom", None),
        ("signoff", "ninechars", "Boom", None),
        ("signoff", "secret", "a sender that is too long", None),
        ("signoff", "secret", "博", None),
        ("signoff", "sec\0ret", "Boom", None),
        ("signoff", "secret", "Boom", "SIXLNG"),
    ],
)
def test_a_setting_that_smpp_cannot_carry_is_refused_at_once(
    system_id: str, password: str, sender: str, service_type: str | None
) -> None:
    with pytest.raises(ValueError, match=r"characters|ascii"):
        SmppTexts("127.0.0.1", 1, system_id, password, sender, service_type=service_type)
