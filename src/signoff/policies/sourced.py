"""What every rule carries: its law, and how surely we know it."""

import enum
from typing import Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Certainty(enum.StrEnum):
    """How a pack knows a rule."""

    FOUND = "found"
    """Read in a public text when the pack was written."""
    MEMORY = "memory"
    """Known, but not re-read: look it up before you rely on it."""
    SETTING = "setting"
    """No law was found: the operator decides."""


class Frozen(BaseModel):
    """A part of a pack: nothing else may stand in it, and nobody changes it later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Frozen):
    """A text for people, in each language of the product."""

    en: str = Field(min_length=1)
    zh_hans: str = Field(min_length=1, alias="zh-hans")

    def in_language(self, language: str) -> str:
        """For a language code like `zh-hans`, `zh-CN`, `en-GB`; English if there is no other."""
        return self.zh_hans if language.lower().startswith("zh") else self.en


class Sourced(Frozen):
    """law: the citation; may be empty only if the rule is a setting. law_zh: the same in Chinese."""

    law: str = ""
    law_zh: str = ""
    certainty: Certainty

    @model_validator(mode="after")
    def _names_its_law(self) -> Self:
        if self.certainty is not Certainty.SETTING and not self.law:
            raise ValueError("a rule that is not a setting must name its law")
        return self

    @property
    def cited(self) -> Words:
        """The citation in the reader's language. Only of a rule that names a law."""
        return Words.model_validate({"en": self.law, "zh-hans": self.law_zh or self.law})

    def law_in(self, language: str) -> str:
        """The same for a language code; empty of a setting that names no law."""
        return self.cited.in_language(language) if self.law else ""

    @property
    def is_law(self) -> bool:
        """A law stands behind it, read or remembered: an operator may only do better."""
        return self.certainty is not Certainty.SETTING


T = TypeVar("T")


class Rule(Sourced, Generic[T]):
    """A value, with where it comes from.

    set_by_operator: `value` is the operator's own, and `pack_value` what the pack has.
    """

    value: T
    set_by_operator: bool = False
    pack_value: T | None = None

    def with_own(self, value: T) -> Self:
        """The same rule with the operator's value."""
        return self.model_copy(
            update={
                "value": value,
                "set_by_operator": True,
                "pack_value": self.pack_value if self.set_by_operator else self.value,
            }
        )
