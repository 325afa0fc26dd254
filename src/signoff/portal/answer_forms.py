"""What a customer writes to whoever decides."""

from django import forms
from django.utils.translation import gettext_lazy as _

from signoff.portal.forms import AT_MOST_1000, OwnWords, QuestionForm, remark
from signoff.talk.rules import LONGEST


class AnswerForm(QuestionForm):
    """An answer to the question of a reviewer; may be empty if a photo says it all."""

    text = remark(_("Your answer"), rows=6)


class AppealForm(QuestionForm):
    """Why another person should look at it."""

    text = OwnWords(
        widget=forms.Textarea(attrs={"rows": 6}),
        label=_("What should another person look at again?"),
        help_text=_("20 to 1000 characters. Whoever decided first does not decide again."),
        max_length=1000,
        error_messages={
            **AT_MOST_1000,
            "required": _("Say in a sentence or two what we should look at again."),
        },
    )


class MessageForm(QuestionForm):
    """A message to the desk."""

    text = OwnWords(
        widget=forms.Textarea(attrs={"rows": 4}),
        label=_("Your message"),
        max_length=LONGEST,
        error_messages={
            "required": _("Write something first."),
            "max_length": _("Write at most 4000 characters; these are %(show_value)s."),
        },
    )
