"""Before the closing begins: does the customer's settlement still hold?

Preview = result. What the customer confirmed is computed once more from the facts of now, for
the same last day. In their favour it goes on, and they are told; against them it asks again.
"""

from datetime import datetime

from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.closing.models import Case
from signoff.closing.money_notices import tell_of_change
from signoff.closing.promises import rules_of
from signoff.closing.queries import settled_now
from signoff.closing.rules import CaseEvent
from signoff.closing.state import advance, stream_of
from signoff.config import policies
from signoff.policies.model import Policy
from signoff.settlement import operations as settlement
from signoff.settlement.queries import settlement_of
from signoff.settlement.rules import SettlementResult, thawed
from signoff.settlement.terms import minor_of

ACTOR = "policy"


def still_agreed(case: Case, *, now: datetime) -> bool:
    """Whether the closing may begin. False: the customer is asked once more.

    In the caller's transaction. A settlement that has changed in the customer's favour, or
    against them by no more than the rule pack lets pass, is frozen as the next version.
    """
    frozen = settlement_of(case.pk)
    if frozen is None:
        return True
    result = settled_now(case, frozen)
    if result.digest == frozen.digest:
        return True
    agreed = thawed(frozen.content)
    if is_against(agreed, result, rules_of(case)):
        advance(case, CaseEvent.ASK_AGAIN, now=now, actor=ACTOR, due_at=None)
        tell_of_change(case, "confirm_again", result, now)
        return False
    _freeze_next(case, result, policies().for_country(case.country), now)
    if (result.refund_minor, result.other_refunds) != (agreed.refund_minor, agreed.other_refunds):
        tell_of_change(case, "amount_changed", result, now)
    return True


def _freeze_next(case: Case, result: SettlementResult, policy: Policy, now: datetime) -> None:
    """The next version of a case's settlement, in the caller's transaction."""
    why = "facts_changed"
    frozen = settlement.freeze(case=case.pk, result=result, policy=policy, now=now, why=why)
    record(
        event=Event.SETTLEMENT_CHANGED,
        stream=stream_of(case),
        at=now,
        actor=ACTOR,
        facts={"version": frozen.version, "settlement": frozen.digest, "why": why},
    )


def is_against(agreed: SettlementResult, result: SettlementResult, policy: Policy) -> bool:
    """Something must be paid, or less comes back than was agreed by more than may pass."""
    if result.due_minor:
        return True
    others = dict(result.other_refunds)
    if any(others.get(code, 0) < minor for code, minor in agreed.other_refunds):
        return True
    allowed = minor_of(policy.money.ask_again_above.value, result.currency)
    return agreed.refund_minor - result.refund_minor > allowed
