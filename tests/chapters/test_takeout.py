"""What a person takes along is theirs, whole, and recorded."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from signoff.accounts.models import Account, Device, Line, LinkedService, Profile
from signoff.audit.queries import history
from signoff.settlement.models import (
    BalanceBucket,
    Bill,
    BillItem,
    BillPayment,
    Credit,
    Dispute,
    EarlyTerminationFee,
    Payment,
    Place,
    Refund,
    Stay,
    Usage,
)
from signoff.takeout.operations import make_takeout

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATE = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # already the 23rd in Shanghai


def account(number: str, **changes: object) -> Account:
    fields: dict[str, object] = {
        "name": "李伟",
        "country": "CN",
        "language": "en",
        "time_zone": "Asia/Shanghai",
        "currency": "CNY",
        "email": f"{number}@example.org",
        "contact_phone": "+8613900000001",
        "as_of": NOON,
    }
    return Account.objects.create(number=number, **{**fields, **changes})


def filled(owner: Account, key: str) -> None:
    """A line with all that hangs on it; `key` marks what is whose."""
    line = Line.objects.create(
        reference=f"L-{key}",
        account=owner,
        msisdn=f"+861380013{key}",
        imsi=f"46000000000{key}",
        plan="Boom 30",
        billing="prepaid",
        monthly_minor=3000,
        cycle_day=1,
        activated_on=date(2024, 5, 31),
        as_of=NOON,
    )
    Profile.objects.create(
        line=line, iccid=f"898600000000000{key}", matching_id="SECRET", state="enabled", as_of=NOON
    )
    LinkedService.objects.create(line=line, reference=f"S-{key}", name="Voice mail", as_of=NOON)
    Device.objects.create(
        account=owner,
        line=line,
        imei=f"49015420323{key}",
        name="Phone",
        last_seen_on=date(2026, 11, 1),
        as_of=NOON,
    )
    bucket = BalanceBucket.objects.create(
        reference=f"B-{key}", account=owner, line=line, kind="paid", amount_minor=7500, as_of=NOON
    )
    Payment.objects.create(
        reference=f"ch-{key}", bucket=bucket, amount_minor=9000, method="Visa 4242", paid_at=NOON
    )
    bill = Bill.objects.create(
        number=f"N-{key}",
        account=owner,
        line=line,
        issued_on=date(2026, 11, 1),
        due_on=date(2026, 11, 15),
        total_minor=2500,
        state="paid",
        as_of=NOON,
    )
    BillItem.objects.create(bill=bill, position=1, description="=HYPERLINK(1)", amount_minor=3000)
    BillItem.objects.create(bill=bill, position=2, description="减免", amount_minor=-500)


def moneyed(owner: Account, key: str) -> UUID:
    """What a closing of the line `key` is about, besides; the id of its case."""
    line = Line.objects.get(reference=f"L-{key}")
    case = uuid4()
    Usage.objects.create(
        reference=f"U-{key}", line=line, description="Calls", amount_minor=828, used_at=NOON
    )
    Credit.objects.create(
        reference=f"C-{key}",
        account=owner,
        kind="coupon",
        description="Sorry",
        amount_minor=500,
        used_by_case=case,
    )
    EarlyTerminationFee.objects.create(
        line=line, first_day=date(2026, 1, 1), last_day=date(2026, 12, 31), amount_minor=9900
    )
    Stay.objects.create(
        line=line, country="CH", first_day=date(2026, 6, 4), last_day=date(2026, 6, 9)
    )
    bill = Bill.objects.get(number=f"N-{key}")
    bill.items.filter(position=1).update(
        kind="roaming", country="CH", first_day=date(2026, 6, 5), last_day=date(2026, 6, 7)
    )
    Dispute.objects.create(
        item=bill.items.get(position=1),
        amount_minor=1000,
        currency="CNY",
        reason="not_used",
        text=f"Not me {key}",
        unpaid_minor=0,
        opened_at=NOON,
    )
    BillPayment.objects.create(
        bill=bill,
        amount_minor=2500,
        currency="CNY",
        language="en",
        state="paid",
        paid_by=f"pi-bill-{key}",
        asked_at=NOON,
        changed_at=NOON,
    )
    place = Place.objects.create(
        case=case, kind="iban", holder="Li", account_number=f"DE{key}", given_at=NOON
    )
    Refund.objects.create(
        case=case, position=0, place=place, amount_minor=3000, currency="EUR", changed_at=NOON
    )
    return case


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        assert folder.testzip() is None
        return {name: folder.read(name) for name in folder.namelist()}


@pytest.mark.django_db
def test_everything_of_ours_about_the_person_is_in_it() -> None:
    owner = account("A1")
    filled(owner, "0001")
    files = unpacked(make_takeout(account=owner, cases={}, later={}, now=NOON).content)

    assert json.loads(files["personal/account.json"])["name"] == "李伟"
    assert "TEL;VALUE=uri:tel:+8613800130001" in files["personal/contact.vcf"].decode()
    (line,) = json.loads(files["lines/lines.json"])
    assert line["esim"]["iccid"] == "8986000000000000001"
    assert line["services"][0]["name"] == "Voice mail"
    assert line["monthly_price"] == {"amount": "30.00", "currency": "CNY"}
    (device,) = json.loads(files["lines/devices.json"])
    assert device["line"] == "L-0001"
    (payment,) = json.loads(files["money/payments.json"])
    assert payment["paid"]["amount"] == "90.00"
    (bucket,) = json.loads(files["money/balances.json"])
    assert bucket["balance"]["amount"] == "75.00"
    (bill,) = json.loads(files["bills/bills.json"])
    assert bill["items"][0]["description"] == "=HYPERLINK(1)"
    items = list(csv.DictReader(io.StringIO(files["bills/items.csv"].decode("utf-8-sig"))))
    assert [(i["item"], i["amount"]) for i in items] == [
        ("'=HYPERLINK(1)", "30.00"),
        ("减免", "-5.00"),
    ]


@pytest.mark.django_db
def test_nothing_of_anybody_else_and_no_activation_code_is_in_it() -> None:
    owner, stranger = account("A1"), account("A2", name="Somebody Else")
    filled(owner, "0001")
    filled(stranger, "0002")
    moneyed(stranger, "0002")
    everything = b"".join(
        unpacked(make_takeout(account=owner, cases={}, later={}, now=NOON).content).values()
    )
    for foreign in (b"0002", b"Somebody", b"A2@", b"SECRET"):
        assert foreign not in everything


@pytest.mark.django_db
def test_the_manifest_fits_every_file() -> None:
    owner = account("A1")
    filled(owner, "0001")
    files = unpacked(make_takeout(account=owner, cases={}, later={}, now=NOON).content)
    listed = {f["path"]: f["sha256"] for f in json.loads(files.pop("MANIFEST.json"))["files"]}
    assert listed == {path: hashlib.sha256(files[path]).hexdigest() for path in files}


@pytest.mark.django_db
def test_what_a_last_bill_is_made_of_and_what_became_of_it_is_in_it() -> None:
    owner = account("A1", tax_ppm=88_750)
    filled(owner, "0001")
    case = moneyed(owner, "0001")
    BalanceBucket.objects.create(
        reference="B-yen", account=owner, kind="paid", amount_minor=3000, currency="JPY", as_of=NOON
    )
    packed = make_takeout(account=owner, cases={case: "4F2K-9QRT"}, later={}, now=NOON).content
    files = {
        path: json.loads(content)
        for path, content in unpacked(packed).items()
        if path.endswith(".json")
    }
    assert files["personal/account.json"]["tax_rate_percent"] == "8.875"
    assert files["lines/stays.json"] == [
        {"line": "L-0001", "country": "CH", "first_day": "2026-06-04", "last_day": "2026-06-09"}
    ]
    (usage,) = files["money/usage.json"]
    assert (usage["amount"]["amount"], usage["is_billed"]) == ("8.28", False)
    (credit,) = files["money/credits.json"]
    assert (credit["kind"], credit["is_used"]) == ("coupon", True)
    (fee,) = files["money/termination_fees.json"]
    assert fee["amount"] == {"amount": "99.00", "currency": "CNY"}
    (dispute,) = files["money/disputes.json"]
    assert (dispute["bill"], dispute["position"], dispute["state"]) == ("N-0001", 1, "open")
    (paid,) = files["money/bill_payments.json"]
    assert (paid["bill"], paid["state"], paid["reference"]) == ("N-0001", "paid", "pi-bill-0001")
    (refund,) = files["money/refunds.json"]
    assert (refund["case"], refund["state"]) == ("4F2K-9QRT", "planned")
    assert refund["amount"] == {"amount": "30.00", "currency": "EUR"}
    assert refund["place"]["account_number"] == "DE0001"
    yen = [row["balance"] for row in files["money/balances.json"] if row["reference"] == "B-yen"]
    assert yen == [{"amount": "3000", "currency": "JPY"}]
    (bill,) = files["bills/bills.json"]
    assert bill["line"] == "L-0001"
    assert bill["items"][0]["country"] == "CH"
    assert bill["items"][1]["kind"] == "other"
    rows = csv.DictReader(io.StringIO(unpacked(packed)["bills/items.csv"].decode("utf-8-sig")))
    assert [(row["kind"], row["first_day"]) for row in rows] == [
        ("roaming", "2026-06-05"),
        ("other", ""),
    ]


@pytest.mark.django_db
def test_it_is_dated_by_the_persons_own_calendar() -> None:
    takeout = make_takeout(account=account("A1"), cases={}, later={}, now=LATE)
    assert takeout.filename == "takeout-2026-11-23.zip"
    assert takeout.media_type == "application/zip"


@pytest.mark.django_db
def test_an_account_with_nothing_gets_its_details() -> None:
    files = unpacked(make_takeout(account=account("A1"), cases={}, later={}, now=NOON).content)
    assert json.loads(files["lines/lines.json"]) == []
    assert "MANIFEST.json lists every file" in files["README.txt"].decode()


@pytest.mark.django_db
def test_a_line_without_profile_is_taken_along_too() -> None:
    owner = account("A1")
    filled(owner, "0001")
    Profile.objects.all().delete()
    (line,) = json.loads(
        unpacked(make_takeout(account=owner, cases={}, later={}, now=NOON).content)[
            "lines/lines.json"
        ]
    )
    assert line["esim"] is None


@pytest.mark.django_db
def test_making_it_is_recorded_without_personal_data() -> None:
    owner = account("A1")
    make_takeout(account=owner, cases={}, later={}, now=NOON)
    (row,) = history(f"account:{owner.pk}")
    assert (row.event, row.actor) == ("takeout_made", "customer")
    assert set(row.facts) == {"files", "bytes"}


@pytest.mark.django_db
def test_more_lines_and_bills_cost_no_more_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    owner = account("A1")
    for n in range(1, 8):
        filled(owner, f"{n:04d}")
    cases = {moneyed(owner, f"{n:04d}"): f"C-{n}" for n in range(1, 8)}
    with django_assert_max_num_queries(20):
        make_takeout(account=owner, cases=cases, later={}, now=NOON)
