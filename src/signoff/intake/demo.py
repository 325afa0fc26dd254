"""Sign-ins for a sample export, behind two locks: a setting, and an address on this machine."""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from signoff.accounts import demo
from signoff.accounts.demo_rows import StaffRow
from signoff.config import config
from signoff.intake.export import read_export
from signoff.intake.operations import BadExport
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.sheets.problems import Place, Problem
from signoff.sheets.table import Table, duplicates, read_table

STAFF = "staff.csv"


class NotADemo(Refusal):
    """This is, or may be, the site of a real carrier."""

    def __init__(self) -> None:
        super().__init__(
            "not_a_demo",
            _(
                "Known passwords are only for a demo: set SIGNOFF_DEMO=1, and SIGNOFF_PUBLIC_URL"
                " to an address of this machine, like http://127.0.0.1:8600."
            ),
        )


def make_people(directory: Path) -> demo.Made:
    """Known passwords for the customers of an imported export, and reviewers from `staff.csv`.

    Raises NotADemo, NoSuchFolder, BadExport, NotStaff.
    """
    if not (config().demo and _is_this_machine(config().public_url)):
        raise NotADemo
    customers = read_export(directory).customers
    staff = _staff(directory)
    problems = [
        *customers.problems,
        *staff.problems,
        *duplicates(staff, lambda row: row.username, "username"),
    ]
    if problems:
        raise BadExport(problems)
    return demo.make_people(customers=[row.sign_in_name for row in customers], staff=list(staff))


def _staff(directory: Path) -> Table[StaffRow]:
    try:
        content = (directory / STAFF).read_bytes()
    except OSError:
        missing = Problem(Place(STAFF), "missing_file", _("The file is missing."))
        return Table(STAFF, (), (missing,))
    return read_table(content, file=STAFF, model=StaffRow)


def _is_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
