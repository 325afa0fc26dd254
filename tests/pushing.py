"""Web push, switched on as an operator does, with the box as the only push service."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from signoff.closing.models import Case
from signoff.config import config
from signoff.feeds.browsers import tell_browser
from signoff.kernel import push_key
from tests.peers.box import RunningBox
from tests.peers.user_agent import UserAgent
from tests.world import NOON


@pytest.fixture
def vapid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The operator has made a key; what browsers are told of it."""
    path = tmp_path / push_key.FILE_NAME
    key = push_key.create(path)
    monkeypatch.setattr(config(), "push_key", path)
    return push_key.told_to_browsers(key)


@dataclass(frozen=True, slots=True)
class Followed:
    """Browsers that follow cases."""

    service: str
    vapid: str

    def browser(self, case: Case) -> UserAgent:
        """One more that is told of `case`."""
        agent = UserAgent(self.service, self.vapid)
        tell_browser(case=case, **agent.form, now=NOON)
        return agent


@pytest.fixture
def follow(box: RunningBox, vapid: str, monkeypatch: pytest.MonkeyPatch) -> Followed:
    """Makes browsers at the box's push service."""
    monkeypatch.setattr(config(), "push_services", [box.addresses.http_url])
    return Followed(box.addresses.http_url, vapid)
