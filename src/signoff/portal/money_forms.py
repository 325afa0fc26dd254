"""What a customer types about money. Checking is by the operations."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from signoff.accounts.models import Line
from signoff.kernel.errors import Refusal
from signoff.portal import amount_rules
from signoff.portal.forms import QuestionForm, remark
from signoff.presentation import wording
from signoff.presentation.labels import words
from signoff.settlement.models import DisputeReason

TO_ACCOUNT = "account"
_DIGITS = {"autocomplete": "off", "spellcheck": "false"}


class AmountForm(QuestionForm):
    """How much, of at most `most` minor units of a currency."""

    question = "amount"
    amount = forms.CharField(
        label=_("How much would you like to pay?"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "required": _("Write an amount."),
            "max_length": _("This is too long for an amount."),
        },
    )

    def __init__(self, *args: Any, currency: str, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = currency
        field = self.fields["amount"]
        field.short = True  # type: ignore[attr-defined]  # for forms/field.html
        field.help_text = _("At most %(amount)s.") % {"amount": wording.minor(most, currency)}
        field.initial = amount_rules.typed(most, currency)

    def clean_amount(self) -> int:
        """Minor units."""
        try:
            return amount_rules.parsed(self.cleaned_data["amount"], self._currency)
        except Refusal as error:
            raise forms.ValidationError(wording.said(error)) from None


class DisputeForm(AmountForm):
    """Why an item is wrong, and how much of it."""

    question = ""
    field_order = ["reason", "amount", "text"]
    reason = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("What is wrong with it?"),
        error_messages={
            "required": _("Choose what is wrong with it."),
            "invalid_choice": _("Choose one of the answers in the list."),
        },
    )
    text = remark(_("Anything that helps us to look at it?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = _("How much of it is wrong?")
        reasons = [(reason.value, words("dispute_reason", reason)) for reason in DisputeReason]
        self.offer("reason", reasons)


class PlaceForm(QuestionForm):
    """Another line, or a bank account."""

    where = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("Send it to"),
        error_messages={
            "required": _("Choose where it should go, or decide later."),
            "invalid_choice": _("Choose one of the places in the list."),
        },
    )

    def __init__(self, *args: Any, lines: Sequence[Line], account: object, **kwargs: Any) -> None:
        """account: what a bank account is called; None if none can be chosen."""
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, object]] = [
            (line.reference, _("My line %(number)s") % {"number": wording.telephone(line.msisdn)})
            for line in lines
        ]
        if account is not None:
            choices.append((TO_ACCOUNT, account))
        self.offer("where", choices)


class HolderForm(QuestionForm):
    """Whose bank account it is."""

    holder = forms.CharField(
        label=_("Name of the account’s holder"),
        help_text=_("As the bank knows it."),
        max_length=140,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Write the name of the account’s holder, as the bank knows it."),
            "max_length": _("Write at most 140 characters."),
        },
    )


class IbanForm(HolderForm):
    """An account with an IBAN; the BIC is asked for only where a transfer needs it."""

    account_number = forms.CharField(
        label=_("IBAN"),
        help_text=_("You find it on your bank statement. Spaces do not matter."),
        max_length=60,
        widget=forms.TextInput(attrs=_DIGITS),
        error_messages={
            "required": _("Write the IBAN."),
            "max_length": _("This is too long for an IBAN."),
        },
    )

    def ask_for_bic(self) -> None:
        """The bank cannot be reached without, or an answer was given."""
        self.fields["bic"] = forms.CharField(
            label=_("BIC of the bank"),
            help_text=_("8 or 11 letters and digits, like COBADEFFXXX."),
            max_length=20,
            widget=forms.TextInput(attrs=_DIGITS),
            error_messages={
                "required": _("Write the BIC of the bank, too: it needs one."),
                "max_length": _("This is too long for a BIC."),
            },
        )


class CardForm(HolderForm):
    """A card of a Chinese bank."""

    account_number = forms.CharField(
        label=_("Card number"),
        help_text=_("The long number on the front of a debit card, 16 to 19 digits."),
        max_length=40,
        widget=forms.TextInput(attrs={**_DIGITS, "inputmode": "numeric"}),
        error_messages={
            "required": _("Write the card number."),
            "max_length": _("A Chinese bank card has 16 to 19 digits."),
        },
    )
    bank = forms.CharField(
        label=_("Name and branch of the bank"),
        max_length=80,
        error_messages={
            "required": _("Write the name of the bank."),
            "max_length": _("Write at most 80 characters."),
        },
    )
