"""Photos of papers, as the pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from signoff.closing.models import Case
from signoff.closing.promises import rules_of
from signoff.closing.rules import CaseState
from signoff.evidence import advising
from signoff.evidence.models import Evidence as Picture
from signoff.evidence.papers import besides, missing_kinds, papers
from signoff.evidence.queries import allowed_kinds, pictures_of
from signoff.idcheck.verdicts import Reason, Verdict
from signoff.policies.explain import reason_for
from signoff.policies.sentences import Sentence
from signoff.policies.values import Evidence

TITLES = {
    Evidence.ID_CARD_FRONT: _("Front of the identity card"),
    Evidence.ID_CARD_BACK: _("Back of the identity card"),
    Evidence.PASSPORT: _("Passport, the page with the photo"),
    Evidence.DRIVING_LICENCE: _("Driving licence"),
    Evidence.SELFIE: _("A photo of your face"),
}
_PAPERS = {
    "id_card": _("Identity card"),
    "passport": _("Passport"),
    "driving_licence": _("Driving licence"),
}


@dataclass(frozen=True, slots=True)
class KindShown:
    """One picture, or the place for it. pages: of a PDF, one each; of a photo, one."""

    kind: str
    title: str
    pages: tuple[Picture, ...]
    since: datetime | None = None
    """When a reviewer asked for it again: what is older was there before."""

    @property
    def is_old(self) -> bool:
        """It was there when the reviewer asked for another one."""
        return self.is_there and self.since is not None and self.pages[0].added_at < self.since

    @property
    def is_there(self) -> bool:
        """The customer has added it."""
        return bool(self.pages)

    @property
    def left_out(self) -> int:
        """Pages of the file that were not taken."""
        return self.pages[0].pages_left_out if self.pages else 0

    @property
    def is_being_looked_at(self) -> bool:
        """Our machine has not said yet what it notices."""
        return self.is_there and advising.is_being_looked_at(self.pages[0])

    @property
    def advice(self) -> tuple[Reason, ...]:
        """What is wrong with how the picture was taken. Who is on it, a person looks at."""
        found = advising.advice_of(self.pages[0]) if self.pages else None
        return found.quality.warnings if found else ()

    @property
    def was_not_read(self) -> bool:
        """Our machine could make nothing of it, and does not know why."""
        found = advising.advice_of(self.pages[0]) if self.pages else None
        return found is not None and not self.advice and found.verdict is Verdict.CANNOT_READ

    @property
    def is_clear(self) -> bool:
        """Our machine has looked, and has nothing to say about how it was taken."""
        found = advising.advice_of(self.pages[0]) if self.pages else None
        return found is not None and not self.advice and not self.was_not_read


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A paper with its sides. title: empty for what is asked for beside it."""

    title: str
    kinds: tuple[KindShown, ...]


@dataclass(frozen=True, slots=True)
class PapersShown:
    """choice: of which one is enough. besides: what is asked for, too. missing: kinds."""

    choice: tuple[PaperShown, ...]
    besides: tuple[KindShown, ...]
    missing: tuple[KindShown, ...]

    @property
    def added(self) -> tuple[KindShown, ...]:
        """What is there, in the order of the page."""
        asked = [kind for paper in self.choice for kind in paper.kinds] + list(self.besides)
        return tuple(kind for kind in asked if kind.is_there)


def asked_kinds(case: Case, questioned: Sequence[str] = ()) -> tuple[str, ...]:
    """What a picture may be of, just now: never more than the rule pack lets us ask for.

    questioned: what a reviewer has asked for, once one has.
    """
    allowed = allowed_kinds(case)
    if case.state == CaseState.MORE_INFO.value:
        return tuple(kind for kind in allowed if kind in questioned)
    return allowed


def kinds_shown(
    case: Case, kinds: Sequence[str], *, since: datetime | None = None
) -> tuple[KindShown, ...]:
    """These kinds, with their pictures (one query). since: as in KindShown."""
    there = pictures_of(case)
    return tuple(
        KindShown(
            kind,
            str(TITLES[Evidence(kind)]),
            tuple(row for row in there if row.kind == kind),
            since,
        )
        for kind in kinds
    )


def papers_shown(case: Case) -> PapersShown:
    """For a draft: the papers to choose from, and what is there of them."""
    allowed = allowed_kinds(case)
    shown = {kind.kind: kind for kind in kinds_shown(case, allowed)}
    there = {kind.kind for kind in shown.values() if kind.is_there}
    return PapersShown(
        choice=tuple(
            PaperShown(str(_PAPERS[paper.code]), tuple(shown[kind] for kind in paper.kinds))
            for paper in papers(allowed)
        ),
        besides=tuple(shown[kind] for kind in besides(allowed)),
        missing=tuple(shown[kind] for kind in missing_kinds(there, allowed)),
    )


def why_asked(case: Case) -> tuple[tuple[Sentence, ...], ...]:
    """Why we may ask, and how long a picture is kept: each a rule and where it comes from."""
    policy = rules_of(case)
    return (
        reason_for(policy, "identity"),
        reason_for(policy, "evidence_days_after_decision"),
        reason_for(policy, "evidence_through_appeal"),
    )
