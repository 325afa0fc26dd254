"""Reads where the money of a case is, for the page of the case."""

from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.kernel.bank_accounts import CnCard, Iban
from signoff.kernel.identifiers import Msisdn
from signoff.kernel.money import from_minor
from signoff.portal.money_rules import Destination
from signoff.portal.places_shown import needs_person
from signoff.portal.refund_rules import RefundFacts, RefundShown, shown
from signoff.settlement.models import Place, PlaceKind, Refund, Settlement
from signoff.settlement.queries import place_of
from signoff.settlement.refunds.operations import NEEDED_APPROVALS, route_of
from signoff.settlement.refunds.queries import refunds_with_approvals


def destination_of(place: Place | None) -> Destination | None:
    """A place as its owner may see it: numbers masked."""
    if place is None:
        return None
    if place.line is not None:
        return Destination(PlaceKind.LINE.value, Msisdn(place.line.msisdn).masked)
    number = (
        Iban(place.account_number) if place.kind == PlaceKind.IBAN else CnCard(place.account_number)
    )
    return Destination(place.kind, number.masked, place.holder)


def refunds_shown(case: Case, settled: Settlement | None) -> list[RefundShown]:
    """Every part of the money of a case, in the order of its settlement (two queries)."""
    place = place_of(case.pk)
    small = _too_small(settled)
    return [
        shown(_facts(case, refund, approved, place, small))
        for refund, approved in refunds_with_approvals(case.pk)
    ]


def _too_small(settled: Settlement | None) -> set[int]:
    parts = settled.content["refunds"] if settled else []
    return {position for position, part in enumerate(parts) if part["too_small"]}


def _facts(
    case: Case, refund: Refund, approved: int, place: Place | None, small: set[int]
) -> RefundFacts:
    goes_to = refund.place or place
    starts_at = case.due_at if case.state == CaseState.COOLING_OFF.value else None
    return RefundFacts(
        amount=from_minor(refund.amount_minor, refund.currency),
        state=refund.state,
        route=route_of(refund, place),
        method=refund.payment.method if refund.payment else "",
        destination=None if refund.payment else destination_of(goes_to),
        starts_on=case.account.day_at(starts_at) if starts_at else None,
        expected_on=refund.expected_on,
        is_free=refund.released_at is not None,
        waits_for_people=refund.needs_approval and approved < NEEDED_APPROVALS,
        is_in_file=refund.batch_id is not None,
        person_looks=needs_person(refund),
        too_small=refund.position in small,
    )
