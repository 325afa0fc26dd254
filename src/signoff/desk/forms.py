"""What a reviewer can type."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from signoff.desk import words
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.presentation import wording
from signoff.review.rules import (
    LONGEST_QUESTION,
    LONGEST_REASON,
    PAPERS,
    SHORTEST_QUESTION,
    SHORTEST_REASON,
    MoreKind,
    RefusalReason,
)

_TOO_LONG = _("Write at most %(limit_value)d characters; these are %(show_value)d.")


class LetterForm(forms.Form):
    """Something that the customer will read word for word."""

    use_required_attribute = False

    def refuse(self, refusal: Refusal) -> None:
        """Puts the refusal's words beside the field that they are about, or above all."""
        field = refusal.field if isinstance(refusal, InvalidValue) else ""
        self.add_error(field if field in self.fields else None, wording.said(refusal))


class RefuseForm(LetterForm):
    """Why not: a ground, and the words that the customer reads."""

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
            "max_length": _TOO_LONG,
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


class MoreForm(LetterForm):
    """What else is needed: never a paper that the customer did not show at registration."""

    what = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label=_("What do you need?"),
        error_messages={
            "required": _("Choose what you need."),
            "invalid_choice": _("Choose from the list what you need."),
        },
    )
    text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST_QUESTION}),
        label=_("What the customer will read"),
        min_length=SHORTEST_QUESTION,
        max_length=LONGEST_QUESTION,
        error_messages={
            "required": _("Write what you need and why: the customer reads exactly this."),
            "min_length": _("Write at least %(limit_value)d characters; these are %(show_value)d."),
            "max_length": _TOO_LONG,
        },
    )

    def __init__(self, *args: Any, language: str, allowed: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what = self.fields["what"]
        assert isinstance(what, forms.MultipleChoiceField)  # noqa: S101 - declared so above
        what.choices = [
            (kind.value, words.called("more", kind.value))
            for kind in MoreKind
            if kind not in PAPERS or kind.value in allowed
        ]
        self.fields["text"].help_text = str(
            _(
                "Say why you need it, and how they can send it. It is sent by e-mail and shown on"
                " their page as you write it. They read %(language)s."
            )
        ) % {"language": words.called("language", language)}
