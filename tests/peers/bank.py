"""A bank that reads the files of a batch with its own eyes and answers each transfer.

It shares no code with the adapters: it takes what stands in the file, and writes answers as the
published examples of banks look.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree as ET

URN = "urn:iso:std:iso:20022:tech:xsd:"


@dataclass(frozen=True)
class Order:
    """One transfer, as the bank understands it."""

    reference: str
    amount: Decimal
    currency: str
    holder: str
    account: str
    purpose: str


@dataclass(frozen=True)
class Batch:
    """A file, as the bank understands it."""

    number: str
    orders: list[Order]
    control_sum: Decimal | None


def read_pain001(content: bytes) -> Batch:
    """Any version: the bank goes by the names of the elements."""
    root = ET.fromstring(content)  # noqa: S314 - made in this very test
    where = {"p": root.tag[1:].partition("}")[0]}

    def text(node: ET.Element, path: str) -> str:
        return node.findtext("/".join(f"p:{step}" for step in path.split("/")), "", where)

    start = root[0]
    orders = [
        Order(
            text(entry, "PmtId/EndToEndId"),
            Decimal(text(entry, "Amt/InstdAmt")),
            next(iter(entry.iterfind("p:Amt/p:InstdAmt", where))).attrib["Ccy"],
            text(entry, "Cdtr/Nm"),
            text(entry, "CdtrAcct/Id/IBAN"),
            text(entry, "RmtInf/Ustrd"),
        )
        for entry in start.iterfind("p:PmtInf/p:CdtTrfTxInf", where)
    ]
    assert text(start, "GrpHdr/NbOfTxs") == text(start, "PmtInf/NbOfTxs") == str(len(orders))
    assert text(start, "GrpHdr/CtrlSum") == text(start, "PmtInf/CtrlSum")
    return Batch(text(start, "GrpHdr/MsgId"), orders, Decimal(text(start, "GrpHdr/CtrlSum")))


def read_table(content: bytes) -> Batch:
    """The table of a Chinese bank."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["序号"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    orders = [
        Order(row["流水号"], Decimal(row["金额"]), row["币种"], row["收款人户名"],
              row["收款账号"], row["用途"])
        for row in rows
    ]  # fmt: skip
    return Batch("", orders, None)


def reason(code: str, *more: str) -> str:
    """StsRsnInf of pain.002."""
    kind = "Cd" if len(code) == 4 else "Prtry"
    lines = "".join(f"<AddtlInf>{line}</AddtlInf>" for line in more)
    return f"<StsRsnInf><Rsn><{kind}>{code}</{kind}></Rsn>{lines}</StsRsnInf>"


def entry(reference: str, status: str = "", said: str = "") -> str:
    """TxInfAndSts of pain.002."""
    state = f"<TxSts>{status}</TxSts>" if status else ""
    return (
        f"<TxInfAndSts><StsId>S-{reference}</StsId><OrgnlInstrId>NOTPROVIDED</OrgnlInstrId>"
        f"<OrgnlEndToEndId>{reference}</OrgnlEndToEndId>{state}{said}"
        "<OrgnlTxRef><Amt><InstdAmt Ccy='EUR'>1.00</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>"
    )


def pain002(
    batch: str,
    *entries: str,
    group: str = "",
    part: str = "",
    said: str = "",
    message: str = "pain.002.001.03",
    at: str = "2026-11-23T08:15:00",
) -> bytes:
    """A status report. group, part: status of the message and of its payment information."""
    of_group = f"<GrpSts>{group}</GrpSts>" if group else ""
    of_part = f"<PmtInfSts>{part}</PmtInfSts>" if part else ""
    parts = (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{batch}</OrgnlPmtInfId>{of_part}{''.join(entries)}"
        "</OrgnlPmtInfAndSts>"
        if entries or part
        else ""
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="{URN}{message}"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>{at}</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{batch}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001</OrgnlMsgNmId>{of_group}{said}</OrgnlGrpInfAndSts>"
        f"{parts}</CstmrPmtStsRpt></Document>"
    ).encode()


def table_answer(answers: Mapping[str, tuple[str, str]], encoding: str = "gbk") -> bytes:
    """Each reference with its status and reason, under a title, as banks export it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["批量转账明细查询"])
    writer.writerow(["序号", "流水号", "收款人户名", "金额", "状态", "原因"])
    for number, (reference, (status, why)) in enumerate(answers.items(), start=1):
        writer.writerow([number, f"{reference}\t", "李*", "1,000.00", status, why])
    writer.writerow(["合计", "", "", "1,000.00", "", ""])
    return text.getvalue().encode(encoding)
