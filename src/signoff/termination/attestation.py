"""What a certificate of closing says."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from signoff.accounts.models import Line
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.config import policies
from signoff.settlement.queries import settlement_of
from signoff.termination.certificate import KIND, VERSION
from signoff.termination.models import Receipt
from signoff.termination.rules import StepKind


def content_of(*, case: Case, receipts: Sequence[Receipt], now: datetime) -> dict[str, object]:
    """The certificate before it is signed: what was closed, what was paid, every receipt.

    Receipts that come after the certificate (the messages that carry it) are not in it.
    """
    settled = settlement_of(case.pk)
    return {
        "kind": KIND,
        "version": VERSION,
        "issuer": settings.SIGNOFF.brand_name,
        "case": case.number,
        "scope": case.scope,
        "asked_at": _moment(case.submitted_at),
        "began_at": _moment(case.started_at),
        "closed_at": _moment(_gone_at(receipts) or now),
        "issued_at": _moment(now),
        "lines": [_line(line) for line in cases.lines_of(case)],
        "settlement": {"digest": settled.digest, **settled.content} if settled else None,
        "steps": [_receipt(row) for row in receipts if row.finished_at],
        "kept": _kept(case),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _gone_at(receipts: Sequence[Receipt]) -> datetime | None:
    """When the network had confirmed that the last of the numbers is gone."""
    gone = StepKind.REMOVE_SUBSCRIBER.value
    moments = [row.finished_at for row in receipts if row.kind == gone and row.finished_at]
    return max(moments, default=None)


def _line(line: Line) -> dict[str, str]:
    return {"msisdn": line.msisdn, "iccid": line.profile.iccid, "plan": line.plan}


def _receipt(row: Receipt) -> dict[str, object]:
    return {
        "step": row.step,
        "outcome": row.outcome,
        "reference": row.reference,
        "facts": row.facts,
        "finished_at": _moment(row.finished_at),
    }


def _kept(case: Case) -> list[dict[str, object]]:
    """What the law makes the carrier keep, for how many months, and by which law."""
    return [
        {
            "what": keep.what.in_language(case.language),
            "months": keep.months,
            "law": keep.law_in(case.language),
        }
        for keep in policies().for_country(case.country).keep.values()
    ]
