"""What a rule pack says. Each rule carries its law and how surely we know it."""

import enum
from datetime import date, timedelta
from typing import Annotated, Generic, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


class Certainty(enum.StrEnum):
    """How a pack knows a rule."""

    FOUND = "found"
    """Read in a public text when the pack was written."""
    MEMORY = "memory"
    """Known, but not re-read: look it up before you rely on it."""
    SETTING = "setting"
    """No law was found: the operator decides."""


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Frozen):
    """A text for people, in each language of the product."""

    en: str = Field(min_length=1)
    zh_hans: str = Field(min_length=1, alias="zh-hans")

    def in_language(self, language: str) -> str:
        """For a language code like `zh-hans`, `zh-CN`, `en-GB`; English if there is no other."""
        return self.zh_hans if language.lower().startswith("zh") else self.en


class Sourced(_Frozen):
    """law: the citation; may be empty only if the rule is a setting."""

    law: str = ""
    certainty: Certainty

    @model_validator(mode="after")
    def _names_its_law(self) -> Self:
        if self.certainty is not Certainty.SETTING and not self.law:
            raise ValueError("a rule that is not a setting must name its law")
        return self


T = TypeVar("T")


class Rule(Sourced, Generic[T]):
    """A value, with where it comes from."""

    value: T


def _short_enough(value: timedelta) -> timedelta:
    if not timedelta(0) <= value <= timedelta(days=14):
        raise ValueError("write a time from PT0S to P14D, like PT24H")
    return value


WorkingDays = Annotated[int, Field(ge=1, le=60)]
Months = Annotated[int, Field(ge=1, le=600)]
CoolingOff = Annotated[timedelta, AfterValidator(_short_enough)]


class ClosingButton(Sourced):
    """Words that the law fixes for the two buttons of a closing, from a day on."""

    since: date
    start: Words
    confirm: Words


class Keep(Sourced):
    """What outlives a closing: `months` after it, only stored, and then deleted."""

    what: Words
    months: Months


class Duty(Sourced):
    """Something that the law asks of the operator, and the product does."""

    text: Words


class Policy(_Frozen):
    """The rules of one country.

    review_working_days: the longest a decision may take, in working days of the country.
    cooling_off: how long an approved closing waits and can be undone.
    keep: by category.
    """

    pack: str = Field(pattern=r"^[A-Z]{2}$")
    country: str = Field(pattern=r"^[A-Z]{2}$")
    name: Words
    review_working_days: Rule[WorkingDays]
    cooling_off: Rule[CoolingOff]
    closing_button: ClosingButton | None = None
    keep: dict[str, Keep]
    duties: tuple[Duty, ...] = ()

    def button_on(self, day: date) -> ClosingButton | None:
        """The wording that the law fixes on `day`, if it does."""
        button = self.closing_button
        return button if button and button.since <= day else None


class Pack(_Frozen):
    """A file of `packs/`: the same rules for one or more countries (ISO 3166-1, two letters)."""

    code: str = Field(pattern=r"^[A-Z]{2}$")
    name: Words
    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = Field(min_length=1)
    review_working_days: Rule[WorkingDays]
    cooling_off: Rule[CoolingOff]
    closing_button: ClosingButton | None = None
    keep: dict[str, Keep]
    duties: tuple[Duty, ...] = ()

    def for_country(self, country: str) -> Policy:
        """The pack's rules, as those of one of its countries."""
        rules = {name: getattr(self, name) for name in Policy.model_fields if hasattr(self, name)}
        return Policy(pack=self.code, country=country, **rules)
