"""Which pictures together show who somebody is. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from signoff.policies.values import Evidence


@dataclass(frozen=True, slots=True)
class Paper:
    """kinds: of pictures that belong together; each is one side or one page."""

    code: str
    kinds: tuple[str, ...]


_IDENTITY = (
    Paper("id_card", (Evidence.ID_CARD_FRONT.value, Evidence.ID_CARD_BACK.value)),
    Paper("passport", (Evidence.PASSPORT.value,)),
    Paper("driving_licence", (Evidence.DRIVING_LICENCE.value,)),
)
"""One of them is enough: who has an identity card need not have a passport."""
_FACE = Evidence.SELFIE.value


def papers(allowed: Collection[str]) -> tuple[Paper, ...]:
    """The papers of which one is asked for: of their kinds, those that may be asked for at all."""
    asked = (Paper(p.code, tuple(k for k in p.kinds if k in allowed)) for p in _IDENTITY)
    return tuple(paper for paper in asked if paper.kinds)


def besides(allowed: Collection[str]) -> tuple[str, ...]:
    """Kinds that are asked for beside the one paper."""
    return (_FACE,) if _FACE in allowed else ()


def missing_kinds(there: Collection[str], allowed: Collection[str]) -> tuple[str, ...]:
    """What is still to be shown; empty when it is enough, and when nothing may be asked for.

    Of the paper that has been begun, or of the first one: the other side of a card is missing, and
    not the passport that could stand for it.
    """
    return (
        *_of_a_paper(there, papers(allowed)),
        *(kind for kind in besides(allowed) if kind not in there),
    )


def _of_a_paper(there: Collection[str], choice: tuple[Paper, ...]) -> tuple[str, ...]:
    left = [tuple(kind for kind in paper.kinds if kind not in there) for paper in choice]
    if not left or not all(left):
        return ()
    begun = (kinds for kinds, paper in zip(left, choice, strict=True) if kinds != paper.kinds)
    return next(begun, left[0])
