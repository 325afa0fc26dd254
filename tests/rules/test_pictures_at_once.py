"""Many files at once: two are read, one waits, and who comes then is told so at once."""

import threading
from collections.abc import Iterator

import pytest

from signoff.evidence import sandbox
from signoff.kernel.errors import InvalidValue, Refusal
from tests import hostile_files as files


@pytest.fixture
def slow_decoder(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Answers when it is told to."""
    go_on = threading.Event()

    def ask(_question: bytes) -> bytes:
        assert go_on.wait(30)
        return b'{"refusal": "unreadable"}\n'

    monkeypatch.setattr(sandbox, "ask", ask)
    yield go_on
    go_on.set()


def test_ten_files_at_once_leave_a_thread_for_everybody_else(slow_decoder: threading.Event) -> None:
    content, codes, told = files.photo(), [], threading.Semaphore(0)

    def send() -> None:
        try:
            sandbox.clean(content)
        except (InvalidValue, Refusal) as error:
            codes.append(error.code)
            told.release()

    senders = [threading.Thread(target=send) for _ in range(10)]
    for sender in senders:
        sender.start()
    for _ in range(10 - sandbox.STRANGERS_AT_A_TIME):  # these do not wait for the others
        assert told.acquire(timeout=30)
    assert set(codes) == {"pictures_busy"}
    slow_decoder.set()
    for sender in senders:
        sender.join(30)
    assert codes.count("unreadable") == sandbox.STRANGERS_AT_A_TIME
    assert len(codes) == 10
    with pytest.raises(InvalidValue, match="damaged"):  # and there is room again
        sandbox.clean(content)


def test_our_own_pictures_are_shown_meanwhile(slow_decoder: threading.Event) -> None:
    """Whoever looks at several at a time waits for them, and is not sent away."""
    slow_decoder.set()
    for _ in range(sandbox.STRANGERS_AT_A_TIME):
        assert sandbox._strangers.acquire(blocking=False)
    try:
        with pytest.raises(Refusal, match="Many people"):
            sandbox.clean(files.photo())
        with pytest.raises(InvalidValue, match="damaged"):  # it got as far as the decoder
            sandbox.marked(files.photo(), "SO-1")
    finally:
        for _ in range(sandbox.STRANGERS_AT_A_TIME):
            sandbox._strangers.release()
