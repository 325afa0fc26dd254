"""Values that an operator may set instead of a rule pack's: any of them, drawn at random."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from signoff.policies.override import Override
from signoff.policies.values import Evidence

EVIDENCE = st.lists(st.sampled_from(list(Evidence)), unique=True).map(tuple)
AMOUNTS = st.decimals(0, 10**9, places=2)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "review_working_days": st.integers(1, 60),
    "claim_minutes": st.integers(1, 1440),
    "approval_four_eyes": st.sampled_from(["never", "large_refund", "always"]),
    "more_info_days": st.integers(1, 365),
    "more_info_stops_clock": st.booleans(),
    "appeal_days": st.integers(1, 365),
    "cooling_off": st.timedeltas(timedelta(0), timedelta(days=14)),
    "identity": EVIDENCE,
    "registration": EVIDENCE,
    "password_again": st.booleans(),
    "evidence_days_after_decision": st.integers(0, 1095),
    "evidence_through_appeal": st.booleans(),
    "durable_receipt": st.booleans(),
    "number_rest_days": st.integers(0, 1095),
    "port_after_days": st.integers(0, 1095),
    "money.proration": st.sampled_from(["days", "period", "none"]),
    "money.spend_first": st.sampled_from(["promotional", "paid"]),
    "money.expired_paid": st.sampled_from(["refund", "forfeit"]),
    "money.disputes": st.sampled_from(["go_on", "wait"]),
    "money.ask_again_above": AMOUNTS,
    "money.four_eyes_above": st.dictionaries(st.sampled_from(["CNY", "EUR", "USD"]), AMOUNTS),
    "money.smallest_transfer": AMOUNTS,
    "money.free_exit_days": st.integers(0, 1095),
    "money.refund_days": st.one_of(st.just("unknown"), st.integers(1, 365)),
}
"""By the place of the rule in a pack."""
OWN = st.sampled_from(sorted(VALUES)).flatmap(
    lambda place: st.tuples(st.just(place), VALUES[place])
)
"""A place, and a value for it."""
COUNTRIES = st.sampled_from(["CN", "DE", "GB", "US", "JP"])


def own(place: str, value: object) -> Override:
    """As the operator's file would say it."""
    section, _, name = place.rpartition(".")
    return Override.model_validate({section: {name: value}} if section else {name: value})


def written(tmp_path: Path, text: str) -> Path:
    """The operator's file."""
    file = tmp_path / "policy.toml"
    file.write_text(text, encoding="utf-8")
    return file
