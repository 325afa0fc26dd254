"""The queue: which case next."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from signoff.accounts.models import Role, User
from signoff.accounts.queries import people_with, user_names
from signoff.desk.access import staff_page_for
from signoff.desk.queue_forms import FilterForm, sent_filters
from signoff.kernel.clock import now
from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import CaseNumber
from signoff.review import queries as review
from signoff.review.rules import QueueGroup
from signoff.talk.queries import unread_by_desk

PER_PAGE = 25
BREACHES = 5
"""So many of the cases that break first are pointed out above the others."""
_SEARCH = "desk_search"
_LONGEST = 100


@require_safe
@staff_page_for(Role.REVIEWER, read_by=[Role.ADMIN])
def queue(request: HttpRequest, user: User) -> HttpResponse:
    """Cases of a part of the queue, or those that were searched for, or both; and filtered."""
    at, reviewers = now(), people_with(Role.REVIEWER)
    group = _group(request.GET.get("state", ""))
    words = str(request.session.get(_SEARCH, "")) if "found" in request.GET else ""
    form = FilterForm(request.GET, reviewers=reviewers, reader=user)
    found = review.queue(group=group, search=words, now=at, filters=form.filters())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    is_whole = group is None and not words and not form.kept and page.number == 1
    first = review.breaches_next(now=at, limit=BREACHES) if is_whole else []
    keep = {**({"found": "1"} if words else {}), **form.kept}
    return render(
        request,
        "desk/queue.html",
        {
            "section": "queue",
            "groups": review.group_counts().items(),
            "group": group,
            "words": words,
            "form": form,
            "filters": urlencode(form.kept),
            "page": page,
            "rows": rows,
            "first": first,
            "reviewers": reviewers,
            "names": user_names({row.reviewer for row in (*rows, *first) if row.reviewer}),
            "unread": unread_by_desk([row.number for row in (*rows, *first)]),
            "keep": urlencode(keep),
            "query": urlencode({**({"state": group.value} if group else {}), **keep}),
        },
    )


def _group(text: str) -> QueueGroup | None:
    try:
        return QueueGroup(text)
    except ValueError:
        return None


@require_POST
@staff_page_for(Role.REVIEWER, Role.AUDITOR, Role.ADMIN)
def search(request: HttpRequest, user: User) -> HttpResponse:
    """Keeps the words in the session, not in the address: they may be a name or a number.

    A whole case number leads to its case at once, but not while somebody is still typing.
    """
    words = request.POST.get("words", "").replace("\0", "").strip()[:_LONGEST]
    group = _group(request.POST.get("state", ""))
    request.session[_SEARCH] = words
    if not getattr(request, "htmx", False):
        try:
            return redirect("desk:case", number=CaseNumber.parse(words))
        except InvalidValue:
            pass
    sent = sent_filters(request.POST.get("filters", ""))
    kept = FilterForm(sent, reviewers=people_with(Role.REVIEWER), reader=user).kept
    found = {"found": "1"} if words else {}
    query = {**({"state": group.value} if group else {}), **found, **kept}
    address = reverse("desk:queue")
    return redirect(f"{address}?{urlencode(query)}" if query else address)
