"""The bank's status report: pain.002 of ISO 20022, from .001.03 on.

A transfer's own status is the narrowest that is given: its own, else that of its payment
information, else that of the whole message.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from xml.etree import ElementTree as ET

from signoff.adapters.bank_file.reasons import DUPLICATE, remedy, words
from signoff.adapters.bank_file.received_xml import tree, unreadable
from signoff.kernel.errors import InvalidValue
from signoff.kernel.payee_names import bank_words
from signoff.kernel.words import gettext_noop as _
from signoff.ports.bank_files import (
    Remedy,
    StatusReport,
    TransferState,
    contradiction,
    without_contradiction,
)

_FIELD = "status_file"
_LONGEST_REFERENCE = 35
_NAMESPACE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:pain\.002\.00[1-3]\.([0-9]{2})\}")
_OLDEST = 3

STATES = {
    code: state
    for state, codes in (
        (TransferState.PAID, "ACCC ACSC CPUC"),
        (TransferState.SENT, "ACCP ACFC ACIS ACPD ACSP ACTC ACWC ACWP BLCK PATC PDNG PRES RCVD"),
        (TransferState.FAILED, "RJCT CANC"),
    )
    for code in codes.split()
}
"""ExternalPaymentTransactionStatus1Code and its like for groups. BLCK: neither paid nor returned."""
_PARTLY = "PART"
"""Some are refused and some not; only those that are named have a status."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What one level says, with what it inherits.

    `state` is None if the parts differ (PART). `repeated`: the bank has had the order before, so
    its refusal proves nothing about the first one. `is_transfer`: said of one transfer, not many.
    """

    state: TransferState | None
    code: str
    text: str
    repeated: bool
    is_transfer: bool


def read(content: bytes, zone: tzinfo) -> tuple[StatusReport, ...]:
    """See `ports.bank_files.BankFiles.read_status`. zone: of time stamps that have none."""
    root = _bare(tree(content))
    report = root.find("CstmrPmtStsRpt")
    if report is None:
        raise unreadable()
    at = _moment(_text(report, "GrpHdr/CreDtTm"), zone)
    found = [replace(one, reported_at=at) for one in _reports(report)]
    return without_contradiction(found)


def _bare(root: ET.Element) -> ET.Element:
    """`root` with tags that have lost their namespace."""
    prefix = _prefix(root)
    for node in root.iter():
        node.tag = node.tag.removeprefix(prefix)
    return root


def _prefix(root: ET.Element) -> str:
    """`{urn:…}` of a pain.002 that we can read. Raises InvalidValue, naming what it is instead."""
    found = _NAMESPACE.match(root.tag)
    if found is not None and int(found[1]) >= _OLDEST:
        return found[0]
    kind = re.search(r"(?:camt|pain|pacs)\.[0-9.]{3,14}[0-9]", root.tag)
    if kind is None:
        raise unreadable()
    raise InvalidValue(
        "status_kind",
        _("The file is a %(kind)s; what is needed is a status report, pain.002.001.03 or newer."),
        field=_FIELD,
        kind=kind[0],
    )


def _reports(report: ET.Element) -> Iterator[StatusReport]:
    group = report.find("OrgnlGrpInfAndSts")
    batch = _text(group, "OrgnlMsgId")[:_LONGEST_REFERENCE]
    whole = _said(group, "GrpSts", None, batch)
    parts = [
        (part, _said(part, "PmtInfSts", whole, batch))
        for part in report.iterfind("OrgnlPmtInfAndSts")
    ]
    for part, said in parts:
        for position, entry in enumerate(part.iterfind("TxInfAndSts"), start=1):
            yield _transfer(entry, said, batch, position)
    for said in [said for _part, said in parts] or [whole]:
        if said is not None and said.state is not None:
            yield _report("", batch, said, said.state)


def _transfer(entry: ET.Element, above: _Said | None, batch: str, position: int) -> StatusReport:
    reference = _text(entry, "OrgnlEndToEndId")
    if not 0 < len(reference) <= _LONGEST_REFERENCE:
        raise InvalidValue(
            "status_reference",
            _("Entry %(position)s of the file does not say which transfer it is about."),
            field=_FIELD,
            position=position,
        )
    said = _said(entry, "TxSts", above, reference)
    if said is None or said.state is None:
        raise InvalidValue(
            "status_missing",
            _("The file does not say what became of the transfer “%(reference)s”."),
            field=_FIELD,
            reference=reference,
        )
    return _report(reference, batch, said, said.state)


def _report(reference: str, batch: str, said: _Said, state: TransferState) -> StatusReport:
    if said.repeated:
        state, what = TransferState.SENT, Remedy.PERSON
    elif state is not TransferState.FAILED:
        what = Remedy.NOTHING
    else:  # a reason given for a whole batch is about nobody's account but the payer's
        what = remedy(said.code) if said.is_transfer else Remedy.PERSON
    return StatusReport(
        end_to_end_id=reference,
        state=state,
        reason_code=said.code,
        reason_text=words(said.code),
        batch_id=batch,
        bank_text=said.text,
        remedy=what,
    )


def _said(node: ET.Element | None, tag: str, above: _Said | None, reference: str) -> _Said | None:
    """What this level says, or else the one above. Raises InvalidValue, also for contradictions."""
    status = _text(node, tag)
    if node is None or not (status or node.find("StsRsnInf") is not None):
        return above
    if status:
        state = _state(status)
        is_over = above is not None and above.state in (TransferState.PAID, TransferState.FAILED)
        if above is not None and is_over and state is not above.state:
            raise contradiction(reference)
    elif above is None:
        return None
    else:
        state = above.state
    codes = [code.strip() for code in _texts(node, "Cd") + _texts(node, "Prtry")]
    repeated = next((code for code in codes if code in DUPLICATE), "")
    return _Said(
        state,
        bank_words(repeated or next(iter(codes), ""), _LONGEST_REFERENCE),
        bank_words(" ".join(_texts(node, "AddtlInf"))),
        bool(repeated) or (above is not None and above.repeated),
        is_transfer=tag == "TxSts",
    )


def _state(status: str) -> TransferState | None:
    """Raises InvalidValue for a status that nobody knows: it is not guessed at."""
    if status != _PARTLY and status not in STATES:
        raise InvalidValue(
            "status_unknown",
            _("The bank’s status “%(status)s” is none of ISO 20022’s: ask the bank what it means."),
            field=_FIELD,
            status=bank_words(status, 20),
        )
    return STATES.get(status)


def _texts(node: ET.Element, tag: str) -> list[str]:
    """Of the reasons of this very level, in order."""
    return [
        leaf.text or ""
        for info in node.iterfind("StsRsnInf")
        for leaf in info.iterfind(f".//{tag}")
    ]


def _text(node: ET.Element | None, path: str) -> str:
    return (node.findtext(path) or "").strip() if node is not None else ""


def _moment(text: str, zone: tzinfo) -> datetime | None:
    """ISODateTime; most banks leave the offset out and mean their own clock."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)
