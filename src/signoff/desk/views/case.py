"""One case on one page, its papers, and what is shown only to who asks."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from signoff.accounts.models import Role, User
from signoff.closing.models import Case
from signoff.desk.access import private_page_for, staff_page_for
from signoff.desk.case_page import case_context
from signoff.evidence.operations import NO_PICTURE, show
from signoff.kernel.clock import now
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.kernel.identifiers import CaseNumber
from signoff.review.disclosing import Hidden, disclose
from signoff.review.queries import CaseView, case_view


def parsed(number: str) -> CaseNumber:
    """Raises Http404 for what is no case number."""
    try:
        return CaseNumber.parse(number)
    except InvalidValue:
        raise Http404 from None


def view_of(number: str) -> CaseView:
    """Raises Http404 for what is no case number, no case, or not sent yet."""
    try:
        return case_view(parsed(number), now=now())
    except Case.DoesNotExist:
        raise Http404 from None


@require_safe
@staff_page_for(Role.REVIEWER, read_by=[Role.FINANCE, Role.ADMIN])
def case(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """Everything that a decision or a repair needs; what can be done is on top."""
    return render(request, "desk/case.html", case_context(view_of(number), user))


@require_POST
@private_page_for(Role.REVIEWER)
def unmask(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """The same page with what was asked for, this once; that it was asked for is on record."""
    view = view_of(number)
    what = {kind for kind in Hidden if kind.value in request.POST.getlist("what")}
    if not what:
        return redirect("desk:case", number=view.case.number)
    disclose(case=view.case, viewer=user, what=what, now=now())
    return render(request, "desk/case.html", case_context(view, user, what))


@require_GET
@private_page_for(Role.REVIEWER)
def paper(request: HttpRequest, user: User, number: str, identifier: UUID) -> HttpResponse:  # noqa: ARG001 - every page has a reader
    """A picture with the mark of who looks at it; that they look is on record. Never kept."""
    case = view_of(number).case
    try:
        content = show(case=case, evidence_id=identifier, viewer=user, now=now())
    except Refusal as refusal:
        if refusal.code != NO_PICTURE:
            raise  # too many look just now: a page says so, and it is not gone
        raise Http404 from None
    return HttpResponse(
        content,
        content_type="image/jpeg",
        headers={"Cache-Control": "no-store", "Content-Disposition": "inline"},
    )
