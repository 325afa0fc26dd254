"""Reads of cases, and the preview of one that does not exist yet."""

import hashlib
import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from signoff.accounts import queries as accounts
from signoff.accounts.models import Account, Line
from signoff.closing.models import Case, CaseLine
from signoff.closing.promises import rules_of
from signoff.closing.rules import OPEN_STATES, CaseState, Scope
from signoff.config import policies
from signoff.eligibility import queries as eligibility
from signoff.eligibility.rules import Facts, Findings, check
from signoff.policies.model import Policy
from signoff.settlement import queries as settlement
from signoff.settlement.disputes.queries import open_dispute_bills
from signoff.settlement.models import Settlement
from signoff.settlement.payments.queries import bills_being_paid
from signoff.settlement.rules import SettlementResult, settle

_OPEN = [state.value for state in OPEN_STATES]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a closing would be: everything before anything is pressed."""

    lines: tuple[Line, ...]
    findings: Findings
    settlement: SettlementResult
    policy: Policy
    settles_account: bool

    @property
    def is_free(self) -> bool:
        """Nothing stands in the way."""
        return not self.findings.blockers


def preview(
    account: Account,
    lines: Sequence[Line],
    *,
    scope: Scope,
    now: datetime,
    case: Case | None = None,
    policy: Policy | None = None,
) -> Preview:
    """Blockers, warnings and the settlement, at once. `case` is the draft that asks, if any.

    policy: the rules that were promised, if this closing was asked for before; else today's.
    """
    policy = policy or policies().for_country(account.country)
    others = _open_case_numbers(lines, except_case=case)
    whole_account = _settles_account(account, lines, scope, case)
    result = settle(
        settlement.facts_for(
            account,
            lines,
            whole_account=whole_account,
            last_day=account.day_at(now),
            policy=policy,
        )
    )
    ids = [line.pk for line in lines]
    facts = Facts(
        lines=eligibility.line_facts(lines, others),
        due=result.due,
        forfeited=result.forfeited_total,
        unpaid_bills=tuple(
            str(part.params["number"]) for part in result.charges if part.code == "unpaid_bill"
        ),
        disputed_bills=tuple(open_dispute_bills(account, ids, whole=whole_account)),
        disputes_wait=policy.money.disputes.value == "wait",
        paying_bills=tuple(bills_being_paid(account, ids, whole=whole_account)),
    )
    return Preview(tuple(lines), check(facts), result, policy, whole_account)


def settled_now(case: Case, agreed: Settlement) -> SettlementResult:
    """What a case's settlement comes to with the facts of now, for the day that was agreed.

    By the rules that were agreed, too: only facts can change it.
    """
    return settle(
        settlement.facts_for(
            case.account,
            lines_of(case),
            whole_account=case.settles_account,
            last_day=date.fromisoformat(agreed.content["last_day"]),
            policy=rules_of(case),
        )
    )


def _settles_account(
    account: Account, lines: Sequence[Line], scope: Scope, case: Case | None
) -> bool:
    """No line would be left: then money of the account itself is settled too, by one case only.

    Lines that other cases are about to close do not count as left.
    """
    if case is not None and case.state != CaseState.DRAFT.value:
        return case.settles_account
    leaving = Case.objects.filter(account=account, state__in=_OPEN).exclude(
        state=CaseState.DRAFT.value
    )
    if leaving.filter(settles_account=True).exists():
        return False
    if scope is Scope.ACCOUNT:
        return True
    gone = CaseLine.objects.filter(case__in=leaving).values_list("line_id", flat=True)
    return not accounts.has_lines_besides(account, [*(line.pk for line in lines), *gone])


def _open_case_numbers(lines: Sequence[Line], *, except_case: Case | None) -> dict[int, str]:
    rows = CaseLine.objects.filter(line__in=lines, is_open=True)
    if except_case is not None:
        rows = rows.exclude(case=except_case)
    return {
        line: number
        for line, number, state in rows.values_list("line_id", "case__number", "case__state")
        if state != CaseState.DRAFT.value
    }


def _complete(cases: QuerySet[Case]) -> QuerySet[Case]:
    lines = (
        CaseLine.objects.select_related("line__profile")
        .prefetch_related("line__services")
        .order_by("line_id")
    )
    return cases.select_related("account").prefetch_related(Prefetch("case_lines", lines))


def case_of(account: Account, number: str) -> Case:
    """A customer's own case. Raises Case.DoesNotExist for anybody else's."""
    return _complete(Case.objects.filter(account=account)).get(number=number)


def case_by_number(number: str) -> Case:
    """Raises Case.DoesNotExist."""
    return _complete(Case.objects.all()).get(number=number)


def case_by_id(identifier: UUID) -> Case:
    """Raises Case.DoesNotExist."""
    return _complete(Case.objects.all()).get(pk=identifier)


def locked_case(identifier: UUID) -> Case:
    """The case as it is now, and nobody moves it before the caller's transaction ends.

    Raises Case.DoesNotExist.
    """
    return Case.objects.select_for_update(of=("self",)).select_related("account").get(pk=identifier)


def locked_cases_settling(account: Account, line: Line | None) -> list[Case]:
    """Cases that close a line, or (None) settle the account itself; the newest first.

    Not those that were undone or refused. Nobody moves them before the caller's transaction ends.
    """
    over = [CaseState.DRAFT.value, CaseState.WITHDRAWN.value, CaseState.REFUSED.value]
    rows = Case.objects.select_for_update(of=("self",)).filter(account=account)
    mine = (
        rows.filter(settles_account=True)
        if line is None
        else rows.filter(pk__in=CaseLine.objects.filter(line=line).values("case"))
    )
    return list(mine.exclude(state__in=over).order_by("-created_at"))


def cases_of(account: Account) -> list[Case]:
    """All cases of an account, newest first."""
    return list(_complete(Case.objects.filter(account=account)).order_by("-created_at"))


def case_ids(account: Account) -> list[UUID]:
    """Of all cases of an account."""
    return list(Case.objects.filter(account=account).values_list("pk", flat=True))


def open_cases(account: Account) -> list[Case]:
    """Cases of an account that are not over, newest first."""
    rows = Case.objects.filter(account=account, state__in=_OPEN)
    return list(_complete(rows).order_by("-created_at"))


def due_cases(now: datetime) -> list[Case]:
    """Cases whose cooling-off is over, and that nobody has begun to close."""
    rows = Case.objects.filter(state=CaseState.COOLING_OFF.value, due_at__lte=now)
    return list(rows.order_by("due_at"))


def cooling_off_ending(now: datetime, *, within: timedelta) -> list[Case]:
    """Cases whose cooling-off ends soon, the first to end first."""
    rows = Case.objects.filter(
        state=CaseState.COOLING_OFF.value, due_at__gt=now, due_at__lte=now + within
    )
    return list(_complete(rows).order_by("due_at"))


def cases_to_confirm() -> list[Case]:
    """Cases that wait for the customer to look at a changed amount."""
    return list(_complete(Case.objects.filter(state=CaseState.TO_CONFIRM.value)).order_by("pk"))


def cases_by_id(identifiers: Collection[UUID]) -> dict[UUID, Case]:
    """Those that there are of these."""
    return {case.pk: case for case in _complete(Case.objects.filter(pk__in=identifiers))}


def running_cases() -> list[Case]:
    """Cases that the engine should be working on, now or after a back-off."""
    return list(Case.objects.filter(state=CaseState.CLOSING.value))


def lines_of(case: Case) -> list[Line]:
    """The lines of a case, in a fixed order."""
    return [row.line for row in case.case_lines.all()]


def access_code(case: Case) -> str:
    """Six digits that open the public look-up of this case; made from its id, stored nowhere."""
    key = settings.SECRET_KEY.encode()
    mark = hmac.new(key, f"status code:{case.pk}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(mark[:8], 'big') % 1_000_000:06d}"
