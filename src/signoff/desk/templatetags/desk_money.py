"""Filters of the finance desk: `{% load desk_money %}`."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django import template
from django.utils.translation import gettext as _

from signoff.desk.failures import Reason, reason, trouble
from signoff.kernel.identifiers import Msisdn
from signoff.presentation import wording
from signoff.presentation.masking import masked_digits
from signoff.settlement.models import BankStatus, Dispute, Place, PlaceKind, Refund

register = template.Library()


@register.filter
def way(refund: Refund) -> str:
    """`{{ refund|way }}`: which way it goes, masked: Visa 4242, DE … 3000, +49 … 200."""
    if refund.payment is not None:
        return wording.shown(refund.payment.method)
    return masked_place(refund.place) if refund.place is not None else _("Not named yet")


@register.filter
def masked_place(place: Place) -> str:
    """`{{ refund.place|masked_place }}`: the kind is told by what is left."""
    if place.kind == PlaceKind.LINE and place.line is not None:
        return _("Line %(number)s") % {"number": Msisdn(place.line.msisdn).masked}
    shown = masked_digits(place.account_number)
    return f"{place.account_number[:2]} {shown}" if place.kind == PlaceKind.IBAN else shown


@register.filter
def why_refused(answer: BankStatus) -> str:
    """`{{ answer|why_refused }}`: why a file of the bank was not taken, as the reader says it."""
    return wording.say(answer.why["template"], answer.why["params"])


@register.filter
def masked_name(name: str) -> str:
    """`{{ place.holder|masked_name }}`: the first letter of each part."""
    return " ".join(f"{part[:1]}…" for part in name.split())


@register.filter
def reason_of(failure: str) -> Reason:
    """`{% with why=refund.failure|reason_of %}`: code and words."""
    return reason(failure)


@register.filter
def trouble_of(failure: str) -> Reason:
    """`{% with why=batch.failure|trouble_of %}`: why a file could not be written."""
    return trouble(failure)


@register.filter
def number_of(numbers: Mapping[UUID, str], case: UUID) -> str:
    """`{{ numbers|number_of:refund.case }}`."""
    return numbers.get(case, "")


@register.filter
def credit(units: int, currency: str) -> str:
    """`{{ posting.amount_minor|credit:posting.currency }}`: a credit is below zero in the books."""
    return wording.minor(-units, currency)


@register.filter
def sums(rows: Iterable[Refund | Dispute]) -> str:
    """`{{ refunds|sums }}`: what they come to, in each currency."""
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.currency] = totals.get(row.currency, 0) + row.amount_minor
    return wording.listed([wording.minor(totals[code], code) for code in sorted(totals)])
