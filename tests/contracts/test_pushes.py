"""Web push: the contract with a push service, kept with the box."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from signoff.adapters.web_push import WebPush
from signoff.kernel import push_key
from signoff.kernel.clock import now
from signoff.kernel.push_key import told_to_browsers
from signoff.kernel.push_services import PushServices
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.pushes import Browser, Gone
from tests.peers.box import RunningBox
from tests.peers.recorder import recorder
from tests.peers.user_agent import UserAgent

OWN_KEY = ec.generate_private_key(ec.SECP256R1())


def own_key() -> ec.EllipticCurvePrivateKey:
    return OWN_KEY


TEXT = "已批准".encode()
CONTACT = "mailto:care@boom.example"


@pytest.fixture
def pushes(box: RunningBox) -> WebPush:
    return WebPush(PushServices([box.addresses.http_url]), own_key, CONTACT, 5)


@pytest.fixture
def agent(box: RunningBox) -> UserAgent:
    return UserAgent(box.addresses.http_url, told_to_browsers(OWN_KEY))


def send(pushes: WebPush, to: Browser, text: bytes = TEXT, topic: str = "case1") -> str:
    return pushes.send(to=to, text=text, topic=topic, now=now()).message


def test_a_push_arrives_and_only_the_browser_can_read_it(
    box: RunningBox, pushes: WebPush, agent: UserAgent
) -> None:
    name = send(pushes, agent.browser)
    (message,) = agent.messages()
    assert (message.text, message.topic) == (TEXT, "case1")
    assert name == f"/push/messages/{message.id}"
    row = box.row("push_messages", message.id)
    assert (row["urgency"], row["ttl"]) == ("normal", 3 * 24 * 3600)
    agent.takes(message)
    assert agent.messages() == []


def test_sending_again_replaces_what_still_waits(pushes: WebPush, agent: UserAgent) -> None:
    send(pushes, agent.browser, b"one")
    send(pushes, agent.browser, b"two")
    send(pushes, agent.browser, b"of another case", topic="case2")
    assert [message.text for message in agent.messages()] == [b"two", b"of another case"]


def test_a_lost_answer_and_a_repeat_are_one_message(
    box: RunningBox, pushes: WebPush, agent: UserAgent
) -> None:
    box.fault("push", "drop_after", times=1)
    with pytest.raises(Temporary):
        send(pushes, agent.browser)
    send(pushes, agent.browser)
    assert len(agent.messages()) == 1


def test_a_browser_that_has_ended_it_is_gone(pushes: WebPush, agent: UserAgent) -> None:
    agent.unsubscribe()
    with pytest.raises(Gone):
        send(pushes, agent.browser)
    unknown = Browser(agent.endpoint + "x", agent.browser.public_key, agent.browser.secret)
    with pytest.raises(Gone):
        send(pushes, unknown)


@pytest.mark.parametrize("kind", ["busy", "down", "drop_before"])
def test_not_now_is_temporary(
    box: RunningBox, pushes: WebPush, agent: UserAgent, kind: str
) -> None:
    box.fault("push", kind)
    with pytest.raises(Temporary):
        send(pushes, agent.browser)
    box.clear_faults()
    assert agent.messages() == []


def test_too_slow_is_temporary(box: RunningBox, agent: UserAgent) -> None:
    box.fault("push", "slow", seconds=3)
    hasty = WebPush(PushServices([box.addresses.http_url]), own_key, CONTACT, 0.3)
    with pytest.raises(Temporary, match="too long"):
        send(hasty, agent.browser)


def test_a_key_that_is_not_the_browsers_is_refused(box: RunningBox, agent: UserAgent) -> None:
    services = PushServices([box.addresses.http_url])
    other = WebPush(services, partial(ec.generate_private_key, ec.SECP256R1()), CONTACT, 5)
    with pytest.raises(Permanent, match="does not accept our key"):
        send(other, agent.browser)
    nobody = WebPush(services, own_key, "care", 5)
    with pytest.raises(Permanent, match="HTTP 403"):
        send(nobody, agent.browser)
    clock = WebPush(services, own_key, CONTACT, 5)
    with pytest.raises(Permanent, match="HTTP 403"):
        clock.send(to=agent.browser, text=TEXT, topic="c", now=now() - timedelta(days=2))
    assert agent.messages() == []


def test_the_service_wants_what_the_standards_want(agent: UserAgent) -> None:
    def status(**changed: str) -> int:
        headers = {"TTL": "60", "Content-Encoding": "aes128gcm"} | changed
        return httpx.post(agent.endpoint, content=b"x", headers=headers).status_code

    assert status() == 401
    assert status(TTL="soon") == 400
    assert status(Topic="x" * 33) == 400
    assert status(Urgency="shout") == 400
    assert status(**{"Content-Encoding": "aesgcm"}) == 400
    assert status(Authorization="vapid t=a.b.c, k=d") == 403
    assert httpx.post(agent.endpoint, content=bytes(4097)).status_code == 413


def test_what_cannot_be_sealed_is_not_sent(pushes: WebPush, agent: UserAgent) -> None:
    with pytest.raises(Permanent, match="sealed"):
        send(pushes, agent.browser, bytes(4000))
    with pytest.raises(Permanent, match="sealed"):
        send(pushes, Browser(agent.endpoint, bytes(65), bytes(16)))


def test_a_key_file_that_cannot_be_used_is_said(
    box: RunningBox, agent: UserAgent, tmp_path: Path
) -> None:
    key = partial(push_key.load, tmp_path / "none.pem")
    pushes = WebPush(PushServices([box.addresses.http_url]), key, CONTACT, 5)
    for ask in (pushes.ping, lambda: send(pushes, agent.browser)):
        with pytest.raises(Permanent, match="signoff keys new-push"):
            ask()


def test_nobody_off_the_list_is_called() -> None:
    with recorder((201, b"")) as (url, seen):
        pushes = WebPush(PushServices(["push.example"]), own_key, CONTACT, 5)
        with pytest.raises(Permanent, match="not on the operator's list"):
            send(pushes, Browser(f"{url}/x", bytes(65), bytes(16)))
        assert seen == []


def test_a_known_name_that_leads_within_is_not_called(agent: UserAgent) -> None:
    with recorder((201, b"")) as (_url, seen):
        pushes = WebPush(
            PushServices(["*.push.example"]),
            own_key,
            CONTACT,
            5,
            resolve=lambda _host: ["127.0.0.1"],
        )
        to = Browser("https://a.push.example/x", agent.browser.public_key, agent.browser.secret)
        with pytest.raises(Permanent, match="private network"):
            send(pushes, to)
        assert seen == []


@pytest.fixture
def greeted(
    agent: UserAgent, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[list[object], list[str]]]:
    """A TLS server that hangs up after the greeting: where we connected to, which name we said."""
    del agent  # it has subscribed before connections are led elsewhere
    calls: list[object] = []
    names: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        port = server.getsockname()[1]
        real = socket.create_connection

        def redirected(address: object, *args: object, **kwargs: object) -> socket.socket:
            calls.append(address)
            return real(("127.0.0.1", port), timeout=5)

        def answer() -> None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.sni_callback = lambda _sock, name, _context: names.append(str(name))
            taken, _ = server.accept()
            with taken:
                try:
                    context.wrap_socket(taken, server_side=True)
                except OSError:
                    return

        thread = threading.Thread(target=answer)
        thread.start()
        monkeypatch.setattr(socket, "create_connection", redirected)
        yield calls, names
        thread.join(5)


def test_it_connects_to_the_address_that_was_looked_at_under_the_right_name(
    greeted: tuple[list[object], list[str]], agent: UserAgent
) -> None:
    calls, names = greeted
    pushes = WebPush(
        PushServices(["push.example"]), own_key, CONTACT, 5, resolve=lambda _host: ["93.184.216.34"]
    )
    to = Browser("https://push.example/x", agent.browser.public_key, agent.browser.secret)
    with pytest.raises((Temporary, Permanent)):
        send(pushes, to)
    assert calls == [("93.184.216.34", 443)]
    assert names == ["push.example"]


@pytest.mark.parametrize(
    ("trouble", "timeout"), [(OSError, 5), (TimeoutError, 5), (TimeoutError, 0)]
)
def test_a_way_that_leads_nowhere_is_not_the_only_one(
    agent: UserAgent, monkeypatch: pytest.MonkeyPatch, trouble: type[OSError], timeout: float
) -> None:
    """IPv6 is often announced where nothing answers."""
    calls: list[object] = []

    def nowhere(address: tuple[str, int], *_args: object, **_kwargs: object) -> socket.socket:
        calls.append(address[0])
        raise trouble("no route to host")

    to = Browser("https://push.example/x", agent.browser.public_key, agent.browser.secret)
    ways, services = ["2a00:1450:4001::5f", "93.184.216.34"], PushServices(["push.example"])
    pushes = WebPush(services, own_key, CONTACT, timeout, resolve=lambda _host: ways)
    monkeypatch.setattr(socket, "create_connection", nowhere)
    with pytest.raises(Temporary, match="no answer"):
        send(pushes, to)
    assert calls == ways


@contextlib.contextmanager
def raw_server(answer: bytes, *, endless: bytes = b"") -> Iterator[tuple[str, list[bytes]]]:
    """Answers each connection with these very bytes, and then with `endless` until hung up."""
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    taken, _ = server.accept()
                except TimeoutError:
                    continue
                with taken, contextlib.suppress(OSError):
                    taken.settimeout(5)
                    seen.append(taken.recv(65536))
                    taken.sendall(answer)
                    while endless and not over.is_set():
                        taken.sendall(endless)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", seen
        finally:
            over.set()
            thread.join(5)


def at(url: str, agent: UserAgent, timeout: float = 5) -> tuple[WebPush, Browser]:
    to = Browser(f"{url}/x", agent.browser.public_key, agent.browser.secret)
    return WebPush(PushServices([url]), own_key, CONTACT, timeout), to


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(agent: UserAgent, status: int) -> None:
    moved = f"HTTP/1.1 {status} Moved\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n".encode()
    with raw_server(moved) as (url, seen):
        pushes, to = at(url, agent)
        with pytest.raises(Permanent, match=f"HTTP {status}"):
            send(pushes, to)
        assert len(seen) == 1


def test_an_endless_answer_is_not_read_to_its_end(agent: UserAgent) -> None:
    head = b"HTTP/1.1 400 Bad\r\nContent-Length: 1000000000\r\n\r\n"
    with raw_server(head, endless=b"x" * 1000) as (url, _seen):
        pushes, to = at(url, agent)
        began = time.monotonic()
        with pytest.raises(Permanent, match="HTTP 400") as refused:
            send(pushes, to)
        assert len(refused.value.raw) <= 2000
        assert time.monotonic() - began < 4


def test_an_answer_that_never_begins_is_not_waited_for(agent: UserAgent) -> None:
    """Something is always said, so there is no silence that a timeout could count."""
    with raw_server(b"", endless=b"HTTP/1.1 100 Continue\r\n\r\n") as (url, _seen):
        pushes, to = at(url, agent, 0.3)
        began = time.monotonic()
        with pytest.raises(Temporary, match="too long"):
            send(pushes, to)
        assert time.monotonic() - began < 4


def test_what_was_accepted_is_sent_though_the_rest_of_the_answer_is_broken(
    agent: UserAgent,
) -> None:
    cut_short = b"HTTP/1.1 201 Created\r\nLocation: http://[/m\r\nContent-Length: 99\r\n\r\nx"
    with raw_server(cut_short) as (url, seen):
        pushes, to = at(url, agent)
        assert send(pushes, to) == ""
        assert len(seen) == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Mon, 02 Mar 2026 12:01:00 GMT", 60),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("9" * 5000, 999_999_999),
        ("soon", 0),
        ("-5", 0),
        ("\u00b2".encode().decode("latin-1"), 0),
    ],
)
def test_a_service_may_ask_us_to_stay_away(agent: UserAgent, said: str, seconds: int) -> None:
    """RFC 9110 section 10.2.3. A date counts from the service's own clock."""
    head = f"HTTP/1.1 429 Slow\r\nDate: Mon, 02 Mar 2026 12:00:00 GMT\r\nRetry-After: {said}\r\n"
    with raw_server(head.encode("latin-1") + b"Content-Length: 0\r\n\r\n") as (url, _seen):
        pushes, to = at(url, agent)
        with pytest.raises(Temporary) as refused:
            send(pushes, to)
        assert refused.value.retry_after == seconds


def test_nothing_of_one_customer_is_brought_along_for_the_next(agent: UserAgent) -> None:
    answer = b"HTTP/1.1 201 Created\r\nSet-Cookie: who=one; Path=/\r\nContent-Length: 0\r\n\r\n"
    with raw_server(answer) as (url, seen):
        pushes, to = at(url, agent)
        send(pushes, to)
        send(pushes, to)
        assert len(seen) == 2
        assert b"cookie" not in seen[1].lower()


def test_somebody_answers(box: RunningBox, pushes: WebPush) -> None:
    assert pushes.ping() == "1 of 1 push services answer"
    with pytest.raises(Temporary):
        WebPush(PushServices(["http://127.0.0.1:9"]), own_key, CONTACT, 1).ping()
    both = PushServices([box.addresses.http_url, "http://127.0.0.1:9", "*.push.example"])
    assert WebPush(both, own_key, CONTACT, 1).ping() == "1 of 2 push services answer"
