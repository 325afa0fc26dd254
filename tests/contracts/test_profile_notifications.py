"""The SM-DP+ of the box tells us over real HTTP what a phone did with its profile."""

from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.peers.box import running_box
from tests.world import at_the_carrier, customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("demo", [True, False])
def test_what_a_phone_does_is_observed_if_the_carrier_is_let_in(
    live_server: LiveServer, settings: Any, demo: bool
) -> None:
    settings.SIGNOFF = settings.SIGNOFF.model_copy(update={"demo": demo})
    who = customer()
    profile = who.lines[0].profile
    with running_box(operator_url=live_server.url) as box:
        at_the_carrier(who, box)
        for does, state in (
            ("download", "downloaded"), ("install", "installed"), ("enable", "enabled"),
            ("disable", "disabled"), ("delete", "deleted"),
        ):  # fmt: skip
            told = box.phone(profile.iccid, does)
            assert told == {"state": state, "operator_answered": 204 if demo else 403}
            profile.refresh_from_db()
            assert profile.state == (state if demo else "released")
