"""What the queue can be narrowed down by. All of it may stand in an address: nothing is personal."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from signoff.accounts.models import User
from signoff.closing.rules import Scope
from signoff.config import policies
from signoff.desk import words
from signoff.desk.people import name_of
from signoff.kernel.countries import Country
from signoff.presentation import labels, wording
from signoff.review.queries import Filters
from signoff.review.rules import Colour, Mark
from signoff.talk.queries import unread_cases

OLDER = (1, 2, 5, 10, 20)
"""Days since the customer sent it."""
MINE, NOBODY = "mine", "nobody"
UNREAD = "unread"
"""The customer wrote something that nobody at the desk has read."""
_ANY = ("", _("Any"))


class FilterForm(forms.Form):
    """Each may be left open. What makes no sense, as in an address by hand, is left open too."""

    country = forms.ChoiceField(required=False, label=_("Country"))
    language = forms.ChoiceField(required=False, label=_("Language"))
    scope = forms.ChoiceField(required=False, label=_("What is closed"))
    colour = forms.ChoiceField(required=False, label=_("Time left"))
    older = forms.ChoiceField(required=False, label=_("Sent at least"))
    least = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=10_000_000,
        label=_("At least so much goes back, each in its own currency"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    holder = forms.ChoiceField(required=False, label=_("Who has it"))
    mark = forms.ChoiceField(required=False, label=_("Mark"))
    messages = forms.ChoiceField(required=False, label=_("Messages"))

    def __init__(self, sent: Any, *, reviewers: Sequence[User], reader: User) -> None:
        super().__init__(sent)
        self.reader = reader
        people = [(str(u.pk), name_of(u)) for u in reviewers if u.pk != reader.pk]
        choices: dict[str, Sequence[tuple[str, Any]]] = {
            "country": sorted(
                ((code, wording.shown(Country(code))) for code in policies().countries),
                key=lambda pair: pair[1],
            ),
            "language": settings.LANGUAGES,
            "scope": [(scope.value, labels.words("scope", scope)) for scope in Scope],
            "colour": [(c.value, words.called("colour", c.value)) for c in Colour],
            "older": [(str(days), _days(days)) for days in OLDER],
            "holder": [(NOBODY, _("Nobody")), (MINE, _("I")), *people],
            "mark": [(mark.value, words.called("mark", mark.value)) for mark in Mark],
            "messages": [(UNREAD, _("Not read yet"))],
        }
        self._called = {name: dict(some) for name, some in choices.items()}
        for name, some in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
            field.choices = [_ANY, *some]

    @property
    def kept(self) -> dict[str, str]:
        """What is chosen, for an address: only what makes sense."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    @property
    def chosen(self) -> list[str]:
        """What is chosen, in words: Country: China."""
        told = []
        for name in self.kept:
            field, value = self.fields[name], self.cleaned_data[name]
            shown = self._called[name][value] if name in self._called else wording.shown(value)
            told.append(f"{field.label}: {shown}")
        return told

    def filters(self) -> Filters:
        """For `review.queries.queue`."""
        chosen = self.kept
        holder, older = chosen.get("holder", ""), chosen.get("older")
        return Filters(
            country=chosen.get("country", ""),
            language=chosen.get("language", ""),
            scope=Scope(chosen["scope"]) if "scope" in chosen else None,
            colour=Colour(chosen["colour"]) if "colour" in chosen else None,
            older_than=timedelta(days=int(older)) if older else None,
            least=int(chosen["least"]) if "least" in chosen else None,
            unclaimed=holder == NOBODY,
            reviewer=self.reader.pk
            if holder == MINE
            else int(holder)
            if holder.isdecimal()
            else None,
            marks=frozenset({Mark(chosen["mark"])}) if "mark" in chosen else frozenset(),
            among=unread_cases() if "messages" in chosen else None,
        )


def sent_filters(encoded: str) -> QueryDict:
    """Filters that travel through a form, as they stand in an address."""
    return QueryDict(encoded[:500])


def _days(days: int) -> str:
    return ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}
