"""Opening a dispute, and resolving it. The journal follows in the same commit."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from signoff.accounts.models import User
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.config import policies
from signoff.journal import operations as journal
from signoff.journal.rules import Account as JournalAccount
from signoff.journal.rules import EntryKind
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.kernel.money import from_minor
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.booking import moved
from signoff.settlement.models import (
    Bill,
    BillItem,
    BillState,
    Credit,
    CreditKind,
    Dispute,
    DisputeReason,
    DisputeState,
    Refund,
    Settlement,
)
from signoff.settlement.payments.booking import locked_bill
from signoff.settlement.payments.queries import payable_minor
from signoff.settlement.refunds.operations import hand_over
from signoff.settlement.terms import needs_four_eyes


def open_dispute(
    *, item: BillItem, amount_minor: int, reason: DisputeReason, text: str, now: datetime
) -> Dispute:
    """So much of the item is set aside until a person at the carrier has looked at it.

    Raises InvalidValue for an amount above the item's, Refusal if the item was disputed before.
    """
    bill = item.bill
    if not 0 < amount_minor <= item.amount_minor:
        raise InvalidValue(
            "dispute_amount",
            _("Write an amount above zero, up to %(most)s."),
            field="amount",
            most=from_minor(max(item.amount_minor, 0), bill.account.currency),
        )
    with transaction.atomic():
        bill = Bill.objects.select_for_update().get(pk=bill.pk)
        try:
            with transaction.atomic():
                row = Dispute.objects.create(
                    item=item,
                    amount_minor=amount_minor,
                    unpaid_minor=min(amount_minor, payable_minor(bill)),
                    currency=item.bill.account.currency,
                    reason=reason.value,
                    text=text.strip()[:1000],
                    opened_at=now,
                )
        except IntegrityError:
            raise Refusal(
                "disputed_before", _("You have disputed this item already. See what became of it.")
            ) from None
        _post(row, EntryKind.DISPUTE_OPENED, JournalAccount.BILLS, JournalAccount.DISPUTED, now)
        _record(Event.DISPUTE_OPENED, row, "customer", now)
    return row


def resolve(
    *,
    dispute: UUID,
    upheld: bool,
    answer: str,
    agent: User,
    booked_case: UUID | None,
    now: datetime,
) -> Dispute:
    """A person decides. Upheld: what was unpaid is taken off the bill, what was paid is owed.

    answer: what the customer reads, 20 to 1000 characters.
    booked_case: the closing that has settled the bill's line or account already, if any: what is
    owed goes back by it, as one refund more; otherwise it is a credit note for what comes.
    Raises InvalidValue without an answer, Refusal if it is resolved already.
    """
    words = answer.strip()
    if not 20 <= len(words) <= 1000:
        raise InvalidValue(
            "dispute_answer",
            _("Tell the customer why, in 20 to 1000 characters: they will read exactly this."),
            field="answer",
        )
    with transaction.atomic():
        resolved = Dispute.objects.filter(pk=dispute, state=DisputeState.OPEN).update(
            state=DisputeState.UPHELD if upheld else DisputeState.REJECTED,
            resolved_at=now,
            resolved_by=agent,
            answer=words,
        )
        if not resolved:
            raise Refusal("dispute_resolved", _("Somebody has resolved this dispute already."))
        row = Dispute.objects.select_related("item__bill__account").get(pk=dispute)
        if upheld:
            _uphold(row, booked_case, now)
        else:
            kind = EntryKind.DISPUTE_REJECTED
            _post(row, kind, JournalAccount.DISPUTED, JournalAccount.BILLS, now)
        _record(Event.DISPUTE_RESOLVED, row, f"user:{agent.pk}", now)
    return row


def _uphold(row: Dispute, booked_case: UUID | None, now: datetime) -> None:
    kind = EntryKind.DISPUTE_UPHELD
    bill = locked_bill(row.item.bill_id)
    unpaid = min(row.unpaid_minor, bill.left_minor)  # the bill may have been paid since
    _post_upheld(row, unpaid, now)
    if unpaid:
        Bill.objects.filter(pk=bill.pk).update(
            credited_minor=F("credited_minor") + unpaid, as_of=now
        )
        Bill.objects.filter(
            pk=bill.pk, paid_minor__gte=F("total_minor") - F("credited_minor")
        ).update(state=BillState.PAID)
    owed = row.amount_minor - unpaid
    if not owed:
        return
    note = JournalAccount.CREDITS if booked_case is None else JournalAccount.CLOSING
    journal.post(
        cause=f"dispute:{row.pk}:owed",
        kind=kind,
        postings=moved(note, JournalAccount.CREDIT_NOTES, owed, row.currency),
        now=now,
        case=booked_case,
    )
    if booked_case is None:
        Credit.objects.create(
            reference=f"dispute-{row.pk}",
            account=bill.account,
            line=bill.line,
            kind=CreditKind.CREDIT_NOTE,
            description=row.item.description,
            amount_minor=owed,
        )
    else:
        _add_refund(booked_case, owed, row, now)


def _post_upheld(row: Dispute, unpaid: int, now: datetime) -> None:
    """What was set aside is no longer a receivable: given up, or paid as a part of the bill."""
    postings = []
    for account, minor in (
        (JournalAccount.CREDIT_NOTES, unpaid),
        (JournalAccount.BILLS, row.unpaid_minor - unpaid),
    ):
        if minor:
            postings += moved(JournalAccount.DISPUTED, account, minor, row.currency)
    if postings:
        kind = EntryKind.DISPUTE_UPHELD
        journal.post(cause=f"dispute:{row.pk}:{kind.value}", kind=kind, postings=postings, now=now)


def _add_refund(case: UUID, minor: int, row: Dispute, now: datetime) -> None:
    """The case is settled: what is owed joins its refunds, and goes where its rest goes."""
    Settlement.objects.select_for_update().get(case=case, is_current=True)  # one at a time
    last = Refund.objects.filter(case=case).order_by("-position").first()
    policy = policies().for_country(row.item.bill.account.country)
    refund = Refund.objects.create(
        case=case,
        position=last.position + 1 if last else 0,
        amount_minor=minor,
        currency=row.currency,
        needs_approval=needs_four_eyes(policy, minor, row.currency),
        changed_at=now,
    )
    record(
        event=Event.REFUND_ADDED,
        stream=f"case:{case}",
        at=now,
        actor="settlement",
        facts={"refund": refund.pk, "amount": minor, "currency": row.currency},
    )
    hand_over(refund=refund.pk, case=case, now=now)


def _post(
    row: Dispute,
    kind: EntryKind,
    credited: JournalAccount,
    debited: JournalAccount,
    now: datetime,
) -> None:
    """Only what was not paid stands in a receivable."""
    if row.unpaid_minor:
        journal.post(
            cause=f"dispute:{row.pk}:{kind.value}",
            kind=kind,
            postings=moved(credited, debited, row.unpaid_minor, row.currency),
            now=now,
        )


def _record(event: Event, row: Dispute, actor: str, now: datetime) -> None:
    record(
        event=event,
        stream=f"account:{row.item.bill.account_id}",
        at=now,
        actor=actor,
        facts={
            "dispute": str(row.pk),
            "bill": row.item.bill.number,
            "amount": row.amount_minor,
            "currency": row.currency,
            "state": row.state,
        },
    )
