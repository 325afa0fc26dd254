"""What must hold between the rows of an export. Pure: `now` is an argument."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from signoff.accounts.importing.rows import DeviceRow
from signoff.intake.export import ABOUT, Export
from signoff.intake.moments import later_than_export
from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.importing.fact_rows import CreditRow, FeeRow
from signoff.settlement.importing.rows import BalanceRow, BillRow
from signoff.sheets.problems import Place, Problem
from signoff.sheets.table import Placed, Row, RowT, Table, duplicates


def problems_of(export: Export, *, now: datetime) -> list[Problem]:
    """Everything wrong with an export, in the order of its files and lines; empty if nothing is.

    References to a row that was itself refused are not reported a second time.
    """
    found = [
        *export.problems,
        *_without_customers(export),
        *_repeated(export),
        *_dangling(export),
        *_foreign_lines(export),
        *_foreign_currencies(export),
        *_payments_into_gifts(export),
        *_sums(export),
        *_overlapping_fees(export.fees),
        *later_than_export(export, now),
    ]
    order = {ABOUT: -1} | {table.file: place for place, table in enumerate(export.tables)}
    return sorted(found, key=lambda problem: (order[problem.place.file], problem.place))


def _without_customers(export: Export) -> Iterator[Problem]:
    if not export.customers.rows and not export.customers.problems:
        yield Problem(
            Place(export.customers.file), "no_rows", _("The file names columns but no customers.")
        )


def _repeated(export: Export) -> Iterator[Problem]:
    yield from duplicates(export.customers, lambda row: row.account, "account")
    yield from duplicates(export.customers, lambda row: row.sign_in_name, "username")
    yield from duplicates(export.customers, lambda row: row.sign_in_email, "email")
    yield from duplicates(export.lines, lambda row: row.line, "line")
    yield from duplicates(export.lines, lambda row: row.msisdn, "msisdn")
    yield from duplicates(export.lines, lambda row: row.imsi, "imsi")
    yield from duplicates(export.profiles, lambda row: row.line, "line")
    yield from duplicates(export.profiles, lambda row: row.iccid, "iccid")
    yield from duplicates(export.devices, lambda row: row.imei, "imei")
    yield from duplicates(export.services, lambda row: row.service, "service")
    yield from duplicates(export.balances, lambda row: row.bucket, "bucket")
    yield from duplicates(export.payments, lambda row: row.payment, "payment")
    yield from duplicates(export.bills, lambda row: row.bill, "bill")
    yield from duplicates(export.bill_items, lambda row: f"{row.bill}, {row.position}", "position")
    yield from duplicates(export.usage, lambda row: row.usage, "usage")
    yield from duplicates(export.credits, lambda row: row.credit, "credit")
    yield from duplicates(
        export.stays, lambda row: f"{row.line}, {row.country}, {row.first_day}", "first_day"
    )


def _dangling(export: Export) -> Iterator[Problem]:
    accounts = {row.account for row in export.customers}
    lines = {row.line for row in export.lines}
    buckets = {row.bucket for row in export.balances}
    bills = {row.bill for row in export.bills}
    of_accounts: list[Table[Row]] = [
        export.lines,
        export.devices,
        export.balances,
        export.bills,
        export.credits,
    ]
    for table in of_accounts:
        yield from _unknown(table, "account", accounts, export.customers)
    of_lines: list[Table[Row]] = [export.profiles, export.services, *of_accounts[1:]]
    of_lines += [export.usage, export.fees, export.stays]
    for table in of_lines:
        yield from _unknown(table, "line", lines, export.lines)
    yield from _unknown(export.payments, "bucket", buckets, export.balances)
    yield from _unknown(export.bill_items, "bill", bills, export.bills)


def _unknown(
    table: Table[Row], column: str, known: Collection[str], target: Table[Row]
) -> Iterator[Problem]:
    if target.problems:
        return  # the row that is meant may be among those refused
    for placed in table.rows:
        key = getattr(placed.row, column)
        if key is not None and key not in known:
            yield Problem(
                placed.at(column),
                "unknown_reference",
                _("“%(value)s” is not in %(file)s."),
                {"value": key, "file": target.file},
            )


def _foreign_lines(export: Export) -> Iterator[Problem]:
    owner = {row.line: row.account for row in export.lines}
    of_lines: list[Placed[DeviceRow | BalanceRow | BillRow | CreditRow]] = [
        *export.devices.rows,
        *export.balances.rows,
        *export.bills.rows,
        *export.credits.rows,
    ]
    for placed in of_lines:
        line, account = placed.row.line, placed.row.account
        if line is not None and owner.get(line, account) != account:
            yield Problem(
                placed.at("line"),
                "foreign_line",
                _("The line “%(line)s” belongs to another account than “%(account)s”."),
                {"line": line, "account": account},
            )


def _foreign_currencies(export: Export) -> Iterator[Problem]:
    of_account = {row.account: row.currency for row in export.customers}
    of_line = {row.line: row.currency for row in export.lines}
    of_bucket = {row.bucket: row.currency for row in export.balances}
    yield from _differing(export.lines, of_account, lambda row: row.account)
    yield from _differing(export.bills, of_account, lambda row: row.account)
    yield from _differing(export.credits, of_account, lambda row: row.account)
    yield from _differing(export.usage, of_line, lambda row: row.line)
    yield from _differing(export.fees, of_line, lambda row: row.line)
    yield from _differing(export.payments, of_bucket, lambda row: row.bucket)


def _differing(
    table: Table[RowT], wanted: Mapping[str, str], owner: Callable[[RowT], str]
) -> Iterator[Problem]:
    for placed in table.rows:
        key = owner(placed.row)
        currency = getattr(placed.row, "currency")  # noqa: B009 - every row with an owner has it
        if wanted.get(key, currency) != currency:
            yield Problem(
                placed.at("currency"),
                "currency_differs",
                _("The currency is %(currency)s, but that of “%(owner)s” is %(wanted)s."),
                {"currency": currency, "owner": key, "wanted": wanted[key]},
            )


def _payments_into_gifts(export: Export) -> Iterator[Problem]:
    gifts = {row.bucket for row in export.balances if row.kind == "promotional"}
    for placed in export.payments.rows:
        if placed.row.bucket in gifts:
            yield Problem(
                placed.at("bucket"),
                "payment_into_gift",
                _("“%(value)s” is a promotional balance: nobody pays into one."),
                {"value": placed.row.bucket},
            )


def _sums(export: Export) -> Iterator[Problem]:
    currency = {row.bill: row.currency for row in export.bills}
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for placed in export.bill_items.rows:
        item = placed.row
        sums[item.bill] += item.amount
        if item.bill in currency:
            try:
                item.amount_minor(currency[item.bill])
            except InvalidValue as refusal:
                yield Problem.of(placed.at("amount"), refusal)
    if export.bill_items.problems:
        return  # an item that was refused would be missing in its sum
    for bill in export.bills.rows:
        if sums[bill.row.bill] != bill.row.total:
            yield Problem(
                bill.at("total"),
                "sum",
                _("The total is %(total)s, but the items of the bill add up to %(sum)s."),
                {"total": bill.row.total, "sum": sums[bill.row.bill]},
            )


def _overlapping_fees(fees: Table[FeeRow]) -> Iterator[Problem]:
    """On one day there is one price for ending a line."""
    before: dict[str, Placed[FeeRow]] = {}
    for placed in sorted(fees.rows, key=lambda placed: (placed.row.line, placed.row.first_day)):
        line = placed.row.line
        other = before.get(line)
        if other and placed.row.first_day <= other.row.last_day:
            yield Problem(
                placed.at("first_day"),
                "overlapping",
                _(
                    "The days from %(first)s are in line %(line)s, too, which ends with %(last)s: "
                    "let each row begin after the one before."
                ),
                {
                    "first": placed.row.first_day,
                    "line": other.place.line,
                    "last": other.row.last_day,
                },
            )
        if not other or placed.row.last_day > other.row.last_day:
            before[line] = placed
