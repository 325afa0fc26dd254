"""An export is taken in: what tests of it begin with, and what it has written."""

from datetime import UTC, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Model

from signoff.accounts.models import Account, Device, Line, LinkedService, Profile, User
from signoff.audit.models import AuditRow
from signoff.intake.operations import Report, import_export, read_valid
from signoff.settlement.models import BalanceBucket, Bill, BillItem, Payment
from tests.exports import ExportFolder

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = "2026-11-20T00:00:00+08:00"
"""When a second export was made."""
EVERYTHING: tuple[type[Model], ...] = (
    User,
    EmailAddress,
    Account,
    Line,
    Profile,
    Device,
    LinkedService,
    BalanceBucket,
    Payment,
    Bill,
    BillItem,
    AuditRow,
)


def take_in(folder: ExportFolder) -> Report:
    """All of it, as the command does. Raises BadExport."""
    export = read_valid(folder.directory, now=NOW)
    return import_export(export=export, actor="cli", now=NOW)


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables but the record of what happened."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in EVERYTHING
        if model is not AuditRow
    }


def row_count() -> int:
    """Of all tables, with the record."""
    return sum(model._default_manager.count() for model in EVERYTHING)
