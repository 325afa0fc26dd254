"""What an SM-DP+ tells of a profile is believed in the order in which it happened."""

from datetime import timedelta

import pytest

from signoff.accounts.models import Profile, ProfileState
from signoff.accounts.operations import observe_profile
from signoff.kernel.identifiers import Iccid
from tests.world import NOON, customer

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


def test_what_comes_late_does_not_bring_a_deleted_profile_back() -> None:
    iccid = Iccid(customer().lines[0].profile.iccid)
    deleted, installed = LATER, LATER - timedelta(minutes=1)
    assert observe_profile(iccid=iccid, state=ProfileState.DELETED, seen_at=deleted, now=LATER)
    assert observe_profile(iccid=iccid, state=ProfileState.INSTALLED, seen_at=installed, now=LATER)
    assert Profile.objects.get().state == ProfileState.DELETED


def test_a_remote_clock_that_is_ahead_does_not_shut_out_what_follows() -> None:
    iccid = Iccid(customer().lines[0].profile.iccid)
    tomorrow = LATER + timedelta(days=1)
    observe_profile(iccid=iccid, state=ProfileState.ENABLED, seen_at=tomorrow, now=LATER)
    assert Profile.objects.get().as_of == LATER
    observe_profile(iccid=iccid, state=ProfileState.DELETED, seen_at=tomorrow, now=LATER)
    assert Profile.objects.get().state == ProfileState.DELETED


def test_a_profile_of_somebody_else_is_not_ours() -> None:
    customer()
    other = Iccid("8949000000000000005")
    assert not observe_profile(iccid=other, state=ProfileState.DELETED, seen_at=NOON, now=NOON)
