"""The arithmetic of a closing. Pure."""

from signoff.settlement.rules.facts import (
    BillFacts,
    BucketFacts,
    CreditFacts,
    FeeFacts,
    PaymentFacts,
    PlanFacts,
    Proration,
    SettlementFacts,
    Terms,
    UsageFacts,
)
from signoff.settlement.rules.refunds import card_step, carried_by_card, plan_refunds
from signoff.settlement.rules.result import Part, RefundPart, SettlementResult, thawed
from signoff.settlement.rules.settle import settle

__all__ = [
    "BillFacts",
    "BucketFacts",
    "CreditFacts",
    "FeeFacts",
    "Part",
    "PaymentFacts",
    "PlanFacts",
    "Proration",
    "RefundPart",
    "SettlementFacts",
    "SettlementResult",
    "Terms",
    "UsageFacts",
    "card_step",
    "carried_by_card",
    "plan_refunds",
    "settle",
    "thawed",
]
