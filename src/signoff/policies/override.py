"""The operator's own values, and where they may not go."""

from typing import Any

from signoff.kernel.errors import SignoffError
from signoff.policies.limits import LIMITS, spelt
from signoff.policies.model import Certainty, Keep, Policy, Rule, Words
from signoff.policies.sourced import Frozen
from signoff.policies.values import (
    CoolingOff,
    Days,
    DaysOrNone,
    Disputes,
    EvidenceKinds,
    ExpiredPaid,
    FourEyes,
    Minutes,
    Months,
    Proration,
    RefundDays,
    SpendFirst,
    Threshold,
    Thresholds,
    WorkingDays,
)


class PolicyError(SignoffError):
    """A rule pack or the operator's file is not right; the text says where and what to do."""


class KeepOverride(Frozen):
    """months: of a category that the pack knows. A new category names all of what a pack would."""

    months: Months
    what: Words | None = None
    law: str = ""
    law_zh: str = ""


class MoneyOverride(Frozen):
    """The operator's own `MoneyRules`: those that are written hold, the others stay."""

    proration: Proration | None = None
    spend_first: SpendFirst | None = None
    expired_paid: ExpiredPaid | None = None
    disputes: Disputes | None = None
    ask_again_above: Threshold | None = None
    four_eyes_above: Thresholds | None = None
    smallest_transfer: Threshold | None = None
    free_exit_days: DaysOrNone | None = None
    refund_days: RefundDays = None


class Override(Frozen):
    """One section of the operator's file: for `all`, for a pack (`EU`) or a country (`DE`)."""

    review_working_days: WorkingDays | None = None
    claim_minutes: Minutes | None = None
    approval_four_eyes: FourEyes | None = None
    more_info_days: Days | None = None
    more_info_stops_clock: bool | None = None
    appeal_days: Days | None = None
    cooling_off: CoolingOff | None = None
    identity: EvidenceKinds | None = None
    registration: EvidenceKinds | None = None
    password_again: bool | None = None
    evidence_days_after_decision: DaysOrNone | None = None
    evidence_through_appeal: bool | None = None
    durable_receipt: bool | None = None
    number_rest_days: DaysOrNone | None = None
    port_after_days: DaysOrNone | None = None
    money: MoneyOverride = MoneyOverride()
    keep: dict[str, KeepOverride] = {}


def overridden(policy: Policy, override: Override, section: str, *, pack: Policy) -> Policy:
    """`policy` with the operator's values. Raises PolicyError if the law would not have them.

    pack: the same rules without any value of the operator's, as the law is told there.
    """
    changes: dict[str, Any] = {**_own_rules(policy, override, section, policy.country, within="")}
    if money := _own_rules(policy.money, override.money, section, policy.country, within="money."):
        changes["money"] = policy.money.model_copy(update=money)
    if override.keep:
        changes["keep"] = dict(policy.keep) | {
            category: _kept(policy, pack, category, wanted, section)
            for category, wanted in override.keep.items()
        }
    return policy.model_copy(update=changes)


def _own_rules(
    rules: Frozen, own: Frozen, section: str, country: str, *, within: str
) -> dict[str, Rule[Any]]:
    """Each rule of `rules` that `own` has a value for, with it."""
    changes = {}
    for name in own.model_fields_set:
        rule = getattr(rules, name)
        if isinstance(rule, Rule):
            value = getattr(own, name)
            _check(rule, value, f"[{section}] {within}{name}", within + name, country)
            changes[name] = rule.with_own(value)
    return changes


def _check(rule: Rule[Any], value: object, place: str, name: str, country: str) -> None:
    law = rule.pack_value if rule.set_by_operator else rule.value
    limit = LIMITS.get(name)
    if limit and rule.is_law and not limit.allows(value, law):
        raise PolicyError(f"{place} = {spelt(value)}: {rule.law} {limit.says(law)} in {country}")


def _kept(policy: Policy, pack: Policy, category: str, wanted: KeepOverride, section: str) -> Keep:
    """Longer than the law asks is worse for the customer; something new needs a law."""
    place = f"[{section}.keep.{category}]"
    known, by_law = policy.keep.get(category), pack.keep.get(category)
    if known is None:
        if wanted.what is None or not wanted.law:
            raise PolicyError(
                f"{place}: the pack {policy.pack} keeps no {category!r}; "
                "to add it, write `what` in both languages and the `law` that makes you keep it"
            )
        return Keep(certainty=Certainty.SETTING, **dict(wanted))
    if by_law and by_law.is_law and wanted.months > by_law.months:
        raise PolicyError(
            f"{place} months = {wanted.months}: {by_law.law} lets you keep it "
            f"{by_law.months} months at most in {policy.country}"
        )
    law = wanted.law or known.law
    is_packs = by_law is not None and law == by_law.law
    return known.model_copy(
        update={
            "months": wanted.months,
            "what": wanted.what or known.what,
            "law": law,
            "law_zh": wanted.law_zh if wanted.law else known.law_zh,
            # A law that an operator names is one that we have not read.
            "certainty": known.certainty if is_packs else Certainty.SETTING,
            "set_by_operator": by_law is None or wanted.months != by_law.months,
        }
    )
