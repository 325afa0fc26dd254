"""The operator's own account: without it no SEPA files, with a wrong one no start."""

import pytest
from pydantic import ValidationError

from signoff.cli.checks.configured import bank_payouts
from signoff.cli.checks.finding import State
from signoff.config import Config, config
from signoff.wiring import bank_files

ACCOUNT = "DE89370400440532013000"


def settings(monkeypatch: pytest.MonkeyPatch, **values: str) -> Config:
    for name, value in values.items():
        monkeypatch.setenv(f"SIGNOFF_{name.upper()}", value)
    return Config()


def test_without_an_account_there_are_only_files_that_need_none() -> None:
    formats = bank_files(config().model_copy(update={"payout_name": "", "payout_iban": ""}))
    assert {name: files.currency for name, files in formats.items()} == {"cn_csv": "CNY"}


def test_the_account_is_normalised_and_turns_sepa_on(monkeypatch: pytest.MonkeyPatch) -> None:
    set_ = settings(
        monkeypatch, payout_name="Bööm GmbH", payout_iban="de89 3704 0044 0532 0130 00",
        payout_bic="cobadeff",
    )  # fmt: skip
    assert (set_.payout_name, set_.payout_iban, set_.payout_bic) == (
        "Boom GmbH", "DE89370400440532013000", "COBADEFF",
    )  # fmt: skip
    assert {name: files.currency for name, files in bank_files(set_).items()} == {
        "cn_csv": "CNY", "sepa": "EUR",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [("payout_iban", "DE89370400440532013001", "check digits"), ("payout_bic", "X", "not a BIC"),
     ("payout_name", "李伟公司", "Latin letters"), ("payout_message", "pain.001.001.02", "pain")],
)  # fmt: skip
def test_a_wrong_setting_is_said_at_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    with pytest.raises(ValidationError, match=says):
        settings(monkeypatch, **{name: value})


@pytest.mark.parametrize(
    ("name", "iban", "state", "says"),
    [("", "", State.GOOD, "no SEPA files"), ("Boom", "", State.MISSING, "SIGNOFF_PAYOUT_IBAN not set"),
     ("", ACCOUNT, State.MISSING, "SIGNOFF_PAYOUT_NAME not set"),
     ("Boom", ACCOUNT, State.GOOD, "pain.001.001.09 from DE89\u00a0••••\u00a03000")],
)  # fmt: skip
def test_check_says_whether_they_are_on_without_showing_the_account(
    name: str, iban: str, state: State, says: str
) -> None:
    finding = bank_payouts(config().model_copy(update={"payout_name": name, "payout_iban": iban}))
    assert finding.state is state
    assert says in finding.detail
    assert ACCOUNT not in finding.detail
