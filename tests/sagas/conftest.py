"""The carrier box, for all tests of the workflows; and a key that signs certificates."""

import pytest

from signoff.config import config
from signoff.kernel.keys import load_or_create
from tests.peers.box import box, box_process

__all__ = ["box", "box_process"]


@pytest.fixture(autouse=True)
def signing_key() -> None:
    """As `signoff keys new` would make it."""
    load_or_create(config().signing_key_file)
