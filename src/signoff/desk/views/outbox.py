"""Messages that did not arrive, or have not been sent yet."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from signoff.accounts.models import Role, User
from signoff.closing.listing import numbers_of
from signoff.desk.access import staff_page_for
from signoff.notice.queries import unsent_notices

PER_PAGE = 50


@require_safe
@staff_page_for(Role.REVIEWER, read_by=(Role.ADMIN,))
def notices(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """The failed ones first, with the reason; then what waits for its next try."""
    page = Paginator(unsent_notices(), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    numbers = numbers_of(row.case for row in rows if row.case)
    context = {
        "section": "notices",
        "page": page,
        "rows": [(row, numbers.get(row.case) if row.case else None) for row in rows],
    }
    return render(request, "desk/notices.html", context)
