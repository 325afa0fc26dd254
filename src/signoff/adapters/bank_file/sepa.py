"""SEPA credit transfers: pain.001 of ISO 20022 out, pain.002 in.

Sources: ISO 20022 pain.001.001.03 and .09; EPC125-05 (rulebook) and EPC132-08 (guidelines).
`sepaxml` lays the elements out; what it makes up itself (the clock's time, random numbers) is
replaced, so that the same batch gives the same bytes and a bank notices a file that comes twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from defusedxml.ElementTree import fromstring

from signoff.adapters.bank_file.batches import check_batch, checked_amount
from signoff.adapters.bank_file.pain002 import read
from signoff.kernel.bank_accounts import Iban, bic
from signoff.kernel.errors import InvalidValue
from signoff.kernel.money import to_minor
from signoff.kernel.payee_names import MOST_PURPOSE, latin_text
from signoff.kernel.words import gettext_noop as _
from signoff.ports.bank_files import BankFile, StatusReport, Transfer

if TYPE_CHECKING:
    import xmlschema

LARGEST = Decimal("999999999.99")
"""EPC125-05, section 2.4: the most that one credit transfer may be."""
_URN = "urn:iso:std:iso:20022:tech:xsd:"


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose account pays. `bic` may be empty if the registry of banks knows the IBAN's bank."""

    name: str
    iban: Iban
    bic: str = ""


class Sepa:
    """`ports.bank_files.BankFiles` for euros."""

    currency = "EUR"

    def __init__(self, payer: Payer, *, message: str, time_zone: str) -> None:
        """message: like pain.001.001.09. time_zone: of the bank's own time stamps without one."""
        self._payer = payer
        self._message = message
        self._zone = ZoneInfo(time_zone)

    def check(self, transfer: Transfer) -> None:
        """See `ports.bank_files`."""
        self._entry(transfer)

    def _entry(self, transfer: Transfer) -> dict[str, object]:
        """The transfer as `sepaxml` wants it. Raises InvalidValue with its reference as `field`."""
        reference = transfer.end_to_end_id
        amount = checked_amount(transfer, self.currency, LARGEST)
        account = Iban.parse(transfer.account, reference)
        if not account.in_sepa:
            raise InvalidValue(
                "iban_outside_sepa",
                _("Euros cannot be sent to %(country)s by SEPA: another account is needed."),
                field=reference,
                country=account.country,
            )
        entry: dict[str, object] = {
            "name": latin_text(transfer.holder, reference),
            "IBAN": str(account),
            "amount": to_minor(amount),
            "description": latin_text(transfer.purpose, reference, MOST_PURPOSE),
            "endtoend_id": reference,
        }
        if code := self._bank_of(transfer, account):
            entry["BIC"] = code
        return entry

    def _bank_of(self, transfer: Transfer, account: Iban) -> str:
        """The BIC to write; empty where the IBAN alone is enough (Regulation (EU) 260/2012, 5(7))."""
        given = bic(transfer.bic, transfer.end_to_end_id) if transfer.bic else ""
        if given or not account.needs_bic:
            return given
        if not account.bic:
            raise InvalidValue(
                "bic_missing",
                _("A transfer to %(country)s needs the BIC of the bank: it is on the statement."),
                field=transfer.end_to_end_id,
                country=account.country,
            )
        return account.bic

    def write(
        self,
        batch_id: str,
        transfers: Sequence[Transfer],
        execution_date: date,
        created_at: datetime,
    ) -> BankFile:
        """See `ports.bank_files`. The file is valid by the schema of its message, or is not made."""
        check_batch(batch_id, transfers, execution_date, created_at)
        # Costs 20 MB of memory and a tenth of a second; only the worker that makes files pays it.
        from sepaxml import SepaTransfer  # noqa: PLC0415

        config = {
            "name": latin_text(self._payer.name, "payout_name"),
            "IBAN": str(self._payer.iban),
            "batch": True,
            "currency": self.currency,
        }
        if code := self._payer.bic or self._payer.iban.bic:
            config["BIC"] = code
        layout = SepaTransfer(config, schema=self._message, clean=False)
        for transfer in transfers:
            layout.add_payment({**self._entry(transfer), "execution_date": execution_date})
        content = self._own(layout.export(validate=False), batch_id, created_at)
        schema(self._message).validate(content.decode())
        return BankFile(f"payouts-{batch_id}.xml", "application/xml", content)

    def _own(self, made: bytes, batch_id: str, created_at: datetime) -> bytes:
        """`made` with our numbers and time instead of random ones."""
        namespace = _URN + self._message
        root = fromstring(made)
        places = {"d": namespace}
        moment = created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for path, value in (("MsgId", batch_id), ("PmtInfId", batch_id), ("CreDtTm", moment)):
            for node in root.iterfind(f".//d:{path}", places):
                node.text = value
        for agent in root.iterfind(".//d:DbtrAgt/d:FinInstnId", places):
            if len(agent) == 0:  # EPC132-08: an IBAN without a BIC is said so, not left empty
                other = ET.SubElement(agent, f"{{{namespace}}}Othr")
                ET.SubElement(other, f"{{{namespace}}}Id").text = "NOTPROVIDED"
        ET.register_namespace("", namespace)
        written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
        return written

    def read_status(self, content: bytes) -> tuple[StatusReport, ...]:
        """See `ports.bank_files`."""
        return read(content, self._zone)


@lru_cache(maxsize=2)
def schema(message: str) -> "xmlschema.XMLSchema":
    """The schema of an ISO 20022 message, from the files that `sepaxml` ships."""
    import xmlschema  # noqa: PLC0415 - slow and large, as in `write`

    with (files("sepaxml") / "schemas" / f"{message}.xsd").open("rb") as file:
        return xmlschema.XMLSchema(file)
