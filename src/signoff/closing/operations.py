"""What a customer does with a case, until a person at the carrier looks at it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from signoff.accounts.models import Account, Line, LineState
from signoff.accounts.operations import session_mark
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.closing import queries
from signoff.closing.letters import tell, tell_received, words_for
from signoff.closing.models import Case, CaseLine
from signoff.closing.promises import kept
from signoff.closing.rules import NO_ANSWERS, CaseEvent, CaseState, Reason, Scope
from signoff.closing.runs import ask_for_run
from signoff.closing.state import advance, stream_of
from signoff.config import policies
from signoff.kernel.errors import Conflict, InvalidValue, Refusal
from signoff.kernel.identifiers import CaseNumber, Msisdn
from signoff.kernel.words import gettext_noop as _
from signoff.notice import operations as notice
from signoff.policies.working_days import add_working_days
from signoff.settlement import operations as settlement
from signoff.settlement.queries import settlement_of

CUSTOMER = "customer"
_OVERTAKEN = ("approved", "more_info")
"""Letters that would frighten if they came after "undone"."""


def start_draft(
    *, account: Account, lines: Sequence[Line], scope: Scope, language: str, now: datetime
) -> Case:
    """Opens a draft, or finds the one that is open: two tabs and two presses get the same.

    Raises Refusal if one of the lines is in another open case, or closed, or no line is given.
    """
    if not lines or any(line.account_id != account.pk for line in lines):
        raise Refusal("no_lines", _("Choose the line that you want to close."))
    if any(line.state == LineState.CLOSED for line in lines):
        raise Refusal("already_closed", _("This line is closed already."))
    for _attempt in range(2):
        found = _open_case_of(lines)
        if found:
            return _same_draft(found, lines, scope)
        try:
            return _new_draft(account, lines, scope, language, now)
        except IntegrityError:
            continue
    raise Conflict("another draft for these lines came and went")


def _open_case_of(lines: Sequence[Line]) -> Case | None:
    row = CaseLine.objects.filter(line__in=lines, is_open=True).select_related("case").first()
    return row.case if row else None


def _same_draft(case: Case, lines: Sequence[Line], scope: Scope) -> Case:
    same_lines = set(case.case_lines.values_list("line_id", flat=True)) == {x.pk for x in lines}
    if case.state == CaseState.DRAFT.value and same_lines and case.scope == scope.value:
        return case
    raise Refusal(
        "already_closing",
        _("One of these lines is in case %(case)s already. Finish or undo that one first."),
        case=case.number,
    )


def _new_draft(
    account: Account, lines: Sequence[Line], scope: Scope, language: str, now: datetime
) -> Case:
    with transaction.atomic():
        case = Case.objects.create(
            number=CaseNumber.new(),
            account=account,
            scope=scope.value,
            state=CaseState.DRAFT.value,
            language=language,
            country=account.country,
            contact_name=account.name,
            contact_email=account.email,
            contact_phone=account.contact_phone,
            created_at=now,
        )
        CaseLine.objects.bulk_create(CaseLine(case=case, line=line) for line in lines)
        record(
            event=Event.CASE_STARTED,
            stream=stream_of(case),
            at=now,
            actor=CUSTOMER,
            facts={"scope": scope.value, "lines": len(lines)},
        )
    return case


def save_reason(*, case: Case, reason: Reason, text: str) -> None:
    """Keeps why the customer leaves. Raises Conflict if the case is no longer a draft."""
    _change_draft(case, reason=reason.value, reason_text=text.strip()[:1000])


def save_contact(*, case: Case, name: str, email: str, phone: str) -> None:
    """Keeps how to reach the customer afterwards.

    Raises InvalidValue for a bad number, or for a number that ends with this very closing.
    """
    number = Msisdn.parse(phone, case.country) if phone.strip() else None
    if number in {row.line.msisdn for row in case.case_lines.all()}:
        raise InvalidValue(
            "contact_ends",
            _(
                "%(number)s is closed by this very request. Give a number that you keep, or leave it empty."
            ),
            field="phone",
            number=number,
        )
    _change_draft(
        case, contact_name=name.strip(), contact_email=email.strip(), contact_phone=number or ""
    )


def _change_draft(case: Case, **changes: object) -> None:
    if not Case.objects.filter(pk=case.pk, state=CaseState.DRAFT.value).update(**changes):
        raise Conflict(f"case {case.number} is no longer a draft")
    for name, value in changes.items():
        setattr(case, name, value)


def submit(
    *, case: Case, settlement_digest: str, session_key: str, now: datetime, language: str = ""
) -> Case:
    """The customer confirms exactly what the preview showed. Pressing twice gives one case.

    language: of the page on which they confirm, for all letters; empty: in which they began.
    Raises Refusal if something stands in the way now ("blocked"), if the preview has changed
    since it was shown ("preview_changed") or an answer is missing ("incomplete").
    """
    if case.state != CaseState.DRAFT.value:
        return case
    lines = queries.lines_of(case)
    shown = queries.preview(case.account, lines, scope=Scope(case.scope), now=now, case=case)
    if not shown.is_free:
        raise Refusal("blocked", _("Something has come in between. Look at the preview again."))
    if shown.settlement.digest != settlement_digest:
        raise Refusal(
            "preview_changed",
            _("The amount has changed since you looked. Please look at it again."),
        )
    if not (case.reason and case.contact_name and case.contact_email):
        raise Refusal("incomplete", _("An answer is missing. Go through the questions once more."))
    days = shown.policy.review_working_days.value
    decide_by = add_working_days(case.account.day_at(now), days, case.country)
    with transaction.atomic():
        rules = kept(shown.policy, now=now)
        try:
            case = advance(
                case,
                CaseEvent.SUBMIT,
                now=now,
                actor=CUSTOMER,
                facts={"settlement": shown.settlement.digest, "rules": rules},
                submitted_at=now,
                language=language or case.language,
                settles_account=shown.settles_account,
                decide_by=decide_by,
                rules_id=rules,
                confirmed_in_session=session_mark(session_key) if session_key else "",
            )
        except Conflict:
            return queries.case_by_id(case.pk)
        settlement.freeze(case=case.pk, result=shown.settlement, policy=shown.policy, now=now)
        tell_received(case, now)
    return case


def withdraw(*, case: Case, actor: str, now: datetime) -> Case:
    """Undoes the case while nothing irreversible has happened. Of a draft no answer is kept.

    Raises NoSuchTransition after the point of no return, Conflict if the closing began just now.
    """
    was_draft = case.state == CaseState.DRAFT.value
    over = {"ended_at": now, "due_at": None, **(NO_ANSWERS if was_draft else {})}
    with transaction.atomic():
        case = advance(case, CaseEvent.WITHDRAW, now=now, actor=actor, **over)
        settlement.release(case=case.pk)
        notice.cancel_held(case=case.pk, kinds=_OVERTAKEN)
        if not was_draft:
            tell(case, "withdrawn", words_for(case), now)
    return case


def confirm_again(*, case: Case, settlement_digest: str, session_key: str, now: datetime) -> Case:
    """The customer agrees to a settlement that has changed against them: the closing goes on.

    Raises Refusal if it has changed once more ("preview_changed") or something must be paid first
    ("blocked"); Conflict if the case has moved on.
    """
    if case.state != CaseState.TO_CONFIRM.value:
        return case
    agreed = settlement_of(case.pk)
    if agreed is None:
        raise Conflict(f"case {case.number} has no settlement")
    result = queries.settled_now(case, agreed)
    if result.due_minor:
        raise Refusal("blocked", _("Something must be paid first. Look at the amounts again."))
    if result.digest != settlement_digest:
        raise Refusal(
            "preview_changed",
            _("The amount has changed since you looked. Please look at it again."),
        )
    attempt = case.attempt + 1
    with transaction.atomic():
        case = advance(
            case,
            CaseEvent.CONFIRM,
            now=now,
            actor=CUSTOMER,
            facts={"settlement": result.digest},
            due_at=now,
            attempt=attempt,
            confirmed_in_session=session_mark(session_key) if session_key else "",
        )
        settlement.freeze(
            case=case.pk,
            result=result,
            policy=policies().for_country(case.country),
            now=now,
            why="confirmed_again",
        )
        ask_for_run(case, attempt)
    return case
