"""The number of the paper that lines were registered with: sealed, apart, and gone with the account."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from typer.testing import CliRunner

from signoff.accounts.importing.merging import Counts
from signoff.accounts.models import Account
from signoff.accounts.operations import close_account
from signoff.audit.models import AuditRow
from signoff.cli.main import app
from signoff.config import config
from signoff.evidence import erasing, queries, registered
from signoff.evidence.keys import written
from signoff.evidence.models import RegisteredNumber
from signoff.evidence.registered import Told
from signoff.evidence.sealing import EvidenceKeyError, SealBroken, key_id, new_key
from tests.desk import at_the_desk
from tests.exports import ExportFolder
from tests.world import LATER, NOON, customer, submitted

pytestmark = pytest.mark.django_db

NUMBER = "990101199003070031"


def told(number: str = NUMBER, account: Account | None = None) -> Account:
    account = account or customer().account
    registered.take_in([Told(account, number)], as_of=NOON)
    return account


def test_it_opens_for_its_account_and_the_table_does_not_tell_it() -> None:
    account = told()
    row = RegisteredNumber.objects.get()
    assert registered.number_of(account) == NUMBER
    assert NUMBER.encode() not in bytes(row.sealed)
    assert NUMBER not in repr(model_to_dict(account)) + repr(row) + repr(Told(account, NUMBER))


def test_all_have_the_same_length() -> None:
    told("C01X0006H")
    told()
    one, other = RegisteredNumber.objects.all()
    assert len(bytes(one.sealed)) == len(bytes(other.sealed))


def test_one_that_was_moved_to_another_account_does_not_open() -> None:
    told()
    other = customer().account
    RegisteredNumber.objects.update(account=other)
    with pytest.raises(SealBroken):
        registered.number_of(other)


def test_the_same_again_is_not_sealed_anew_and_another_one_is() -> None:
    account = told()
    before = bytes(RegisteredNumber.objects.get().sealed)
    assert registered.take_in([Told(account, NUMBER)], as_of=LATER) == Counts(unchanged=1)
    assert bytes(RegisteredNumber.objects.get().sealed) == before
    assert registered.take_in([Told(account, "X1234567")], as_of=NOON) == Counts(kept=1)
    assert registered.take_in([Told(account, "X1234567")], as_of=LATER) == Counts(changed=1)
    assert registered.number_of(account) == "X1234567"
    assert registered.take_in([Told(account, "")], as_of=LATER) == Counts(removed=1)
    assert not registered.is_known(account)


def test_a_closed_account_gets_none_and_loses_what_it_had() -> None:
    account = told()
    close_account(account=account.pk, now=LATER)
    registered.forget(account=account.pk)
    account.refresh_from_db()
    assert registered.take_in([Told(account, NUMBER)], as_of=LATER) == Counts()
    assert not registered.is_known(account)


def test_many_are_taken_in_with_a_few_queries(
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    accounts = [customer().account for _ in range(12)]
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        registered.take_in([Told(each, NUMBER) for each in accounts], as_of=NOON)


def test_after_a_rotation_it_opens_with_the_new_key_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = new_key(), new_key()
    use_keys(monkeypatch, old)
    account = told()
    use_keys(monkeypatch, new, old)
    assert erasing.rewrap_keys(now=NOON) == erasing.Rewrapped(0, 1, key_id(new), ())
    use_keys(monkeypatch, new)
    assert registered.number_of(account) == NUMBER
    assert [use.numbers for use in queries.key_uses()] == [1]
    use_keys(monkeypatch, new_key())
    with pytest.raises(EvidenceKeyError):
        registered.number_of(account)
    assert len(erasing.rewrap_keys(now=NOON).lost) == 1


@pytest.fixture(autouse=True)
def settings_back(request: pytest.FixtureRequest) -> None:
    """After the variables are what they were."""
    request.addfinalizer(config.cache_clear)


def use_keys(monkeypatch: pytest.MonkeyPatch, *keys: bytes) -> None:
    monkeypatch.setenv("SIGNOFF_EVIDENCE_KEYS", ",".join(written(key) for key in keys))
    config.cache_clear()


# The desk


def test_a_reviewer_sees_it_after_asking_and_that_is_on_record() -> None:
    who = customer()
    case, client = submitted(who), at_the_desk()
    path = f"/desk/{case.number}/"
    assert "Registered with" not in client.get(path).content.decode()
    told(account=who.account)
    masked = client.get(path).content.decode()
    assert "Registered with" in masked
    assert NUMBER not in masked
    assert NUMBER not in client.post(f"{path}unmask/", {"what": "email"}).content.decode()
    assert NUMBER in client.post(f"{path}unmask/", {"what": "id_number"}).content.decode()
    shown = AuditRow.objects.order_by("pk").last()
    assert shown is not None
    assert "id_number" in str(model_to_dict(shown))
    assert NUMBER not in str(model_to_dict(shown))


def test_one_that_does_not_open_does_not_keep_the_case_shut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    who = customer()
    case, client = submitted(who), at_the_desk()
    told(account=who.account)
    use_keys(monkeypatch, new_key())
    page = client.post(f"/desk/{case.number}/unmask/", {"what": "id_number"})
    assert "It cannot be opened" in page.content.decode()


# The import


@pytest.fixture
def folder(tmp_path: Path) -> ExportFolder:
    made = ExportFolder(tmp_path / "export")
    made.tell_more()
    return made


def test_an_import_tells_it_and_nothing_that_it_writes_repeats_it(folder: ExportFolder) -> None:
    done = CliRunner().invoke(app, ["import", "--json", str(folder.directory)])
    report = json.loads(done.stdout)
    assert report["counts"]["id_numbers"]["created"] == 1
    assert registered.number_of(Account.objects.get(number="A1")) == NUMBER
    record = "".join(str(model_to_dict(row)) for row in AuditRow.objects.all())
    assert NUMBER not in done.output + record
    assert NUMBER not in everything_in("accounts_account")


def everything_in(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - a name of ours
        return repr(cursor.fetchall())


def test_an_export_without_the_column_says_nothing_of_it(folder: ExportFolder) -> None:
    CliRunner().invoke(app, ["import", str(folder.directory)])
    lines = folder.text("customers").splitlines()
    folder.write("customers", "\n".join(line.rpartition(",")[0] for line in lines) + "\n")
    again = CliRunner().invoke(app, ["import", "--json", str(folder.directory)])
    assert "id_numbers" not in json.loads(again.stdout)["counts"]
    assert registered.number_of(Account.objects.get(number="A1")) == NUMBER


def test_a_refusal_does_not_repeat_it(folder: ExportFolder) -> None:
    folder.write("customers", folder.text("customers").replace("0031", "0032"))
    refused = CliRunner().invoke(app, ["import", str(folder.directory)])
    assert refused.exit_code == 1
    assert "id_number" in refused.output
    assert "0032" not in refused.output


def test_without_a_key_nothing_of_such_an_export_is_taken_in(
    folder: ExportFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNOFF_HOME", str(tmp_path))
    monkeypatch.setenv("SIGNOFF_EVIDENCE_KEYS", "")
    config.cache_clear()
    refused = CliRunner().invoke(app, ["import", str(folder.directory)])
    assert refused.exit_code == 1
    assert "new-evidence" in refused.output.replace("\n", " ")
    assert not Account.objects.exists()
