"""Where the customer wants the money that cannot go back the way it came."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from signoff.accounts.models import Line, LineState
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.kernel.bank_accounts import CnCard, Iban
from signoff.kernel.bank_accounts import bic as parse_bic
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.models import Place, PlaceKind, Refund, RefundApproval, RefundState
from signoff.settlement.refunds.marking import stream_of
from signoff.settlement.refunds.operations import is_approved, release, send_again


def choose_account(
    *,
    case: UUID,
    kind: PlaceKind,
    holder: str,
    account_number: str,
    actor: str,
    now: datetime,
    bic: str = "",
    bank: str = "",
) -> Place:
    """A bank account: an IBAN, or a card of a Chinese bank. Raises InvalidValue for a bad one.

    bic: for an IBAN of a bank that cannot be reached without. bank: name and branch (开户行).
    """
    name = " ".join(holder.split())
    if not 2 <= len(name) <= 140:
        raise InvalidValue(
            "holder",
            _("Write the name of the account’s holder, as the bank knows it."),
            field="holder",
        )
    if kind is PlaceKind.IBAN:
        iban = Iban.parse(account_number, field="account_number")
        code = parse_bic(bic, field="bic") if bic.strip() else iban.bic
        if iban.needs_bic and not code:
            raise InvalidValue(
                "bic_needed", _("Write the BIC of the bank, too: it needs one."), field="bic"
            )
        return _choose(case, now, actor, kind=kind, holder=name, account_number=iban, bic=code)
    card = CnCard.parse(account_number, field="account_number")
    branch = " ".join(bank.split())[:80]
    return _choose(case, now, actor, kind=kind, holder=name, account_number=card, bank=branch)


def choose_line(*, case: UUID, line: Line, closing: set[int], actor: str, now: datetime) -> Place:
    """Another line, in use, that is not closed by this case. Raises Refusal.

    line: one of the same customer's, as the caller has read it for them.
    """
    if line.pk in closing or line.state not in (LineState.ACTIVE, LineState.PAUSED):
        raise Refusal("line_ends", _("Choose a line that you keep."))
    return _choose(case, now, actor, kind=PlaceKind.LINE, line=line)


def _choose(case: UUID, now: datetime, actor: str, **fields: object) -> Place:
    """Takes the place of an earlier answer; refunds that failed go there now.

    Not those that a person of ours must look at first.
    """
    with transaction.atomic():
        refunds = Refund.objects.filter(case=case).order_by("pk")
        list(refunds.select_for_update())  # the closing, which gives them a place too, waits
        Place.objects.filter(case=case, is_current=True).update(is_current=False)
        place = Place.objects.create(case=case, given_at=now, **fields)
        record(
            event=Event.PLACE_CHOSEN,
            stream=stream_of(case),
            at=now,
            actor=actor,
            facts={"kind": place.kind},
        )
        for refund in refunds.filter(state=RefundState.FAILED, is_failure_ours=False, alarm=""):
            send_again(refund=refund.pk, elsewhere=True, actor=actor, now=now)
        _give_to_waiting(case, place, now)
    return place


def _give_to_waiting(case: UUID, place: Place, now: datetime) -> None:
    """Refunds whose closing is past them, and that only waited for this answer, go now.

    A large one waits for its two people again: they have looked at where it goes, too.
    """
    waiting = Refund.objects.filter(case=case, state=RefundState.PLANNED, payment=None, batch=None)
    RefundApproval.objects.filter(refund__in=waiting, attempt=F("refund__attempt")).delete()
    waiting.update(place=place)
    for refund in waiting.exclude(released_at=None):
        if is_approved(refund):
            release(refund, now=now)
