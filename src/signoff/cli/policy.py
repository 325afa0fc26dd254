"""`signoff policy`: the rules of a country, as a person would tell them."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from signoff.kernel.errors import InvalidValue
from signoff.policies.load import Policies, policies
from signoff.policies.model import Certainty, Policy, Sourced
from signoff.policies.override import PolicyError

app = typer.Typer(help="The rules of a country.", no_args_is_help=True)

_SURE = {
    Certainty.FOUND: "read in a public text",
    Certainty.MEMORY: "from memory, not re-read: check before you rely on it",
    Certainty.SETTING: "no law found: a setting of the operator",
}


@app.callback()
def _group() -> None:
    """Keeps `explain` a sub-command although it is the only one."""


@app.command()
def explain(
    country: Annotated[str, typer.Argument(help="Country (CN, DE, GB) or pack (EU, UK).")],
    file: Annotated[
        Path | None,
        typer.Option(
            envvar="SIGNOFF_POLICY_FILE", help="The operator's own values, over the packs."
        ),
    ] = None,
    language: Annotated[str, typer.Option(help="Of the rules' words: en or zh-hans.")] = "en",
) -> None:
    """Print the rules that hold in a country, each with its law and how surely it is known."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    try:
        known = policies(file)
        policy, countries = _chosen(known, country.upper())
    except (InvalidValue, PolicyError) as error:
        Console(stderr=True, markup=False, soft_wrap=True).print(str(error))
        raise typer.Exit(1) from None
    console.print(f"{policy.name.in_language(language)} ({countries}). Not legal advice.")
    for line in _told(policy, language):
        console.print(line)


def _chosen(known: Policies, name: str) -> tuple[Policy, str]:
    """The rules, and for which countries they are told."""
    if of_pack := known.of_pack(name):
        return of_pack[0], ", ".join(policy.country for policy in of_pack)
    policy = known.for_country(name)
    return policy, policy.country


def _told(policy: Policy, language: str) -> list[str]:
    lines = [
        "",
        f"A decision takes {policy.review_working_days.value} working days at most.",
        _why(policy.review_working_days),
        f"An approved closing can be undone for {spoken(policy.cooling_off.value)}.",
        _why(policy.cooling_off),
    ]
    if button := policy.closing_button:
        start, confirm = (w.in_language(language) for w in (button.start, button.confirm))
        lines += [
            f"From {button.since} the buttons say “{start}”, then “{confirm}”.",
            _why(button),
        ]
    lines += ["", "Kept after closing:"]
    for keep in policy.keep.values():
        lines += [f"  {keep.what.in_language(language)}: {keep.months} months.", _why(keep)]
    lines += ["", "Also:"]
    for duty in policy.duties:
        lines += [f"  {duty.text.in_language(language)}.", _why(duty)]
    return lines


def _why(rule: Sourced) -> str:
    if rule.law and rule.certainty is Certainty.SETTING:
        return f"    {rule.law}; set by the operator"
    law = f"{rule.law}; " if rule.law else ""
    return f"    {law}{_SURE[rule.certainty]}"


def spoken(duration: timedelta) -> str:
    """`1 day 2 hours`, `20 seconds`; `0 seconds` for none."""
    seconds = int(duration.total_seconds())
    parts = []
    for name, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(parts) or "0 seconds"
