"""What the finance team can type."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from signoff.desk import words
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.ports.bank_files import MOST_BYTES
from signoff.presentation import wording
from signoff.settlement.models import PlaceKind
from signoff.settlement.payouts.files import CURRENCIES, format_for

FURTHEST = timedelta(days=30)
"""How far ahead a bank file may be dated: later, and the refunds are late for no reason."""
LONGEST_PERIOD = timedelta(days=366)
SHORTEST_ANSWER, LONGEST_ANSWER = 20, 1000


class _Plain(forms.Form):
    """Mistakes are said by us, in the reader's language, and not by the browser."""

    use_required_attribute = False

    def refuse(self, refusal: Refusal) -> None:
        """Puts the refusal's words beside the field that they are about, or above all."""
        field = refusal.field if isinstance(refusal, InvalidValue) else ""
        self.add_error(field if field in self.fields else None, wording.said(refusal))


_NO_DAY = _("That is not a day: write it like 2026-03-31.")
_CALENDAR = (  # no time zone leads out of what a computer can count
    MinValueValidator(date(1900, 1, 1), _NO_DAY),
    MaxValueValidator(date(9998, 12, 31), _NO_DAY),
)


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        validators=_CALENDAR,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": _("Choose a day."),
            "invalid": _NO_DAY,
        },
    )


class MakeFileForm(_Plain):
    """A file for the bank, of all transfers of one kind that are ready."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.value) for kind in CURRENCIES], widget=forms.HiddenInput
    )
    currency = forms.CharField(max_length=3, widget=forms.HiddenInput)
    execution_date = _day(
        _("Day of payment"),
        _("A wish: a bank moves it to its next working day."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_execution_date(self) -> date:
        """From today on, and not for ever."""
        day: date = self.cleaned_data["execution_date"]
        if day < self._today:
            raise forms.ValidationError(_("That day is over: choose today or a later one."))
        if day > self._today + FURTHEST:
            raise forms.ValidationError(_("Choose a day within the next 30 days."))
        return day

    def clean(self) -> dict[str, Any]:
        """Kind and currency fit to a file that we can make."""
        given = super().clean() or self.cleaned_data
        kind, currency = given.get("kind"), given.get("currency", "")
        if kind and not format_for(PlaceKind(kind), currency):
            self.add_error(None, str(_("There is no bank file for transfers like these.")))
        return given


class AnswerForm(_Plain):
    """What the bank answered, as it came."""

    format = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("What kind of file is it?"),
        choices=[(name, words.WORDS["answer_file"][name]) for name in words.WORDS["answer_file"]],
        error_messages={
            "required": _("Choose what kind of file it is."),
            "invalid_choice": _("Choose one of the kinds in the list."),
        },
    )
    file = forms.FileField(
        label=_("The file"),
        help_text=_("As the bank gave it, up to 10 MB. Do not open and save it before."),
        error_messages={
            "required": _("Choose the file."),
            "missing": _("Choose the file."),
            "invalid": _("The file did not arrive: choose it again."),
            "empty": _("The file is empty: download it from the bank again."),
        },
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """No larger than a bank's answer can be: told before it is read into memory."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 10 MB: that is no bank’s answer to one batch.")
            )
        return file


class ResolveForm(_Plain):
    """Who was right, and the words that the customer reads."""

    outcome = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("Who was right?"),
        choices=[
            ("upheld", _("The customer: the amount is taken off")),
            ("rejected", _("The item: it stays on the bill")),
        ],
        error_messages={
            "required": _("Choose who was right."),
            "invalid_choice": _("Choose one of the two."),
        },
    )
    answer = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST_ANSWER}),
        label=_("What the customer will read"),
        min_length=SHORTEST_ANSWER,
        max_length=LONGEST_ANSWER,
        error_messages={
            "required": _("Write the answer: the customer reads exactly this."),
            "min_length": _(
                "Write at least %(limit_value)d characters; these are %(show_value)d. The customer"
                " has to understand why."
            ),
            "max_length": _("Write at most %(limit_value)d characters; these are %(show_value)d."),
        },
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].help_text = str(
            _(
                "In 20 to 1000 characters: what you looked at, and what follows. It is sent by"
                " e-mail and shown with the bill as you write it. They read %(language)s."
            )
        ) % {"language": words.called("language", language)}


class PeriodForm(_Plain):
    """Two days, both included."""

    first = _day(_("First day"))
    last = _day(_("Last day"))

    def clean(self) -> dict[str, Any]:
        """In order, and not more than a year."""
        given = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last:
            if last < first:
                self.add_error("last", str(_("The last day is before the first one.")))
            elif last - first > LONGEST_PERIOD:
                self.add_error("last", str(_("Choose at most a year.")))
        return given
