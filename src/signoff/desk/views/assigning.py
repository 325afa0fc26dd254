"""An administrator gives cases to a reviewer, many at a time."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from signoff.accounts.models import Role, User
from signoff.accounts.queries import people_with
from signoff.closing.listing import cases_numbered
from signoff.desk.access import staff_page_for
from signoff.desk.people import name_of
from signoff.desk.queue_forms import sent_filters
from signoff.kernel.clock import now
from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import CaseNumber
from signoff.presentation.wording import say
from signoff.review.claims import Assigned, assign

AT_ONCE = 100


@require_POST
@staff_page_for(Role.ADMIN)
def assign_cases(request: HttpRequest, user: User) -> HttpResponse:
    """Each case by itself: what cannot be given stays, and is named with the reason."""
    cases = cases_numbered(set(_numbers(request.POST.getlist("case")[:AT_ONCE])))
    chosen = request.POST.get("reviewer", "")
    reviewer = next((u for u in people_with(Role.REVIEWER) if str(u.pk) == chosen), None)
    if reviewer is None or not cases:
        messages.warning(request, _("Choose cases and a reviewer; nothing was changed."))
        return redirect(_back(request))
    done = assign(cases=cases, reviewer=reviewer, by=user, now=now())
    if done.left:
        return _some_stay(request, done, reviewer)
    messages.success(request, _given(done, reviewer))
    return redirect(_back(request))


def _numbers(sent: Iterable[str]) -> Iterator[str]:
    """What is no number of a case is passed over."""
    for text in sent:
        with suppress(InvalidValue):
            yield CaseNumber.parse(text)


def _back(request: HttpRequest) -> str:
    """To the part of the queue that the cases were chosen in."""
    query = sent_filters(request.POST.get("back", "")).urlencode()
    return f"{reverse('desk:queue')}?{query}" if query else reverse("desk:queue")


def _given(done: Assigned, reviewer: User) -> str:
    count = len(done.done)
    return ngettext(
        "%(count)d case is with %(name)s now.", "%(count)d cases are with %(name)s now.", count
    ) % {"count": count, "name": name_of(reviewer)}


def _some_stay(request: HttpRequest, done: Assigned, reviewer: User) -> HttpResponse:
    context = {
        "section": "queue",
        "given": _given(done, reviewer),
        "left": [(number, say(why)) for number, why in done.left],
    }
    return render(request, "desk/not_assigned.html", context, status=409)
