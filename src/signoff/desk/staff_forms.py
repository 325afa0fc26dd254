"""What an administrator fills in about a colleague."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from signoff.accounts.models import Role, User
from signoff.accounts.rules import LONGEST_CALLED
from signoff.desk import words
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.presentation import wording

_LONGEST_ADDRESS = 254
"""RFC 5321, section 4.5.3.1.3, without the brackets."""


class _StaffForm(forms.Form):
    use_required_attribute = False

    def refuse(self, refusal: Refusal) -> None:
        """Puts the refusal's words beside the field that they are about, or above all."""
        field = refusal.field if isinstance(refusal, InvalidValue) else ""
        self.add_error(field if field in self.fields else None, wording.said(refusal))


class _Tasks(forms.MultipleChoiceField):
    """A box for each task, with what it may see and do."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        errors = {"invalid_choice": _("Choose tasks from the list.")}
        super().__init__(label=_("Tasks"), choices=_choices, error_messages=errors, **kwargs)


def _choices() -> list[tuple[str, str]]:
    return [
        (
            role.value,
            format_html(
                '<span><strong>{}</strong><br><span class="quiet">{}</span></span>',
                words.called("role", role.value),
                words.called("task", role.value),
            ),
        )
        for role in Role
    ]


class _Called(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=_("What they are called"),
            max_length=LONGEST_CALLED,
            help_text=_("Like Mei Lin: colleagues read all of it, customers the first word."),
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            error_messages={"required": _("Write what they are called.")},
        )


class _Address(forms.EmailField):
    def __init__(self) -> None:
        super().__init__(
            label=_("E-mail address"),
            max_length=_LONGEST_ADDRESS,
            help_text=_("Of a mailbox that only they read: there they choose their password."),
            widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            error_messages={"required": _("Write their e-mail address.")},
        )


class TasksForm(_StaffForm):
    """Which tasks somebody has.

    shown: those that they had when the page was made. What a colleague has changed since, and the
    reader has not touched, stays.
    """

    tasks = _Tasks(required=False)
    shown = forms.MultipleChoiceField(
        required=False, widget=forms.MultipleHiddenInput, choices=Role.choices
    )

    def __init__(self, sent: Any, *, held: Collection[str]) -> None:
        super().__init__(sent, initial={"tasks": list(held), "shown": list(held)})

    @property
    def given(self) -> frozenset[Role]:
        """Ticked by the reader."""
        return _roles(self.cleaned_data["tasks"]) - _roles(self.cleaned_data["shown"])

    @property
    def taken(self) -> frozenset[Role]:
        """No longer ticked."""
        return _roles(self.cleaned_data["shown"]) - _roles(self.cleaned_data["tasks"])


def _roles(values: Iterable[str]) -> frozenset[Role]:
    return frozenset(map(Role, values))


class CalledForm(_StaffForm):
    """What somebody is called."""

    called = _Called()

    def __init__(self, sent: Any, *, person: User) -> None:
        super().__init__(sent, initial={"called": person.get_full_name()})


class AgainForm(_StaffForm):
    """Where the next invitation goes."""

    email = _Address()

    def __init__(self, sent: Any, *, person: User) -> None:
        super().__init__(sent, initial={"email": person.email})


class InviteForm(_StaffForm):
    """A new colleague. There is no password here: they choose their own."""

    called = _Called()
    username = forms.CharField(
        label=_("Name to sign in with"),
        max_length=40,
        help_text=_("Like mei.lin: letters, digits, dots, hyphens and underscores. It stays."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
        error_messages={"required": _("Write the name that they will sign in with.")},
    )
    email = _Address()
    tasks = _Tasks()

    def __init__(self, sent: Any) -> None:
        super().__init__(sent)
        self.fields["tasks"].error_messages["required"] = str(_("Choose at least one task."))

    @property
    def roles(self) -> list[Role]:
        """In the order that everybody knows."""
        return [role for role in Role if role.value in self.cleaned_data["tasks"]]
