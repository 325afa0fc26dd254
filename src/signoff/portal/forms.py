"""What a customer can type, and what is wrong with it in words. Checking is by the operations."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from signoff.accounts.models import Line
from signoff.closing.rules import Reason
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.presentation import wording
from signoff.presentation.labels import words

WHOLE_ACCOUNT = "account"
AT_MOST_1000 = {"max_length": _("Write at most 1000 characters; these are %(show_value)s.")}


class QuestionForm(forms.Form):
    """A form that can say what an operation refused, beside the field that it is about."""

    use_required_attribute = False
    question = ""
    """Name of the field that the page is about: its label is the page's heading."""

    aliases: Mapping[str, str] = {}
    """Fields that operations call by another name: theirs, and the one here."""

    def offer(self, name: str, choices: Sequence[tuple[str, object]]) -> None:
        """What can be chosen in a field whose answers are known only now."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so by the form
        field.choices = choices

    def refuse(self, refusal: Refusal) -> None:
        """Puts the refusal's words where they belong: its field, or above all."""
        field = refusal.field if isinstance(refusal, InvalidValue) else ""
        field = self.aliases.get(field, field)
        self.add_error(field if field in self.fields else None, wording.said(refusal))


class OwnWords(forms.CharField):
    """Several lines. A browser counts the end of each as one character, and sends two (HTML,
    section 4.10.11): who was let type them all is not told that they are too many."""

    def to_python(self, value: Any) -> str:
        """With the ends of lines as they were typed."""
        return super().to_python(str(value or "").replace("\r\n", "\n")) or ""


def remark(label: Any, *, rows: int = 4) -> forms.CharField:
    """A field for what somebody wants to say in their own words; it may stay empty."""
    return OwnWords(
        widget=forms.Textarea(attrs={"rows": rows}),
        label=label,
        required=False,
        max_length=1000,
        error_messages=AT_MOST_1000,
    )


class WhatForm(QuestionForm):
    """Which line, or all of them."""

    question = "what"
    what = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("What would you like to close?"),
        error_messages={
            "required": _("Choose a line, or the whole account."),
            "invalid_choice": _("Choose one of the lines in the list."),
        },
    )

    def __init__(
        self, *args: Any, lines: Sequence[Line], whole_account: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, object]] = [
            (line.reference, f"{wording.telephone(line.msisdn)} · {line.plan}") for line in lines
        ]
        if whole_account:
            choices.append((WHOLE_ACCOUNT, _("The whole account, with all of its lines")))
        self.offer("what", choices)


class ReasonForm(QuestionForm):
    """Why."""

    question = "reason"
    reason = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("Why are you leaving?"),
        help_text=_("It helps us to do better. It changes nothing about the decision."),
        error_messages={
            "required": _("Choose an answer. “I would rather not say” is one too."),
            "invalid_choice": _("Choose one of the answers in the list."),
        },
    )
    text = remark(_("Anything to add?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("reason", [(reason.value, words("reason", reason)) for reason in Reason])


class ContactForm(QuestionForm):
    """Where to reach the customer when the line is gone."""

    aliases = {"msisdn": "phone"}
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Write your name."),
            "max_length": _("Write at most 120 characters."),
        },
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The confirmation and the certificate go there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Write an e-mail address that you keep."),
            "invalid": _("This is not an e-mail address. It looks like name@example.com."),
        },
    )
    phone = forms.CharField(
        label=_("Another phone number"),
        help_text=_("Not a number that you are closing: it stops working."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"max_length": _("This is too long for a telephone number.")},
    )


class LookUpForm(QuestionForm):
    """A case number and its code."""

    number = forms.CharField(
        label=_("Case number"),
        help_text=_("It looks like SO-7K4M-92QD-X."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Write the case number."),
            "max_length": _("This is too long for a case number."),
        },
    )
    code = forms.CharField(
        label=_("Status code"),
        help_text=_("Six digits. You got them with the case number."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Write the six digits of the status code."),
            "max_length": _("The status code has six digits."),
        },
    )


class CheckForm(QuestionForm):
    """A link, a number or a message that may or may not be from us."""

    question = "text"
    text = OwnWords(
        label=_("Is this really you?"),
        help_text=_(
            "Paste the link, the telephone number or the whole message. We do not open it."
        ),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Paste a link, a number or a message."),
            "max_length": _("This is too long: paste at most 4000 characters."),
        },
    )


class PauseForm(QuestionForm):
    """Until when a line rests."""

    question = "until"
    until = forms.DateField(
        label=_("Until when should the line rest?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose the day on which the line works again."),
            "invalid": _("This is not a date. Write it like 2026-12-31."),
        },
    )
