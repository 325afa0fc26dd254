"""The operator's own values, and where they may not go."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from signoff.kernel.errors import SignoffError
from signoff.policies.model import Certainty, CoolingOff, Keep, Months, Policy, Words, WorkingDays


class PolicyError(SignoffError):
    """A rule pack or the operator's file is not right; the text says where and what to do."""


class KeepOverride(BaseModel):
    """months: of a category that the pack knows. A new category names all of what a pack would."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    months: Months
    what: Words | None = None
    law: str = ""


class Override(BaseModel):
    """One section of the operator's file: for `all`, for a pack (`EU`) or a country (`DE`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    review_working_days: WorkingDays | None = None
    cooling_off: CoolingOff | None = None
    keep: dict[str, KeepOverride] = {}


def overridden(policy: Policy, override: Override, section: str) -> Policy:
    """`policy` with the operator's values. Raises PolicyError if the law would not have them."""
    changes: dict[str, Any] = {}
    if override.review_working_days is not None:
        longest = policy.review_working_days
        if longest.certainty is not Certainty.SETTING and (
            override.review_working_days > longest.value
        ):
            raise PolicyError(
                f"[{section}] review_working_days = {override.review_working_days}: "
                f"{longest.law} allows {longest.value} at most in {policy.country}"
            )
        changes["review_working_days"] = longest.model_copy(
            update={"value": override.review_working_days}
        )
    if override.cooling_off is not None:
        changes["cooling_off"] = policy.cooling_off.model_copy(
            update={"value": override.cooling_off}
        )
    if override.keep:
        changes["keep"] = dict(policy.keep) | {
            category: _kept(policy, category, wanted, section)
            for category, wanted in override.keep.items()
        }
    return policy.model_copy(update=changes)


def _kept(policy: Policy, category: str, wanted: KeepOverride, section: str) -> Keep:
    """Longer than the law asks is worse for the customer; something new needs a law."""
    place = f"[{section}.keep.{category}]"
    known = policy.keep.get(category)
    if known is None:
        if wanted.what is None or not wanted.law:
            raise PolicyError(
                f"{place}: the pack {policy.pack} keeps no {category!r}; "
                "to add it, write `what` in both languages and the `law` that makes you keep it"
            )
        return Keep(
            what=wanted.what, months=wanted.months, law=wanted.law, certainty=Certainty.SETTING
        )
    if known.certainty is not Certainty.SETTING and wanted.months > known.months:
        raise PolicyError(
            f"{place} months = {wanted.months}: {known.law} lets you keep it "
            f"{known.months} months at most in {policy.country}"
        )
    return known.model_copy(
        update={
            "months": wanted.months,
            "what": wanted.what or known.what,
            "law": wanted.law or known.law,
        }
    )
