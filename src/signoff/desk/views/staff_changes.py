"""An administrator changes who works at the desk: after a fresh proof that it is them."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from signoff.accounts.models import Role, User
from signoff.accounts.queries import has_left_staff, staff_by_id, with_second_factor
from signoff.accounts.staff import forget_second_factor, name_staff
from signoff.briefing.invitations import invite, invite_again, last_invitation
from signoff.desk.access import private_page_for, proof_first
from signoff.desk.people import name_of
from signoff.desk.staff_forms import AgainForm, CalledForm, InviteForm, TasksForm
from signoff.desk.views.staff import tasks_of
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.presentation.wording import said
from signoff.review.leaving import cases_held, change_tasks, leave

Form = TasksForm | CalledForm | AgainForm
_SENDS = require_http_methods(["GET", "HEAD", "POST"])


@_SENDS
@private_page_for(Role.ADMIN)
@proof_first
def invite_colleague(request: HttpRequest, user: User) -> HttpResponse:
    """A place at the desk for somebody new; a letter tells them how to come in."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            person = invite(
                username=form.cleaned_data["username"],
                email=form.cleaned_data["email"],
                called=form.cleaned_data["called"],
                roles=form.roles,
                language=get_language() or settings.LANGUAGE_CODE,
                by=user,
                now=now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Invited. A letter is on its way to them."))
            return redirect("desk:colleague", person=person.pk)
    return render(request, "desk/staff/invite.html", {"section": "staff", "form": form})


@_SENDS
@private_page_for(Role.ADMIN)
@proof_first
def colleague(request: HttpRequest, user: User, person: int) -> HttpResponse:
    """Somebody's place at the desk: their tasks, what they are called, and their invitation.

    `change` in what was sent names the form that was filled in.
    """
    found = _found(person)
    sent = request.POST.get("change", "") if request.method == "POST" else ""
    filled = {sent: request.POST}
    forms: dict[str, Form] = {
        "tasks": TasksForm(filled.get("tasks"), held=tasks_of(found)),
        "called": CalledForm(filled.get("called"), person=found),
        "again": AgainForm(filled.get("again"), person=found),
    }
    form = forms.get(sent)
    if form is not None and form.is_valid():
        try:
            _ACTS[sent](request, user, found, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("desk:colleague", person=person)
    has_password = found.has_usable_password()
    context = {
        "section": "staff",
        "person": found,
        "is_self": found.pk == user.pk,
        "tasks": tasks_of(found),
        "has_factor": found.pk in with_second_factor(),
        "has_password": has_password,
        "invitation": None if has_password else last_invitation(found.pk),
        "forms": forms,
        "form": form,
    }
    return render(request, "desk/staff/colleague.html", context)


def _change_tasks(request: HttpRequest, user: User, person: User, form: Form) -> None:
    assert isinstance(form, TasksForm)  # noqa: S101 - see _ACTS
    changed = change_tasks(person=person.pk, give=form.given, take=form.taken, by=user, now=now())
    if not changed.given and not changed.taken:
        messages.info(request, _("These tasks were theirs already; nothing was changed."))
        return
    messages.success(request, _("Saved. It counts from the next page on that they open."))
    _tell_returned(request, changed.returned)


def _change_name(request: HttpRequest, user: User, person: User, form: Form) -> None:
    name_staff(person=person.pk, called=form.cleaned_data["called"], by=user, now=now())
    messages.success(request, _("Saved."))


def _invite_again(request: HttpRequest, user: User, person: User, form: Form) -> None:
    invite_again(person=person.pk, email=form.cleaned_data["email"], by=user, now=now())
    messages.success(request, _("Another letter is on its way to them."))


_ACTS: dict[str, Callable[[HttpRequest, User, User, Form], None]] = {
    "tasks": _change_tasks,
    "called": _change_name,
    "again": _invite_again,
}


@_SENDS
@private_page_for(Role.ADMIN)
@proof_first
def lost(request: HttpRequest, user: User, person: int) -> HttpResponse:
    """Their telephone with the authenticator app is gone: they set up another."""
    found = _found(person)
    if request.method == "POST":
        try:
            forget_second_factor(person=person, by=user, now=now())
        except Refusal as refusal:
            messages.warning(request, said(refusal))
        else:
            words = _("Done. %(name)s signs in anew and sets up another authenticator app.")
            messages.success(request, words % {"name": name_of(found)})
        return redirect("desk:colleague", person=person)
    return _ask(request, user, found, "desk/staff/lost.html")


@_SENDS
@private_page_for(Role.ADMIN)
@proof_first
def left(request: HttpRequest, user: User, person: int) -> HttpResponse:
    """They work here no longer. Pressed twice, it has happened once."""
    if request.method == "POST" and has_left_staff(person):
        return redirect("desk:staff")
    found = _found(person)
    if request.method == "POST":
        try:
            returned = leave(person=person, by=user, now=now())
        except Refusal as refusal:
            messages.warning(request, said(refusal))
        else:
            words = _("%(name)s can do nothing at the desk any more.")
            messages.success(request, words % {"name": name_of(found)})
            _tell_returned(request, returned)
        return redirect("desk:staff")
    return _ask(request, user, found, "desk/staff/left.html", held=cases_held(person))


def _ask(
    request: HttpRequest, user: User, person: User, template: str, held: int = 0
) -> HttpResponse:
    """One question, about somebody else."""
    if person.pk == user.pk:
        return redirect("desk:colleague", person=person.pk)
    return render(request, template, {"section": "staff", "person": person, "held": held})


def _found(person: int) -> User:
    """Raises Http404 for a customer, and for who has left, as for nobody."""
    try:
        return staff_by_id(person)
    except User.DoesNotExist:
        raise Http404 from None


def _tell_returned(request: HttpRequest, cases: int) -> None:
    if cases:
        words = ngettext(
            "%(count)d case that they held is back for others.",
            "%(count)d cases that they held are back for others.",
            cases,
        )
        messages.info(request, words % {"count": cases})
