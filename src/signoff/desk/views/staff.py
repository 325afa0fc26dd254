"""Who works at the desk, and as what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from signoff.accounts.models import Role, User
from signoff.accounts.queries import all_staff, with_second_factor
from signoff.desk.access import held_roles, staff_page_for


@require_safe
@staff_page_for(Role.ADMIN)
def staff(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """Everybody, with their tasks, and whether they have a second factor."""
    safe = with_second_factor()
    people = [(person, tasks_of(person), person.pk in safe) for person in all_staff()]
    context = {
        "section": "staff",
        "people": people,
        "may_change": Role.ADMIN in held_roles(request),
    }
    return render(request, "desk/staff.html", context)


def tasks_of(person: User) -> list[str]:
    """In the order that everybody knows. The roles have been fetched with the person."""
    held = {row.role for row in person.staff_roles.all()}
    return [role.value for role in Role if role.value in held]
