"""What a reviewer can type."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from signoff.desk import words
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.presentation import wording
from signoff.review.rules import LONGEST_REASON, SHORTEST_REASON, RefusalReason


class RefuseForm(forms.Form):
    """Why not: a ground, and the words that the customer reads."""

    use_required_attribute = False

    reason = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("On which ground?"),
        help_text=_("There are no others: wanting to keep a customer is no reason."),
        error_messages={
            "required": _("Choose the ground."),
            "invalid_choice": _("Choose one of the grounds in the list."),
        },
    )
    text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 7, "maxlength": LONGEST_REASON}),
        label=_("What the customer will read"),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        error_messages={
            "required": _("Write the reason: the customer reads exactly this."),
            "min_length": _(
                "Write at least %(limit_value)d characters; these are %(show_value)d. The customer"
                " has to understand what is in the way, and what they can do."
            ),
            "max_length": _("Write at most %(limit_value)d characters; these are %(show_value)d."),
        },
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)  # noqa: S101 - declared so above
        reason.choices = [(r.value, words.called("refusal", r.value)) for r in RefusalReason]
        self.fields["text"].help_text = str(
            _(
                "In 20 to 1000 characters: what is in the way, and what they can do about it. It is"
                " sent by e-mail and shown on their page as you write it. They read %(language)s."
            )
        ) % {"language": words.called("language", language)}

    def refuse(self, refusal: Refusal) -> None:
        """Puts the refusal's words beside the field that they are about, or above all."""
        field = refusal.field if isinstance(refusal, InvalidValue) else ""
        self.add_error(field if field in self.fields else None, wording.said(refusal))
