"""Taking an export in: all of it, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, transaction

from signoff.accounts.importing.merging import Counts, Tick
from signoff.accounts.importing.writing import AccountTables
from signoff.accounts.importing.writing import write as write_accounts
from signoff.accounts.models import Account
from signoff.alternatives.queries import paused_line_ids
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.evidence.registered import Told, take_in
from signoff.evidence.sealing import EvidenceKeyError
from signoff.intake.export import Export, read_export
from signoff.intake.rules import problems_of
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.importing.writing import MoneyTables
from signoff.settlement.importing.writing import write as write_money
from signoff.settlement.importing.writing_facts import FactTables
from signoff.sheets.problems import Problem


class BadExport(Refusal):
    """Something in the export is wrong; nothing of it was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "bad_export",
            _("Nothing was imported. Problems found: %(count)s."),
            count=len(self.problems),
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the rows, by kind."""

    as_of: datetime
    counts: Mapping[str, Counts]

    @property
    def is_news(self) -> bool:
        """Whether anything was, or would be, created, changed or removed."""
        return any(one.created or one.changed or one.removed for one in self.counts.values())


def read_valid(directory: Path, *, now: datetime) -> Export:
    """Reads an export and holds it against all rules. Raises NoSuchFolder and BadExport."""
    export = read_export(directory)
    if problems := problems_of(export, now=now):
        raise BadExport(problems)
    return export


def import_export(
    *, export: Export, actor: str, now: datetime, tick: Tick = lambda _rows: None
) -> Report:
    """Brings our facts to what a valid export says.

    Rows that the export does not mention stay. Raises BadExport if a row contradicts what is
    known and cannot change, Conflict if something else wrote the same rows meanwhile.
    """
    with transaction.atomic():
        report = _write(export, tick)
        record(
            event=Event.IMPORTED,
            stream="import",
            at=now,
            actor=actor,
            facts={"as_of": report.as_of.isoformat()} | _facts(report.counts),
        )
    return report


def try_import(*, export: Export, tick: Tick = lambda _rows: None) -> Report:
    """What `import_export` would do; nothing is kept. Raises the same."""
    with transaction.atomic():
        report = _write(export, tick)
        transaction.set_rollback(True)
    return report


def _write(export: Export, tick: Tick) -> Report:
    if export.as_of is None:
        raise BadExport(list(export.problems))
    try:
        facts = write_accounts(
            AccountTables(
                export.customers, export.lines, export.profiles, export.devices, export.services
            ),
            as_of=export.as_of,
            paused=paused_line_ids(),
            tick=tick,
        )
        money = write_money(
            MoneyTables(
                export.balances,
                export.payments,
                export.bills,
                export.bill_items,
                FactTables(export.usage, export.credits, export.fees, export.stays),
            ),
            accounts=facts.accounts,
            lines=facts.lines,
            as_of=export.as_of,
            tick=tick,
        )
        numbers = _numbers(export, facts.accounts, export.as_of)
    except IntegrityError as error:
        raise Conflict("something else wrote the same rows during the import") from error
    except EvidenceKeyError as error:
        raise Refusal(
            "no_evidence_key",
            _("Numbers of papers are kept sealed, and the key for that cannot be used: %(why)s."),
            why=str(error),
        ) from error
    if problems := [*facts.problems, *money.problems]:
        raise BadExport(problems)
    return Report(export.as_of, {**facts.counts, **numbers, **money.counts})


def _numbers(export: Export, accounts: Mapping[str, Account], as_of: datetime) -> dict[str, Counts]:
    """Of papers, if the export says anything of them."""
    if export.customers.untold("id_number"):
        return {}
    told = [
        Told(accounts[row.account], row.id_number)
        for row in export.customers
        if row.account in accounts
    ]
    return {"id_numbers": take_in(told, as_of=as_of)}


def _facts(counts: Mapping[str, Counts]) -> dict[str, str | int | bool | None]:
    facts: dict[str, str | int | bool | None] = {}
    for kind, count in counts.items():
        facts[f"{kind}_created"] = count.created
        facts[f"{kind}_changed"] = count.changed
        if count.removed:
            facts[f"{kind}_removed"] = count.removed
    return facts
