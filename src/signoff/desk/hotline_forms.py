"""What a hotline agent types while somebody is on the line."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from signoff.accounts.queries import plan_names
from signoff.closing.models import Case
from signoff.desk import words
from signoff.hotline.rules import MANY, Fact, Known, Range, facts_asked, ranges
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.kernel.identifiers import CaseNumber
from signoff.presentation import wording
from signoff.talk.rules import LONGEST


class NumberForm(forms.Form):
    """The case number, as it is read out."""

    number = forms.CharField(
        label=_("Case number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        """In the one form that addresses have."""
        try:
            return str(CaseNumber.parse(self.cleaned_data["number"]))
        except InvalidValue as error:
            raise forms.ValidationError(wording.said(error)) from None


_HOW_TO_WRITE_A_DAY = _("Write the day like 2026-11-22.")


class ToldForm(forms.Form):
    """What a caller knows who has no number at hand; all three, so that nobody fishes."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    digits = forms.RegexField(
        r"\A[0-9]{4}\Z",
        label=_("Last four digits of the telephone number"),
        error_messages={"invalid": _("Four digits, like 8000.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 4}
        ),
    )
    day = forms.DateField(
        label=_("Day on which they sent the request"),
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[
            MinValueValidator(date(1900, 1, 1), _HOW_TO_WRITE_A_DAY),
            MaxValueValidator(date(2999, 12, 31), _HOW_TO_WRITE_A_DAY),
        ],
        error_messages={"invalid": _HOW_TO_WRITE_A_DAY},
    )


class _MayNotKnow(forms.Field):
    """Asked of everybody, but nothing is an answer, too."""

    def validate(self, value: Any) -> None:
        """Only what was answered."""
        if value not in self.empty_values:
            super().validate(value)


class _Choice(_MayNotKnow, forms.ChoiceField):
    """One of the answers in a list."""


class _Month(_MayNotKnow, forms.RegexField):
    """A month of a year, like 2024-05."""


class QuestionsForm(forms.Form):
    """Three questions. What the right answers are is not on the page."""

    use_required_attribute = False

    def __init__(self, sent: Any, *, case: Case, known: Known) -> None:
        super().__init__(sent)
        for fact in facts_asked(known):
            self.fields[fact.value] = self._field(fact, case)

    def _field(self, fact: Fact, case: Case) -> forms.Field:
        label = words.called("fact", fact.value)
        if fact is Fact.ACTIVATED:
            return _Month(
                r"\A[0-9]{4}-[0-9]{2}\Z",
                label=label,
                widget=forms.TextInput(attrs={"type": "month", "placeholder": "2024-05"}),
                error_messages={"invalid": _("Write year and month like 2024-05.")},
            )
        return _Choice(label=label, choices=[("", _("Does not know")), *_choices(fact, case)])

    @property
    def said(self) -> dict[Fact, str]:
        """The answers that were given."""
        return {Fact(name): value for name, value in self.cleaned_data.items() if value}


def _choices(fact: Fact, case: Case) -> Sequence[tuple[str, Any]]:
    if fact is Fact.PLAN:
        return [(name, name) for name in plan_names()]
    if fact is Fact.LINES:
        return [(str(n), f"{n}" if n < MANY else f"{n}+") for n in range(1, MANY + 1)]
    return [(part.code, _amounts(part)) for part in ranges(case.account.currency)]


def _amounts(part: Range) -> str:
    low = wording.money(part.low)
    if part.high is None:
        return str(_("%(low)s or more") % {"low": low})
    return str(_("%(low)s to %(high)s") % {"low": low, "high": wording.money(part.high)})


class TextForm(forms.Form):
    """A message or a ticket."""

    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}),
        error_messages={"required": _("Write something first.")},
    )

    def refuse(self, refusal: Refusal) -> None:
        """Puts the refusal's words above the form, or beside the text."""
        field = refusal.field if isinstance(refusal, InvalidValue) else ""
        self.add_error(field if field in self.fields else None, wording.said(refusal))
