"""A file for the euro area is valid by the standard, the same each time, and pays the right one."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from moneyed import Money

from signoff.adapters.bank_file.sepa import Payer, Sepa, schema
from signoff.kernel.bank_accounts import Iban
from signoff.kernel.errors import InvalidValue
from signoff.ports.bank_files import Transfer

MADE = datetime(2026, 11, 22, 20, 30, 15, tzinfo=UTC)
DAY = date(2026, 11, 23)
PAYER = Payer("Boom GmbH", Iban("DE89370400440532013000"))
REFUND = Transfer("R-1", Money("12.50", "EUR"), "Li Wei", "NL91ABNA0417164300", "Refund SO-7K4M")
MESSAGES = ["pain.001.001.03", "pain.001.001.09"]


def sepa(message: str = MESSAGES[1], payer: Payer = PAYER) -> Sepa:
    return Sepa(payer, message=message, time_zone="Europe/Berlin")


def numbered(country: str, bban: str) -> str:
    """An IBAN of a bank that may not exist, with check digits that fit (ISO 7064)."""
    digits = "".join(str(int(sign, 36)) for sign in f"{bban}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{bban}"


def elements(message: str, *transfers: Transfer, payer: Payer = PAYER) -> list[tuple[str, str]]:
    """Name and text of every leaf, in order."""
    content = sepa(message, payer).write("B-1", transfers or [REFUND], DAY, MADE).content
    root = ET.fromstring(content)  # noqa: S314 - made in this very test
    assert root.tag == f"{{urn:iso:std:iso:20022:tech:xsd:{message}}}Document"
    return [(n.tag.partition("}")[2], n.text) for n in root.iter() if not len(n) and n.text]


@pytest.mark.parametrize("message", MESSAGES)
def test_numbers_and_times_are_ours(message: str) -> None:
    leaves = elements(message)
    assert ("MsgId", "B-1") in leaves
    assert ("PmtInfId", "B-1") in leaves
    assert ("CreDtTm", "2026-11-22T20:30:15Z") in leaves
    assert leaves.count(("NbOfTxs", "1")) == leaves.count(("CtrlSum", "12.50")) == 2
    assert {("PmtMtd", "TRF"), ("Cd", "SEPA"), ("ChrgBr", "SLEV"), ("EndToEndId", "R-1")} <= set(
        leaves
    )
    day = "ReqdExctnDt" if message == MESSAGES[0] else "Dt"
    assert (day, "2026-11-23") in leaves


@pytest.mark.parametrize(("message", "name"), [(MESSAGES[0], "BIC"), (MESSAGES[1], "BICFI")])
def test_the_payers_bank_is_looked_up_named_or_said_to_be_unnamed(message: str, name: str) -> None:
    assert (name, "COBADEFFXXX") in elements(message)
    assert (name, "DEUTDEFF") in elements(message, payer=replace(PAYER, bic="DEUTDEFF"))
    unknown = replace(PAYER, iban=Iban.parse(numbered("DE", "999999990000000000")))
    leaves = elements(message, payer=unknown)
    assert ("Id", "NOTPROVIDED") in leaves
    assert not [leaf for leaf in leaves if leaf[0] == name]


def test_an_iban_alone_is_enough_within_the_economic_area() -> None:
    assert "ABNANL2A" not in str(elements(MESSAGES[1]))
    assert ("BICFI", "ABNANL2AXXX") in elements(MESSAGES[1], replace(REFUND, bic="abnanl2axxx"))


def test_outside_of_it_the_bic_is_written() -> None:
    british = replace(REFUND, account="GB29NWBK60161331926819")
    assert ("BICFI", "NWBKGB2LXXX") in elements(MESSAGES[1], british)
    unknown = replace(REFUND, account=numbered("GB", "ZZZZ20201555555555"))
    with pytest.raises(InvalidValue, match="needs the BIC"):
        sepa().check(unknown)
    assert ("BICFI", "BUKBGB22") in elements(MESSAGES[1], replace(unknown, bic="BUKBGB22"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"account": "SA0380000000608010167519"}, "iban_outside_sepa"),
        ({"account": "6222021234567890128"}, "iban"),
        ({"holder": "李伟"}, "latin_letters"),
        ({"holder": "A" * 71}, "name_length"),
        ({"holder": ""}, "blank_name"),
        ({"purpose": "x" * 141}, "name_length"),
        ({"purpose": "退款"}, "latin_letters"),
        ({"bic": "COBA"}, "bic"),
        ({"amount": Money("1", "CNY")}, "transfer_currency"),
    ],
)
def test_what_cannot_be_paid_is_refused_before_it_spoils_a_batch(
    change: dict[str, object], code: str
) -> None:
    wrong = replace(REFUND, end_to_end_id="R-2", **change)  # type: ignore[arg-type]
    for refuse in (
        lambda: sepa().check(wrong),
        lambda: sepa().write("B-1", [REFUND, wrong], DAY, MADE),
    ):
        with pytest.raises(InvalidValue) as refused:
            refuse()
        assert (refused.value.code, refused.value.field) == (code, "R-2")


def test_accents_go_and_markup_stays_text() -> None:
    leaves = elements(MESSAGES[1], replace(REFUND, holder="Zoë Müller & Co", purpose="A+B 'C'"))
    assert ("Nm", "Zoe Muller + Co") in leaves
    assert ("Ustrd", "A+B 'C'") in leaves


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80), st.text(max_size=150), st.sampled_from(MESSAGES))
def test_whatever_is_typed_the_file_is_valid_or_refused(
    holder: str, purpose: str, message: str
) -> None:
    transfer = replace(REFUND, holder=holder or "A", purpose=purpose or "A")
    try:
        content = sepa(message).write("B-1", [transfer], DAY, MADE).content
    except InvalidValue:
        return
    assert schema(message).is_valid(content.decode())


@pytest.mark.parametrize("message", MESSAGES)
def test_the_schema_is_the_standards_and_bites(message: str) -> None:
    content = sepa(message).write("B-1", [REFUND], DAY, MADE).content.decode()
    for wrong in (
        content.replace(">12.50</InstdAmt>", ">-12.50</InstdAmt>"),
        content.replace("<ChrgBr>SLEV</ChrgBr>", "<ChrgBr>FREE</ChrgBr>"),
        content.replace("R-1", "R" * 36),
    ):
        assert wrong != content
        with pytest.raises(xmlschema.XMLSchemaValidationError):
            schema(message).validate(wrong)


def test_two_versions_in_one_process_do_not_mix() -> None:
    first = [sepa(message).write("B-1", [REFUND], DAY, MADE) for message in MESSAGES]
    assert [sepa(message).write("B-1", [REFUND], DAY, MADE) for message in MESSAGES] == first


def test_guessing_names_is_never_loaded() -> None:
    """`sepaxml` brings a transliteration under another licence; it stays on the shelf."""
    made = """
import sys
from datetime import *
from moneyed import Money
from signoff.adapters.bank_file.sepa import Iban, Payer, Sepa, Transfer
payer = Payer("Boom", Iban("DE89370400440532013000"))
paid = Transfer("R-1", Money("1", "EUR"), "Li Wei", "NL91ABNA0417164300", "x")
made = Sepa(payer, message="pain.001.001.09", time_zone="UTC").write(
    "B-1", [paid], date(2026, 11, 23), datetime(2026, 11, 22, tzinfo=UTC))
print(len(made.content) > 500, "sepaxml" in sys.modules, "text_unidecode" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", made], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "True True False"
