"""Bank files at the desk: made, taken to the bank by a person, and answered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from signoff.accounts.models import Role, User
from signoff.audit.models import AuditRow
from signoff.config import config
from signoff.desk import money_forms
from signoff.kernel.clock import now
from signoff.notice.models import Notice
from signoff.policies.bank_days import next_bank_day
from signoff.sagas.bank_files import read_bank_status
from signoff.settlement.models import BankStatus, PayoutBatch, Place, Refund
from signoff.settlement.payouts import operations as payouts
from signoff.wiring import wire
from tests.desk import at_the_desk
from tests.finance import CARD, HOLDER, asked_for, by_bank, written
from tests.instant import InstantCarrier
from tests.portal import errors, text
from tests.world import LATER, staff

pytestmark = pytest.mark.django_db(transaction=True)


def finance(user: User | None = None) -> Client:
    return at_the_desk(user or staff(Role.FINANCE))


def press(client: Client, batch: PayoutBatch, what: str) -> HttpResponse:
    answer = client.post(f"/desk/money/files/{batch.pk}/{what}/")
    assert isinstance(answer, HttpResponse)
    return answer


def page(client: Client, batch: PayoutBatch) -> str:
    return text(client.get(f"/desk/money/files/{batch.pk}/").content)


def make(client: Client, day: str, kind: str = "cn_card", currency: str = "CNY") -> HttpResponse:
    answer = client.post(
        "/desk/money/files/make/", {"kind": kind, "currency": currency, "execution_date": day}
    )
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_file_is_made_written_taken_and_handed_over() -> None:
    refund = by_bank()
    user = staff(Role.FINANCE)
    client = finance(user)
    today = timezone.localdate(now())
    offered = client.get("/desk/money/files/").content.decode()
    assert "1 transfer, CN¥88.00" in offered
    assert f'value="{next_bank_day(today, "CNY")}"' in offered
    batch_page = make(client, today.isoformat())["Location"]
    batch = PayoutBatch.objects.get()
    assert batch_page == f"/desk/money/files/{batch.pk}/"
    assert (batch.made_by, batch.execution_date) == (user, today)
    assert "The file is being written." in page(client, batch)
    assert 'hx-trigger="every 2s"' in client.get(batch_page).content.decode()
    assert press(client, batch, "download").status_code == 409
    written(batch)
    seen = client.get(batch_page).content.decode()
    assert "hx-trigger" not in seen
    assert "… 0128" in seen
    assert "李…" in seen
    assert CARD not in seen
    assert HOLDER not in seen
    answer = press(client, batch, "download")
    assert answer["Content-Disposition"] == f'attachment; filename="{batch.name}"'
    assert answer["Cache-Control"] == "no-store"
    assert answer.content == bytes(batch.content)
    assert CARD.encode() in answer.content
    taken = AuditRow.objects.get(event="batch_file_taken")
    assert (taken.actor, taken.facts["batch"]) == (f"user:{user.pk}", batch.pk)
    assert press(client, batch, "sent")["Location"] == batch_page
    assert press(client, batch, "sent").status_code == 302  # pressed twice
    refund.refresh_from_db()
    assert refund.state == "sent"
    assert AuditRow.objects.filter(event="batch_sent").count() == 1
    assert f"Handed to the bank by {user.username}" in page(client, batch)
    late = press(finance(), batch, "sent")
    assert late.status_code == 409
    assert "Somebody was first" in text(late.content)


def test_looking_at_a_file_takes_nothing_out() -> None:
    by_bank()
    batch = written(asked_for())
    client = finance()
    for what in ("download", "sent", "drop", "aside"):
        assert client.get(f"/desk/money/files/{batch.pk}/{what}/").status_code == 405
    page(client, batch)
    assert not AuditRow.objects.filter(event="batch_file_taken").exists()


def test_a_dropped_file_gives_its_transfers_back() -> None:
    by_bank()
    batch = written(asked_for())
    client = finance()
    assert press(client, batch, "drop").status_code == 302
    assert press(client, batch, "drop").status_code == 302
    assert "Dropped: its transfers wait for the next file." in page(client, batch)
    assert press(client, batch, "sent").status_code == 409
    assert press(client, batch, "download").status_code == 409
    assert "1 transfer, CN¥88.00" in text(client.get("/desk/money/files/").content)


def test_who_has_taken_a_file_does_not_drop_it() -> None:
    by_bank()
    batch = written(asked_for())
    client = finance()
    press(client, batch, "download")
    assert "only a colleague can drop it" in page(client, batch)
    refused = press(client, batch, "drop")
    assert refused.status_code == 409
    assert "You have downloaded this file." in text(refused.content)
    assert press(finance(), batch, "drop").status_code == 302


def test_who_made_a_file_with_a_large_refund_does_not_hand_it_over() -> None:
    refund = by_bank()
    maker = staff(Role.FINANCE)
    batch = written(asked_for(maker))
    Refund.objects.filter(pk=refund.pk).update(needs_approval=True)
    client = finance(maker)
    assert "a colleague must hand it to the bank" in page(client, batch)
    refused = press(client, batch, "sent")
    assert refused.status_code == 409
    assert "somebody else must hand it to the bank" in text(refused.content)
    assert press(finance(), batch, "sent").status_code == 302


def test_a_transfer_that_no_file_can_carry_is_put_aside_and_the_others_go_on() -> None:
    bad, good = by_bank(), by_bank(500)
    Place.objects.filter(case=bad.case).update(account_number="6222021234567890127")
    batch = written(asked_for())
    client = finance()
    seen = page(client, batch)
    assert "Could not be written" in seen
    assert "It is about the transfer of case" in seen
    assert press(client, batch, "aside").status_code == 302
    assert press(client, batch, "aside").status_code == 409
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state, good.batch) == ("failed", "planned", None)
    assert Notice.objects.filter(case=bad.case, kind="refund_failed").count() == 1
    assert written(asked_for()).state == "ready"
    assert "asked for another place" in text(client.get("/desk/money/failed/").content)


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        (-1, "That day is over: choose today or a later one."),
        (31, "Choose a day within the next 30 days."),
        (-40_000, "That day is over"),
        (900_000, "Choose a day within the next 30 days."),
    ],
)
def test_a_file_is_not_for_the_past_or_for_ever(days: int, wrong: str) -> None:
    by_bank()
    client = finance()
    day = timezone.localdate(now()) + timedelta(days=days)
    answer = make(client, day.isoformat())
    assert answer.status_code == 200
    assert [point for point in errors(answer.content) if point.startswith(wrong)]
    assert make(client, "tomorrow").status_code == 200
    assert make(client, "").status_code == 200
    assert not PayoutBatch.objects.exists()


def test_of_two_who_make_the_file_one_makes_it() -> None:
    by_bank()
    today = timezone.localdate(now()).isoformat()
    assert make(finance(), today).status_code == 302
    late = make(finance(), today)
    assert late.status_code == 200
    assert errors(late.content) == ["No transfer is ready to go out this way."]
    for kind, currency in (("iban", "CNY"), ("cn_card", "EUR"), ("line", "CNY"), ("x", "€€€€")):
        odd = make(finance(), today, kind, currency)
        assert odd.status_code == 200
        assert errors(odd.content)
    assert PayoutBatch.objects.count() == 1


def upload(client: Client, content: bytes, name: str = "cn_csv") -> HttpResponse:
    sent = {"format": name, "file": SimpleUploadedFile("answer.csv", content)}
    answer = client.post("/desk/money/answers/", sent)
    assert isinstance(answer, HttpResponse)
    return answer


def test_an_answer_is_taken_and_read_by_the_worker_alone() -> None:
    user = staff(Role.FINANCE)
    client = finance(user)
    address = upload(client, "流水号,状态\nR1,成功\n".encode())["Location"]
    row = BankStatus.objects.get()
    assert address == f"/desk/money/answers/{row.pk}/"
    assert (row.state, row.uploaded_by, row.format) == ("waiting", user, "cn_csv")
    assert 'hx-trigger="every 2s"' in client.get(address).content.decode()
    BankStatus.objects.update(state="read", paid=3, failed=1, unknown=["<b>R-not-ours</b>"])
    seen = client.get(address)
    words = text(seen.content)
    assert "Paid out 3 Came back 1 References that are not ours 1" in words
    assert "<b>R-not-ours</b>" in words
    assert "hx-trigger" not in seen.content.decode()
    assert "3 1 1" in text(client.get("/desk/money/answers/").content)


def test_an_answer_that_cannot_be_understood_says_why_and_changes_nothing() -> None:
    client = finance()
    address = upload(client, b"%PDF-1.7")["Location"]
    ports = replace(InstantCarrier().ports(), bank_files=wire(config()).bank_files)
    read_bank_status(BankStatus.objects.get().pk, ports=ports, now=lambda: LATER)
    words = text(client.get(address).content)
    assert "The file was not taken, and nothing has changed" in words
    assert (
        "The file has no line with the columns 流水号, 状态: it is no answer to a batch." in words
    )
    chinese = client.get(address, headers={"accept-language": "zh-CN"}).content.decode()
    assert "流水号, 状态" in chinese
    assert "The file has no line" not in chinese
    assert "could not be read 1 file" in text(client.get("/desk/money/").content)


def test_an_empty_a_large_or_a_missing_file_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(money_forms, "MOST_BYTES", 100)
    client = finance()
    assert errors(upload(client, b"").content) == [
        "The file is empty: download it from the bank again."
    ]
    assert errors(upload(client, b"x" * 101).content)[0].startswith("The file is larger than 10 MB")
    assert errors(upload(client, b"x", "mt940").content) == ["Choose one of the kinds in the list."]
    assert errors(client.post("/desk/money/answers/", {"format": "sepa", "file": "x"}).content) == [
        "Choose the file."
    ]
    assert errors(client.post("/desk/money/answers/").content) == [
        "Choose what kind of file it is.", "Choose the file.",
    ]  # fmt: skip
    assert not BankStatus.objects.exists()


def test_the_file_is_gone_when_every_transfer_has_ended() -> None:
    by_bank()
    batch = written(asked_for())
    payouts.mark_sent(batch=batch.pk, sender=staff(Role.FINANCE), now=LATER)
    PayoutBatch.objects.update(content=b"")
    gone = press(finance(), batch, "download")
    assert gone.status_code == 409
    assert "every transfer in it has ended" in text(gone.content)
