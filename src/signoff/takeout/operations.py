"""Making a takeout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from signoff.accounts.models import Account
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.kernel.formats import moment_text
from signoff.takeout import rules
from signoff.takeout.files import files_of


@dataclass(frozen=True, slots=True)
class Takeout:
    """A file to hand to the person, and to nobody else."""

    filename: str
    content: bytes
    media_type: str


def make_takeout(
    *,
    account: Account,
    cases: Mapping[UUID, str],
    later: Mapping[str, Sequence[Mapping[str, Any]]],
    now: datetime,
) -> Takeout:
    """Everything of ours about the person, as a ZIP; and a row in the record that it was made.

    cases: numbers of the account's cases by their id: the refunds of these are in it. later: what
    chapters after this one know of the person, lists of plain values by path without its ending.

    Reads our database only. The whole is held in memory: bills and lines of one account.
    """
    local = now.astimezone(ZoneInfo(account.time_zone))
    files = files_of(account, cases)
    files |= {f"{path}.json": rules.json_file(rows) for path, rows in later.items()}
    with translation.override(account.language):
        files["README.txt"] = _readme(account, local).encode()
    content = rules.archive(files, local)
    with transaction.atomic():  # only now: nobody's writing waits for our packing
        record(
            event=Event.TAKEOUT_MADE,
            stream=f"account:{account.pk}",
            at=now,
            actor="customer",
            facts={"files": len(files), "bytes": len(content)},
        )
    return Takeout(f"takeout-{local:%Y-%m-%d}.zip", content, "application/zip")


def _readme(account: Account, local: datetime) -> str:
    """In the person's language, UTF-8."""
    paragraphs = [
        _("What %(carrier)s knows about the account %(number)s, as of %(date)s.")
        % {
            "carrier": settings.SIGNOFF.brand_name,
            "number": account.number,
            "date": moment_text(local, account.language, account.time_zone),
        },
        _("personal: your details, and a contact card for your address book."),
        _(
            "personal/identity_document: whether we keep the number of the paper with which your "
            "lines were registered. The number itself is sealed, only to be compared with a photo "
            "of the paper, and is in no file."
        ),
        _("lines: your lines with their eSIM and services, your devices, and stays abroad."),
        _(
            "money: your balances and payments, credits, disputes and refunds, and what you used "
            "that no bill holds yet."
        ),
        _("bills: your bills, item by item; items.csv opens in a spreadsheet."),
        _(
            "closings: what you asked us to close and why, what we asked you and what you "
            "answered, refusals and appeals; and when photos of your papers were added, looked at "
            "and deleted. The photos themselves are in no file."
        ),
        _("conversations: every message between you and us, with the times when it was read."),
        _(
            "conversations/calls: our calls with you: when, who was on our side, and what you said "
            "on your page. conversations/callers: when somebody called as you, and whether their "
            "answers were right."
        ),
        _(
            "conversations/sent: every e-mail and SMS that we sent you, except those about signing "
            "in, which are not kept."
        ),
        _(
            "In items.csv an apostrophe stands before a text that a spreadsheet could take for a "
            "formula. The .json files hold everything exactly."
        ),
        _("MANIFEST.json lists every file with its SHA-256 checksum."),
        _("Keep this file safe: it is about you. We keep no copy of it."),
    ]
    return "\r\n\r\n".join(paragraphs) + "\r\n"
