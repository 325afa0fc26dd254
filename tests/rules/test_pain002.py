"""What a bank says of a batch is read as it is meant; what is hostile is not read at all."""

import time
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.adapters.bank_file import received_xml
from signoff.adapters.bank_file.pain002 import STATES, read
from signoff.adapters.bank_file.reasons import DUPLICATE
from signoff.kernel.errors import InvalidValue
from signoff.ports.bank_files import MOST_BYTES, MOST_TRANSFERS, Remedy, StatusReport, TransferState
from tests.peers.bank import URN, entry, pain002, reason

BERLIN = ZoneInfo("Europe/Berlin")
PAID, SENT, FAILED = TransferState.PAID, TransferState.SENT, TransferState.FAILED


def reports(content: bytes) -> dict[str, StatusReport]:
    """By reference; "" is the batch."""
    return {report.end_to_end_id: report for report in read(content, BERLIN)}


def states(content: bytes) -> dict[str, TransferState]:
    return {reference: report.state for reference, report in reports(content).items()}


def refusal(content: bytes) -> str:
    with pytest.raises(InvalidValue) as refused:
        read(content, BERLIN)
    assert refused.value.field == "status_file"
    return refused.value.code


@pytest.mark.parametrize(
    ("code", "state"),
    [("ACSC", PAID), ("ACCC", PAID), ("ACCP", SENT), ("ACSP", SENT), ("PDNG", SENT),
     ("ACTC", SENT), ("RCVD", SENT), ("ACWP", SENT), ("BLCK", SENT), ("RJCT", FAILED),
     ("CANC", FAILED)],
)  # fmt: skip
def test_each_status_means_what_the_standard_says(code: str, state: TransferState) -> None:
    assert states(pain002("B-1", entry("R-1", code))) == {"R-1": state}


@pytest.mark.parametrize(
    "message",
    ["pain.002.001.03", "pain.002.001.10", "pain.002.001.14", "pain.002.003.03"],
)
def test_the_versions_that_banks_send_are_read(message: str) -> None:
    assert states(pain002("B-1", entry("R-1", "ACSC"), message=message)) == {"R-1": PAID}


def test_a_status_of_the_message_is_said_of_the_batch() -> None:
    (report,) = read(
        pain002("B-1", group="RJCT", said=reason("AM04", "Konto nicht gedeckt")), BERLIN
    )
    assert (report.end_to_end_id, report.batch_id, report.state) == ("", "B-1", FAILED)
    assert report.reason_text == "Your own account does not have enough money."
    assert report.bank_text == "Konto nicht gedeckt"


def test_a_status_of_the_payment_information_is_said_of_the_batch() -> None:
    assert states(pain002("B-1", part="ACSC")) == {"": PAID}
    assert states(pain002("B-1", group="ACCP", part="RJCT")) == {"": FAILED}


def test_what_is_said_above_holds_for_who_is_named_without_a_status() -> None:
    content = pain002("B-1", entry("R-1"), entry("R-2", "RJCT", reason("AC04")), group="ACCP")
    assert states(content) == {"R-1": SENT, "R-2": FAILED, "": SENT}
    content = pain002("B-1", entry("R-1", said=reason("AC04")), entry("R-2"), group="RJCT")
    found = reports(content)
    assert [(r.state, r.reason_code) for r in found.values()] == [
        (FAILED, "AC04"), (FAILED, ""), (FAILED, ""),
    ]  # fmt: skip


def test_partly_accepted_says_nothing_of_who_is_not_named() -> None:
    content = pain002("B-1", entry("R-2", "RJCT", reason("AC01")), group="PART")
    assert states(content) == {"R-2": FAILED}
    assert refusal(pain002("B-1", entry("R-1"), group="PART")) == "status_missing"


@pytest.mark.parametrize(("above", "own"), [("RJCT", "ACSC"), ("ACSC", "RJCT"), ("RJCT", "PDNG")])
def test_what_is_over_as_a_whole_is_not_otherwise_in_a_part(above: str, own: str) -> None:
    assert refusal(pain002("B-1", entry("R-1", own), group=above)) == "status_contradiction"
    assert refusal(pain002("B-1", entry("R-1", own), part=above)) == "status_contradiction"


@pytest.mark.parametrize("code", sorted(DUPLICATE))
def test_a_repeated_order_is_not_known_dead(code: str) -> None:
    """A file that was uploaded twice is refused the second time; the first has paid."""
    for content in (
        pain002("B-1", entry("R-1", "RJCT", reason(code)), group="RJCT"),
        pain002("B-1", entry("R-1", "RJCT"), group="RJCT", said=reason(code)),
        pain002("B-1", entry("R-1"), group="RJCT", said=reason(code)),
    ):
        report = reports(content)["R-1"]
        assert (report.state, report.remedy) == (SENT, Remedy.PERSON)
    assert states(pain002("B-1", group="RJCT", said=reason(code))) == {"": SENT}


@pytest.mark.parametrize(
    ("code", "remedy"),
    [("AC01", Remedy.OTHER_ACCOUNT), ("AC04", Remedy.OTHER_ACCOUNT), ("BE01", Remedy.OTHER_ACCOUNT),
     ("AM04", Remedy.PERSON), ("MD07", Remedy.PERSON), ("XXXX", Remedy.PERSON)],
)  # fmt: skip
def test_the_customer_is_asked_only_if_another_account_helps(code: str, remedy: Remedy) -> None:
    report = reports(pain002("B-1", entry("R-1", "RJCT", reason(code))))["R-1"]
    assert (report.reason_code, report.remedy) == (code, remedy)
    assert bool(report.reason_text) is (code != "XXXX")


def test_an_account_that_is_wrong_for_the_whole_batch_is_not_the_customers() -> None:
    content = pain002("B-1", entry("R-1"), group="RJCT", said=reason("AC01"))
    assert {report.remedy for report in read(content, BERLIN)} == {Remedy.PERSON}


def test_a_bank_may_have_reasons_of_its_own() -> None:
    said = reason("House rule 7", "Siehe", "Vertrag")
    report = reports(pain002("B-1", entry("R-1", "RJCT", said)))["R-1"]
    assert (report.reason_code, report.bank_text) == ("House rule 7", "Siehe Vertrag")


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-11-23T08:15:00", datetime(2026, 11, 23, 7, 15, tzinfo=UTC)),
        ("2026-07-01T08:15:00", datetime(2026, 7, 1, 6, 15, tzinfo=UTC)),
        ("2026-11-23T08:15:00.123Z", datetime(2026, 11, 23, 8, 15, 0, 123000, tzinfo=UTC)),
        ("2026-11-23T08:15:00+08:00", datetime(2026, 11, 23, 0, 15, tzinfo=UTC)),
        ("yesterday", None),
    ],
)
def test_the_time_of_the_report_is_the_banks(said: str, moment: datetime | None) -> None:
    assert reports(pain002("B-1", entry("R-1", "ACSC"), at=said))["R-1"].reported_at == moment


@pytest.mark.parametrize("status", ["ABCD", "acsc", "OK", "<![CDATA[=1+1]]>", "X" * 5000])
def test_a_status_that_nobody_knows_is_not_guessed_at(status: str) -> None:
    assert refusal(pain002("B-1", entry("R-1", status))) == "status_unknown"


def test_an_entry_about_nothing_is_refused() -> None:
    assert refusal(pain002("B-1", entry("", "RJCT"))) == "status_reference"
    assert refusal(pain002("B-1", entry("R" * 36, "RJCT"))) == "status_reference"


# Not a status report


@pytest.mark.parametrize("kind", ["pain.001.001.09", "camt.054.001.08", "pain.008.001.02"])
def test_another_message_is_named(kind: str) -> None:
    with pytest.raises(InvalidValue, match=f"is a {kind}; what is needed") as refused:
        read(f'<Document xmlns="{URN}{kind}"/>'.encode(), BERLIN)
    assert refused.value.code == "status_kind"


@pytest.mark.parametrize(
    "namespace",
    ["", "urn:evil", f"x{URN}pain.002.001.03", f"{URN}pain.002.001.3", "http://" + "a" * 9000],
)
def test_another_namespace_is_refused(namespace: str) -> None:
    content = pain002("B-1", entry("R-1", "ACSC")).replace(
        f"{URN}pain.002.001.03".encode(), namespace.encode()
    )
    assert refusal(content) in {"status_unreadable", "status_kind"}


def test_a_version_that_is_too_old_is_named() -> None:
    assert refusal(pain002("B-1", entry("R-1", "ACSC"), message="pain.002.001.02")) == "status_kind"


def test_elements_of_a_foreign_namespace_say_nothing() -> None:
    lie = '<e:TxSts xmlns:e="urn:evil">ACSC</e:TxSts>'
    assert refusal(pain002("B-1", entry("R-1", said=lie))) == "status_missing"


# Hostile


def _with_doctype(doctype: str, value: str) -> bytes:
    head, rest = pain002("B-1", entry("R-1", "RJCT", reason("NARR", value))).split(b"?>", 1)
    return head + b"?>" + doctype.encode() + rest


LAUGHS = "<!DOCTYPE d [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(12)
) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    ("doctype", "value"),
    [
        (LAUGHS, "&m;"),
        ("<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", "&x;"),
        ("<!DOCTYPE d [<!ENTITY x SYSTEM 'http://127.0.0.1:9/x'>]>", "&x;"),
        ("<!DOCTYPE d [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/x'> %x;]>", "x"),
        ("<!DOCTYPE d SYSTEM 'http://127.0.0.1:9/x.dtd'>", "x"),
        ("<!DOCTYPE d>", "x"),
    ],
)
def test_document_types_and_entities_are_refused(doctype: str, value: str) -> None:
    begun = time.process_time()
    assert refusal(_with_doctype(doctype, value)) == "status_hostile"
    assert time.process_time() - begun < 1


def test_an_answer_to_the_largest_batch_is_read() -> None:
    content = pain002("B-1", *[entry(f"R-{n}", "ACSC") for n in range(MOST_TRANSFERS)])
    assert len(content) < MOST_BYTES
    assert len(read(content, BERLIN)) == MOST_TRANSFERS


def test_a_tree_that_is_far_too_deep_or_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(b"<a>" * 100_000) == "status_unreadable"
    monkeypatch.setattr(received_xml, "_MOST_ELEMENTS", 100)
    few = [entry(f"R-{n}", "ACSC") for n in range(20)]
    assert len(states(pain002("B-1", *few[:10]))) == 10
    assert refusal(pain002("B-1", *few)) == "status_unreadable"
    assert refusal(b" " * MOST_BYTES + b"<a/>") == "status_size"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7", "EBCDIC-CP-US", "punycode", "no-such"])
def test_strange_encodings_are_refused_in_words(encoding: str) -> None:
    content = pain002("B-1", entry("R-1", "ACSC")).replace(b"UTF-8", encoding.encode())
    assert refusal(content) == "status_unreadable"


def test_words_of_the_bank_cannot_hide_or_turn_text() -> None:
    said = reason("NARR", "a\u202egnp.exe", "\u200bb" + "c" * 2000)
    report = reports(pain002("B-1", entry("R-1", "RJCT", said)))["R-1"]
    assert report.bank_text.startswith("agnp.exe bccc")
    assert len(report.bank_text) == 500


@given(
    st.lists(st.tuples(st.sampled_from(sorted(STATES)), st.booleans()), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_the_order_of_a_file_does_not_matter(said: list[tuple[str, bool]], random: Random) -> None:
    entries = [entry(f"R-{n}", status) for n, (status, _more) in enumerate(said)]
    shuffled = random.sample(entries, len(entries))
    assert states(pain002("B-1", *entries)) == states(pain002("B-1", *shuffled))
