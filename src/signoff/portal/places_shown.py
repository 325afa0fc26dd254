"""Reads what of a case waits for a place: money that cannot go back the way it came."""

from collections.abc import Iterable
from dataclasses import dataclass

from moneyed import Money

from signoff.accounts.models import Line, LineState
from signoff.accounts.queries import lines_of as lines_of_account
from signoff.closing import queries
from signoff.closing.models import Case
from signoff.closing.rules import CaseState, Scope
from signoff.kernel.clock import now
from signoff.kernel.money import from_minor
from signoff.settlement.models import PlaceKind, Refund, RefundState
from signoff.settlement.queries import refunds_of, settlement_of


@dataclass(frozen=True, slots=True)
class Rest:
    """amounts: one for each currency, none if nothing waits. by_bank: a bank transfer can carry
    some of it. account: which kind of bank account it can go to."""

    amounts: tuple[Money, ...]
    by_bank: bool
    account: PlaceKind


def rest_of(case: Case) -> Rest:
    """Of a draft by what it would come to now; of a case that was sent by its refunds."""
    if case.state == CaseState.DRAFT.value:
        lines = queries.lines_of(case)
        seen = queries.preview(case.account, lines, scope=Scope(case.scope), now=now(), case=case)
        planned = (p for p in seen.settlement.refunds if p.payment is None)
        return _rest((p.minor, p.currency, p.too_small) for p in planned)
    settled = settlement_of(case.pk)
    parts = settled.content["refunds"] if settled else []
    small = {position for position, part in enumerate(parts) if part["too_small"]}
    return _rest(
        (refund.amount_minor, refund.currency, refund.position in small)
        for refund in refunds_of(case.pk)
        if waits_for_place(refund)
    )


def waits_for_place(refund: Refund) -> bool:
    """Its place can still be chosen, or chosen again."""
    if needs_person(refund):
        return False
    if refund.state == RefundState.FAILED:
        return True
    is_on_its_way = refund.state != RefundState.PLANNED or refund.batch_id is not None
    return refund.payment_id is None and not is_on_its_way


def needs_person(refund: Refund) -> bool:
    """Another place would change nothing: the failure is ours, or it may have been paid after all."""
    is_ours = refund.state == RefundState.FAILED and refund.is_failure_ours
    return is_ours or bool(refund.alarm)


def _rest(parts: Iterable[tuple[int, str, bool]]) -> Rest:
    totals: dict[str, int] = {}
    by_bank = False
    for minor, code, too_small in parts:
        totals[code] = totals.get(code, 0) + minor
        by_bank = by_bank or not too_small
    # Yuan are carried by a table for Chinese banks, other money by a SEPA file.
    kind = PlaceKind.CN_CARD if "CNY" in totals else PlaceKind.IBAN
    return Rest(tuple(from_minor(m, code) for code, m in totals.items()), by_bank, kind)


def lines_to_keep(case: Case) -> list[Line]:
    """The customer's lines that go on after this case."""
    closing = {line.pk for line in queries.lines_of(case)}
    return [
        line
        for line in lines_of_account(case.account)
        if line.pk not in closing and line.state in (LineState.ACTIVE, LineState.PAUSED)
    ]
