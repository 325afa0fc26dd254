"""What the page of one case is made of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from signoff.accounts.models import Account, User
from signoff.accounts.queries import service_names, user_names
from signoff.audit.models import AuditRow
from signoff.audit.queries import history
from signoff.closing.promises import rules_of
from signoff.closing.rules import CaseState
from signoff.closing.state import stream_of
from signoff.desk import words
from signoff.desk.calls_shown import at_the_case, call_shown
from signoff.desk.case_money import money_of
from signoff.desk.conversation import conversation_context
from signoff.evidence import advising, registered
from signoff.evidence.models import Evidence
from signoff.evidence.queries import pictures_of, was_erased
from signoff.evidence.sealing import EvidenceKeyError, SealBroken
from signoff.idcheck.verdicts import Advice
from signoff.kernel.clock import now
from signoff.kernel.identifiers import Msisdn
from signoff.notice.queries import notices_of
from signoff.presentation import masking
from signoff.review.clock import waits_for_second_person
from signoff.review.disclosing import Hidden
from signoff.review.queries import CaseView
from signoff.review.standing_out import stands_out
from signoff.talk.queries import messages_of
from signoff.termination import queries as termination
from signoff.termination.models import Receipt
from signoff.termination.rules import CAN_BE_LEFT, StepKind
from signoff.termination.timeline import timeline

_PEOPLE = ("reviewer:", "user:")


@dataclass(frozen=True, slots=True)
class StepRow:
    """A receipt with what it is about: a masked number or a service. answer: of the remote system,
    as it came, but masked unless the reader asked for the numbers of the SIMs."""

    receipt: Receipt
    subject: str
    answer: str


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A row of the record with its actor's name."""

    row: AuditRow
    actor: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A picture, and what our machine noticed on it, once it has looked."""

    picture: Evidence
    advice: Advice | None

    @property
    def is_being_looked_at(self) -> bool:
        """The machine has not said anything yet."""
        return advising.is_being_looked_at(self.picture)


def case_context(view: CaseView, user: User, shown: Collection[Hidden] = ()) -> dict[str, object]:
    """Everything that a decision or a repair needs. shown: what is not masked for this reader."""
    case, at = view.case, now()
    pictures, notices = pictures_of(case), notices_of(case.pk)
    is_mine = view.claim is not None and view.claim.reviewer_id == user.pk
    return {
        "section": "queue",
        "view": view,
        "case": case,
        "is_mine": is_mine,
        "is_held": view.claim is not None and view.claim.lives_at(at),
        "is_barred": user.pk in view.barred,
        "wants_second": is_mine and view.case.state == _LOOKED_AT and waits_for_second_person(case),
        "undo_until": view.undo_until if last_by(view) == user else None,
        "seconds_left": _seconds(view),
        "cooling_off": rules_of(case).cooling_off.value,
        "shown": {kind.value for kind in shown},
        "risks": stands_out(view, pictures=pictures, notices=notices),
        "has_id_number": registered.is_known(case.account),
        "id_number": _id_number(case.account) if Hidden.ID_NUMBER in shown else "",
        "papers": [Paper(picture, advising.advice_of(picture)) for picture in pictures],
        "papers_erased": not pictures and was_erased(case),
        "timeline": timeline(case, now=at),
        "notices": notices,
        **conversation_context(case, messages_of(case)),
        "shown_call": call_shown(case, user, at, at_the_case(case)),
        "money": money_of(case),
        "record": record_rows(history(stream_of(case))),
        **_running(view, shown),
    }


def _id_number(account: Account) -> str:
    """In words, if it does not open: the page must."""
    try:
        return registered.number_of(account)
    except (EvidenceKeyError, SealBroken):
        return gettext("It cannot be opened: the key for it is missing.")


_STOPPED = CaseState.NEEDS_ATTENTION.value
_LOOKED_AT = CaseState.IN_REVIEW.value


def last_by(view: CaseView) -> User | None:
    """Who did what could be taken back."""
    if view.case.state == CaseState.MORE_INFO.value:
        return view.question.reviewer if view.question else None
    last = view.proposal or view.decision
    return last.reviewer if last else None


def _seconds(view: CaseView) -> int:
    return 0 if view.undo_until is None else max(0, int((view.undo_until - now()).total_seconds()))


def _running(view: CaseView, shown: Collection[Hidden]) -> dict[str, object]:
    stuck = termination.stuck_step(view.case) if view.case.state == _STOPPED else None
    return {
        "steps": _step_rows(view, termination.receipts(view.case), shown),
        "stuck": stuck,
        "may_leave_out": stuck is not None and StepKind(stuck.kind) in CAN_BE_LEFT,
    }


def _step_rows(view: CaseView, receipts: list[Receipt], shown: Collection[Hidden]) -> list[StepRow]:
    lines = {str(line.pk): Msisdn(line.msisdn).masked for line in view.lines}
    ended = [r for r in receipts if r.kind == StepKind.SERVICE_ENDED.value]
    services = service_names([int(r.subject) for r in ended]) if ended else {}

    def subject(receipt: Receipt) -> str:
        if receipt.kind in {StepKind.ORDER_SERVICE_END.value, StepKind.SERVICE_ENDED.value}:
            return services.get(int(receipt.subject), "")
        return "" if receipt.kind == StepKind.REFUND.value else lines.get(receipt.subject, "")

    def answer(receipt: Receipt) -> str:
        return receipt.raw if Hidden.SIMS in shown else masking.masked_answer(receipt.raw)

    return [StepRow(receipt, subject(receipt), answer(receipt)) for receipt in receipts]


def record_rows(rows: Sequence[AuditRow]) -> list[RecordRow]:
    """With the names of people (one query)."""
    names = user_names({found for row in rows if (found := _person(row.actor)) is not None})

    def actor(row: AuditRow) -> str:
        found = _person(row.actor)
        return words.called("actor", row.actor) if found is None else names.get(found, row.actor)

    return [RecordRow(row, actor(row)) for row in rows]


def _person(actor: str) -> int | None:
    """The id of a person of ours; None for the customer, a program or a rule."""
    kind, _colon, number = actor.partition(":")
    return int(number) if f"{kind}:" in _PEOPLE and number.isdecimal() else None
