"""The packs side by side, in Markdown: what `docs/law.md` shows, so that it cannot grow stale."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from signoff.policies.explain import HEADINGS, rule_at
from signoff.policies.limits import spelt
from signoff.policies.load import Policies
from signoff.policies.model import Keep, Policy
from signoff.policies.sourced import Sourced


def tables(known: Policies) -> str:
    """The values of each rule by pack; what is kept; what else the law asks, with its source."""
    packs = {code: known.of_pack(code)[0] for code in known.packs}
    parts = [
        "### Values",
        "\n".join(_values(packs)),
        "### Kept after a closing",
        "\n".join(_kept(packs)),
        "### Sources",
        "\n".join(_sources(packs)),
        "### What else is asked",
        "\n".join(_duties(packs)),
    ]
    return "\n\n".join(parts) + "\n"


def _values(packs: Mapping[str, Policy]) -> Iterator[str]:
    yield _row(["rule", *packs])
    yield _row(["---"] * (len(packs) + 1))
    for places in HEADINGS.values():
        for place in places:
            cells = []
            for policy in packs.values():
                rule = rule_at(policy, place)
                assert not isinstance(rule, Keep)  # noqa: S101 - HEADINGS names no category
                cells.append(f"{_value(rule.value)} ({rule.certainty})")
            yield _row([f"`{place}`", *cells])


def _kept(packs: Mapping[str, Policy]) -> Iterator[str]:
    yield _row(["pack", "category", "what", "months", "law", "certainty"])
    yield _row(["---"] * 6)
    for code, policy in packs.items():
        for category, keep in policy.keep.items():
            cells = [code, f"`{category}`", keep.what.en, str(keep.months)]
            yield _row([*cells, *_law(keep)])


def _sources(packs: Mapping[str, Policy]) -> Iterator[str]:
    yield _row(["pack", "rule", "law", "certainty"])
    yield _row(["---"] * 4)
    for code, policy in packs.items():
        rules = {place: rule_at(policy, place) for places in HEADINGS.values() for place in places}
        named: dict[str, Sourced] = {place: rule for place, rule in rules.items() if rule.law}
        if policy.closing_button:
            named["closing_button"] = policy.closing_button
        for place, rule in named.items():
            yield _row([code, f"`{place}`", *_law(rule)])


def _duties(packs: Mapping[str, Policy]) -> Iterator[str]:
    yield _row(["pack", "duty", "law", "certainty"])
    yield _row(["---"] * 4)
    for code, policy in packs.items():
        for duty in policy.duties:
            yield _row([code, duty.text.en, *_law(duty)])


def _law(rule: Sourced) -> tuple[str, str]:
    return rule.law or "none found", rule.certainty.value


def _value(value: object) -> str:
    match value:
        case None:
            return "unknown"
        case timedelta():
            return f"{value.total_seconds() / 3600:g} h"
        case ():
            return "nothing"
        case tuple():
            return ", ".join(value)
        case _:
            return spelt(value)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
