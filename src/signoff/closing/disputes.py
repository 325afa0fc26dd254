"""A person decides about a disputed item: the money follows, and the customer is told.

Here, and not in `settlement`, because what is owed for a line that is closed already goes back by
its closing.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from signoff.accounts.models import User
from signoff.closing import queries
from signoff.closing.models import Case
from signoff.closing.money_notices import ask_for_place
from signoff.closing.rules import CaseState
from signoff.kernel.errors import Refusal
from signoff.kernel.formats import money_text
from signoff.kernel.money import from_minor
from signoff.kernel.words import gettext_noop as _
from signoff.notice import operations as notice
from signoff.notice.account_words import DisputeWords
from signoff.settlement.disputes import operations as disputes
from signoff.settlement.disputes.queries import dispute as dispute_by_id
from signoff.settlement.models import Bill, Dispute, DisputeState
from signoff.settlement.queries import place_of, settlement_of


def resolve_dispute(
    *, dispute: UUID, upheld: bool, answer: str, agent: User, now: datetime
) -> Dispute:
    """Upheld: what was unpaid is taken off the bill, what was paid comes back. Tells the customer.

    answer: what the customer reads, 20 to 1000 characters. Raises InvalidValue without one,
    Refusal if the dispute is resolved already ("dispute_resolved"), or if the closing that would
    pay what is owed has begun and not booked its final bill yet ("closing_runs").
    """
    with transaction.atomic():
        row = dispute_by_id(dispute)
        owed = owed_minor(row)
        case = settling_case(row.item.bill) if upheld and owed else None
        row = disputes.resolve(
            dispute=dispute,
            upheld=upheld,
            answer=answer,
            agent=agent,
            booked_case=case.pk if case else None,
            now=now,
        )
        _tell(row, case, owed, now)
        if case is not None and place_of(case.pk) is None:
            ask_for_place(case, now)
    return row


def owed_minor(row: Dispute) -> int:
    """What the customer has paid of the disputed amount by now; it comes back if they are right."""
    unpaid = row.unpaid_minor
    if row.state == DisputeState.OPEN:  # its bill may have been paid since
        unpaid = min(unpaid, row.item.bill.left_minor)
    return row.amount_minor - unpaid


def settling_case(bill: Bill) -> Case | None:
    """The closing that has settled the bill's line or account, and has booked it; None without.

    Holds the cases in the caller's transaction: none of them begins to close meanwhile.
    Raises Refusal ("closing_runs").
    """
    under_way = {CaseState.CLOSING.value, CaseState.NEEDS_ATTENTION.value}
    for case in queries.locked_cases_settling(bill.account, bill.line):
        settled = settlement_of(case.pk)
        if settled is not None and settled.booked_at:
            return queries.case_by_id(case.pk)
        if case.state in under_way:
            raise Refusal(
                "closing_runs",
                _(
                    "Case %(number)s is closing just now and its final bill is not booked yet."
                    " Decide when it is: what is owed then goes back by it."
                ),
                number=case.number,
            )
    return None


def _tell(row: Dispute, case: Case | None, owed: int, now: datetime) -> None:
    """A letter to the contact of the closing, if there is one, else to the account's address."""
    bill = row.item.bill
    account = bill.account
    to, name, language = account.email, account.name, account.language
    if case is not None:
        to, name, language = case.contact_email, case.contact_name, case.language
    if not to:
        return

    def amount(minor: int) -> str:
        return money_text(from_minor(minor, row.currency), language) if minor else ""

    words = DisputeWords(
        name=name,
        item=row.item.description,
        bill=bill.number,
        amount=amount(row.amount_minor),
        answer=row.answer,
        is_upheld=row.state == "upheld",
        credited=amount(row.amount_minor - owed),
        owed=amount(owed),
        case=case.number if case else "",
    )
    notice.post(
        notice=notice.write_dispute_letter(
            dispute=row.pk, to=to, language=language, words=words, now=now
        )
    )
