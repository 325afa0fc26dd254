"""Personal data beside the chain: comparable while it is kept, and erasable."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from typer.testing import CliRunner

from signoff.audit.commitments import open_commitment
from signoff.audit.events import Event
from signoff.audit.models import AuditRow, Opening
from signoff.audit.operations import erase, record
from signoff.cli.audit import app
from signoff.review import operations as review
from signoff.review.rules import RefusalReason
from tests.record import NOON, named, sign, verified
from tests.world import customer, reviewer, submitted

KEY = Ed25519PrivateKey.generate()


def _refused(words: str) -> AuditRow:
    with transaction.atomic():
        return record(
            event=Event.CASE_REFUSED,
            stream="case:A",
            at=NOON,
            actor="reviewer:3",
            facts={"reason": "x"},
            personal={"words": words},
        )


@pytest.mark.django_db
def test_personal_data_stands_beside_the_chain() -> None:
    row = _refused("Li Wei is not the owner")
    assert "Li Wei" not in str(row.facts)
    assert set(row.facts) == {"reason", "words_commitment"}
    assert Opening.objects.get().value == "Li Wei is not the owner"
    assert named() == []


@pytest.mark.django_db
def test_another_value_beside_the_chain_is_noticed() -> None:
    _refused("Li Wei is not the owner")
    Opening.objects.update(value="Wang Fang is not the owner")
    (broken,) = verified().broken
    assert (broken.stream, broken.seq) == ("case:A", 1)
    assert "words" in broken.what


@pytest.mark.django_db
def test_erasing_leaves_the_chain_whole_and_says_so() -> None:
    row = _refused("Li Wei is not the owner")
    sign(KEY)
    assert erase(stream="case:A", now=NOON, actor="cli") == 1
    assert not Opening.objects.exists()
    last = AuditRow.objects.get(seq=2)
    assert (last.event, last.facts) == (Event.PERSONAL_DATA_ERASED.value, {"values": 1})
    assert AuditRow.objects.get(seq=1).digest == row.digest
    assert named(KEY) == []
    assert erase(stream="case:A", now=NOON, actor="cli") == 0
    assert AuditRow.objects.count() == 2


@pytest.mark.django_db
def test_the_words_of_a_refusal_are_committed_to_and_can_be_erased_by_case_number() -> None:
    words = "Li Wei is not the owner of this line."
    case = submitted(customer())
    by = reviewer()
    case = review.take(case=case, reviewer=by, now=NOON)
    review.refuse(
        case=case, reviewer=by, reason_code=RefusalReason.NOT_THE_OWNER, text=words, now=NOON
    )
    (row,) = AuditRow.objects.filter(event=Event.CASE_REFUSED.value)
    opening = Opening.objects.get()
    assert words not in str(row.facts)
    assert (
        open_commitment(row.facts["words_commitment"], value=opening.value, salt=opening.salt)
        and opening.value == words
    )

    result = CliRunner().invoke(app, ["erase", "--case", case.number])
    assert (result.exit_code, result.output) == (0, "1 values erased.\n")
    assert not Opening.objects.exists()
    assert named() == []
