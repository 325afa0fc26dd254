"""What is wrong with a file, said so that the person who made it can put it right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from signoff.kernel.errors import Refusal


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where: `line` counts from 1 as an editor does, 0 is the file as a whole."""

    file: str
    line: int = 0
    column: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `template` is English with `%(name)s` places, as in `Refusal`."""

    place: Place
    code: str
    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, place: Place, refusal: Refusal) -> Self:
        """`refusal` at `place`."""
        return cls(place, refusal.code, refusal.template, refusal.params)

    @property
    def words(self) -> str:
        """In English; an interface translates the template instead."""
        return self.template % self.params if self.params else self.template
