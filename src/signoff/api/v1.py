"""`/api/v1/`: where a case is, for its customer and for who knows its number and code."""

from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.security import SessionAuth
from pydantic import Field

from signoff.accounts.models import User
from signoff.accounts.queries import account_of
from signoff.api import problems, timelines
from signoff.closing import look_up
from signoff.closing.models import Case
from signoff.closing.operations import CUSTOMER
from signoff.closing.queries import case_of
from signoff.closing.rules import CaseState
from signoff.evidence.submission import withdraw
from signoff.kernel.clock import now
from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import CaseNumber

_docs = settings.SIGNOFF.api_docs

api = NinjaAPI(
    title="Signoff",
    version="1",
    description="Where a closing is. Errors are problem details (RFC 9457).",
    urls_namespace="api-v1",
    docs_url="/docs" if _docs else None,
    openapi_url="/openapi.json" if _docs else None,
)
problems.install(api)


class LookUpIn(Schema):
    """As in the message that has the case number."""

    number: str = Field(max_length=40, examples=["SO-7K4M-92QD-X"])
    code: str = Field(max_length=20, examples=["123456"])


@api.get("/cases/{number}", auth=SessionAuth(), response=timelines.CaseOut)
def read_case(request: HttpRequest, number: str) -> timelines.CaseOut:
    """The timeline of the signed-in customer's own case; 404 for anybody else's."""
    return timelines.private(_own_case(request, number))


@api.post("/cases/{number}/undo", auth=SessionAuth(), response=timelines.CaseOut)
def undo_case(request: HttpRequest, number: str) -> timelines.CaseOut:
    """Undoes the closing while that is possible; undone already is fine, too late is 409."""
    case = _own_case(request, number)
    if case.state != CaseState.WITHDRAWN.value:
        case = withdraw(case=case, actor=CUSTOMER, now=now())
    return timelines.private(case)


@api.post("/status", auth=None, response=timelines.TimelineOut)
def look_up_case(request: HttpRequest, given: LookUpIn) -> timelines.TimelineOut | HttpResponse:
    """By number and code. A wrong number and a wrong code get the same answer; tries are limited,
    counted together with those on the page."""
    if not consume(
        request,
        app="signoff",
        action=look_up.ACTION,
        config=look_up.LIMITS,
        key=look_up.limit_key(given.number),
    ):
        return problems.problem(
            429, "too_many_tries", _("There were too many tries. Try again in a few minutes.")
        )
    case = look_up.find(given.number, given.code)
    if case is None:
        return problems.problem(404, "no_such_case", _("Number and code do not fit together."))
    return timelines.public(case)


def _own_case(request: HttpRequest, number: str) -> Case:
    """Raises Http404 for anybody else's case, for a draft, and for what is no case number."""
    user = request.user
    account = account_of(user) if isinstance(user, User) else None
    if account is None:
        raise Http404
    try:
        case = case_of(account, CaseNumber.parse(number))
    except (InvalidValue, Case.DoesNotExist):
        raise Http404 from None
    if case.state == CaseState.DRAFT.value:
        raise Http404
    return case
