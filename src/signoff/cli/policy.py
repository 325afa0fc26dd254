"""`signoff policy`: the rules of a country, as a person would tell them."""

import enum
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from moneyed import Money
from rich.console import Console

from signoff.cli import law_page
from signoff.cli.language import shell_language, translated
from signoff.kernel.errors import InvalidValue
from signoff.kernel.formats import date_text, duration_text, list_text, money_text, number_text
from signoff.kernel.words import gettext_noop as _
from signoff.policies.explain import told
from signoff.policies.load import Policies, policies
from signoff.policies.model import Policy, Words
from signoff.policies.override import PolicyError
from signoff.policies.promises import digest_of, written
from signoff.policies.sentences import Sentence

app = typer.Typer(help="The rules of a country.", no_args_is_help=True)

_TITLE = _("%(name)s (%(countries)s): the rules")
_HOW_TO_READ = _(
    "Under each rule stands where it comes from, and how surely we know it. Where nothing stands, "
    "we found no law: the rule is yours to set. This is not legal advice."
)

OwnFile = Annotated[
    Path | None,
    typer.Option(envvar="SIGNOFF_POLICY_FILE", help="The operator's own values, over the packs."),
]


class Language(enum.StrEnum):
    """Of the product."""

    ENGLISH = "en"
    CHINESE = "zh-hans"


@app.command()
def explain(
    country: Annotated[str, typer.Argument(help="Country (CN, DE, GB) or pack (EU, UK).")],
    file: OwnFile = None,
    language: Annotated[
        Language | None, typer.Option(help="Without it, that of the shell.")
    ] = None,
) -> None:
    """Print the rules that hold in a country, each with its law and how surely it is known."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    try:
        chosen = _chosen(policies(file), country.upper())
    except (InvalidValue, PolicyError) as error:
        Console(stderr=True, markup=False, soft_wrap=True).print(str(error))
        raise typer.Exit(1) from None
    for number, alike in enumerate(chosen):
        if number:
            console.print()
        for line in _lines(alike, language or shell_language()):
            console.print(line)


@app.command()
def table() -> None:
    """Print the rules of all packs side by side, in Markdown: the tables of docs/law.md."""
    typer.echo(law_page.tables(policies()), nl=False)


def _chosen(known: Policies, name: str) -> Iterable[Sequence[Policy]]:
    """Countries with the same rules together: an operator's file may tell those of a pack apart."""
    of_pack = known.of_pack(name) or (known.for_country(name),)
    alike: dict[str, list[Policy]] = {}
    for policy in of_pack:
        rules = policy.model_copy(update={"country": ""})
        alike.setdefault(digest_of(written(rules)), []).append(policy)
    return alike.values()


def _lines(alike: Sequence[Policy], language: str) -> Iterator[str]:
    policy, countries = alike[0], ", ".join(one.country for one in alike)
    title = Sentence(_TITLE, {"name": policy.name, "countries": countries})
    yield spoken(title, language)
    yield translated(_HOW_TO_READ, language)
    for section in told(policy):
        yield ""
        yield translated(section.heading, language)
        for rule in section.rules:
            yield f"  {spoken(rule.says, language)}"
            if rule.why:
                yield f"    {spoken(rule.why, language)}"


def spoken(sentence: Sentence, language: str) -> str:
    """In a language, with numbers, dates and lists as it writes them."""
    words = translated(sentence.template, language)
    if not sentence.params:
        return words
    return words % {name: _shown(value, language) for name, value in sentence.params.items()}


def _shown(value: object, language: str) -> str:
    match value:
        case Words():
            shown = value.in_language(language)
        case timedelta():
            shown = duration_text(value, language)
        case date():
            shown = date_text(value, language)
        case int() | Decimal():
            shown = number_text(value, language)
        case Money():
            shown = money_text(value, language)
        case tuple():
            shown = list_text([_shown(part, language) for part in value], language)
        case str():
            shown = translated(value, language) if value else ""
        case _:
            shown = str(value)
    return shown
