"""Is somebody at work, and what waits for which remote system."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from signoff.accounts.models import User
from signoff.closing.listing import waiting_for_systems
from signoff.desk.access import staff_page
from signoff.kernel.clock import now
from signoff.notice.models import NoticeState
from signoff.notice.queries import unsent_notices
from signoff.sagas.queries import workers


@require_safe
@staff_page
def system(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """Only what our own rows say: a page never asks a remote system."""
    at = now()
    known = workers(now=at)
    unsent = unsent_notices()
    context = {
        "section": "system",
        "at": at,
        "workers": known,
        "alive": sum(worker.lives for worker in known),
        "waiting": waiting_for_systems(),
        "failed_notices": unsent.filter(state=NoticeState.FAILED).count(),
        "waiting_notices": unsent.filter(state=NoticeState.WAITING).count(),
    }
    return render(request, "desk/system.html", context)
