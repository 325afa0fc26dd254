"""One of each thing that an address may name; those of the portal all of one customer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.test import Client

from signoff.accounts.models import Role
from signoff.closing.models import Case
from signoff.closing.operations import save_reason, start_draft
from signoff.closing.rules import Reason, Scope
from signoff.evidence.models import Evidence
from signoff.evidence.phone import phone_link
from signoff.feeds.operations import switch_on
from signoff.feeds.queries import token_for
from signoff.kernel.clock import now
from signoff.review import operations as review
from signoff.review.questions import ask_more
from signoff.review.rules import UNDO_WITHIN, MoreKind, RefusalReason
from signoff.settlement.models import BankStatus, Bill, BillPayment, PayoutBatch
from signoff.settlement.payments import operations as payments
from signoff.talk.operations import file_ticket, say
from signoff.termination.models import Certificate
from tests.finance import asked_for, by_bank, came_back, disputed, written
from tests.papers import with_papers
from tests.world import Customer, approved, reviewer, staff, submitted

LINES = 8
"""A case has a line of its own, and one line is in none."""


@dataclass(frozen=True, slots=True)
class World:
    """Cases of the owner by their states, and what else addresses name."""

    free_line: str
    draft: Case
    sent: Case
    asked: Case
    refused: Case
    to_confirm: Case
    closed: Case
    paper: Evidence
    sent_paper: Evidence
    phone: str
    feed: str
    bill: Bill
    payment: BillPayment
    refund: int
    batch: PayoutBatch
    status: BankStatus
    dispute: str
    ticket: int
    colleague: int


def values_of(world: World) -> Callable[[str, str], str]:
    """What to put into an address: by its route and the place in it."""
    cases = {
        "close/case/": world.draft, "cases/<str:number>/photos/": world.draft,
        "cases/<str:number>/pictures/": world.draft, "cases/<str:number>/answer/": world.asked,
        "cases/<str:number>/appeal/": world.refused,
        "cases/<str:number>/delete-photos/": world.refused, "cases/<str:number>/confirm/": world.to_confirm,
        "cases/<str:number>/certificate.json": world.closed,
    }  # fmt: skip
    numbers = {
        "bills/": world.bill.number, "desk/money/files/": str(world.batch.pk),
        "desk/money/answers/": str(world.status.pk), "desk/money/": str(world.refund),
        "desk/tickets/": str(world.ticket),
    }  # fmt: skip
    others = {
        "<str:kind>": "id_card_front", "<str:reference>": world.free_line,
        "<str:what>": world.free_line,
        "<uuid:payment>": str(world.payment.pk), "<uuid:key>": world.dispute,
        "<int:position>": "1", "<int:ticket>": str(world.ticket),
        "<int:account>": str(world.sent.account_id),
        "<int:person>": str(world.colleague),
    }  # fmt: skip

    def value(route: str, place: str) -> str:
        if place == "<str:token>":
            return world.phone if route.startswith("phone/") else world.feed
        if place == "<uuid:identifier>":
            return str((world.sent_paper if route.startswith("desk/") else world.paper).pk)
        if place not in {"<str:number>", "<int:number>", "<number>"}:
            return others[place]
        given = next((n for start, n in numbers.items() if route.startswith(start)), "")
        case = next((c for start, c in cases.items() if route.startswith(start)), world.sent)
        return given or case.number

    return value


def make_world(owner: Customer, client: Client) -> World:
    """owner: has LINES lines. client: where the owner is signed in."""
    each = iter([Customer(owner.user, owner.account, [line]) for line in owner.lines])
    free = next(each)
    draft = _draft(next(each))
    paper = with_papers(draft, at=now())[0]
    sent = submitted(next(each), now=now())
    asked, refused = _asked(next(each)), _refused(next(each))
    with_papers(refused, at=now())
    to_confirm, closed = _moved(next(each), "to_confirm"), _moved(next(each), "closed")
    Certificate.objects.create(case=closed, document="{}", issued_at=now())
    switch_on(case=sent, now=now())
    token = token_for(sent)
    assert token
    dispute = disputed(free)
    bills = Bill.objects.filter(account=owner.account).order_by("issued_on")
    say(about=owner.account, author=owner.account, text="Boom 10?", now=now())
    by_bank()
    batch = written(asked_for())
    return World(
        free_line=free.lines[0].reference,
        draft=draft,
        sent=sent,
        asked=asked,
        refused=refused,
        to_confirm=to_confirm,
        closed=closed,
        paper=paper,
        sent_paper=with_papers(sent, at=now())[0],
        phone=phone_link(case=draft, session_key=str(client.session.session_key), now=now()),
        feed=token,
        bill=bills[1],
        payment=payments.start(bill=bills[0], amount_minor=900, language="en", now=now()),
        refund=came_back().pk,
        batch=batch,
        status=BankStatus.objects.create(
            format="cn_csv", content=b"...", uploaded_by=staff(Role.FINANCE), uploaded_at=now()
        ),
        dispute=str(dispute.pk),
        ticket=file_ticket(
            account=owner.account, case=sent, by=staff(Role.HOTLINE), text="Call back.", now=now()
        ).pk,
        colleague=staff(Role.REVIEWER).pk,
    )


def _draft(who: Customer) -> Case:
    case = start_draft(
        account=who.account, lines=who.lines, scope=Scope.LINE, language="en", now=now()
    )
    save_reason(case=case, reason=Reason.PRICE, text="")
    return case


def _asked(who: Customer) -> Case:
    by, before = reviewer(), now() - UNDO_WITHIN
    case = review.take(case=submitted(who, now=before), reviewer=by, now=before)
    return ask_more(
        case=case, reviewer=by, what=[MoreKind.OTHER], text="Which of them is it?", now=before
    )


def _refused(who: Customer) -> Case:
    by, before = reviewer(), now() - 2 * UNDO_WITHIN
    case = review.take(case=submitted(who, now=before), reviewer=by, now=before)
    return review.refuse(
        case=case,
        reviewer=by,
        reason_code=RefusalReason.CONTRACT_BOUND,
        text="The contract of this line runs on.",
        now=before,
    )


def _moved(who: Customer, state: str) -> Case:
    """How a case gets there is told elsewhere."""
    case = approved(who, now=now() - timedelta(days=9))
    Case.objects.filter(pk=case.pk).update(state=state)
    case.refresh_from_db()
    return case
