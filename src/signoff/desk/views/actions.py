"""What a reviewer does with a case. One operation each; pressing twice does it once."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from signoff.accounts.models import Role, User
from signoff.closing.models import Case
from signoff.closing.rules import CaseEvent, CaseState, NoSuchTransition, next_state
from signoff.desk.access import staff_page_for
from signoff.desk.forms import RefuseForm
from signoff.desk.views.case import view_of
from signoff.kernel.clock import now
from signoff.kernel.errors import Conflict, InvalidValue, Refusal
from signoff.presentation.wording import said
from signoff.review import operations as review
from signoff.review.models import Outcome
from signoff.review.queries import CaseView
from signoff.review.rules import RefusalReason
from signoff.termination import operations as termination
from signoff.termination.queries import stuck_step

Act = Callable[[Case], object]
Done = Callable[[CaseView], bool]


@require_POST
@staff_page_for(Role.REVIEWER)
def take(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """The reviewer begins to look at the case."""
    return _do(
        request,
        number,
        lambda case: review.take(case=case, reviewer=user, now=now()),
        done=lambda view: view.claim is not None and view.claim.reviewer_id == user.pk,
    )


@require_POST
@staff_page_for(Role.REVIEWER)
def approve(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """Yes."""
    return _do(
        request,
        number,
        lambda case: review.approve(case=case, reviewer=user, now=now()),
        done=lambda view: _decided(view, user, Outcome.APPROVED),
        tells=_("Approved. The customer has been told."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page_for(Role.REVIEWER)
def refuse(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """No, with a ground and words for the customer."""
    view = view_of(number)
    sent = request.POST if request.method == "POST" else None
    form = RefuseForm(sent, language=view.case.language)
    if form.is_valid():
        answer = form.cleaned_data
        try:
            return _do(
                request,
                number,
                lambda case: review.refuse(
                    case=case,
                    reviewer=user,
                    reason_code=RefusalReason(answer["reason"]),
                    text=answer["text"],
                    now=now(),
                ),
                done=lambda view: _decided(view, user, Outcome.REFUSED),
                tells=_("Refused. The customer has been told why."),
            )
        except InvalidValue as error:
            form.refuse(error)
    elif request.method != "POST" and view.case.state != CaseState.IN_REVIEW.value:
        return redirect("desk:case", number=view.case.number)
    return render(
        request,
        "desk/refuse.html",
        {"section": "queue", "view": view, "case": view.case, "form": form},
    )


@require_POST
@staff_page_for(Role.REVIEWER)
def retry(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """Again, from the step that failed."""
    return _do(
        request,
        number,
        lambda case: termination.retry(case=case, reviewer=user, now=now()),
        done=_goes_on,
        tells=_("It goes on. Look again in a moment."),
    )


@require_POST
@staff_page_for(Role.REVIEWER)
def go_on(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """Without the message that failed: the very one that the reviewer saw, and no later one."""
    seen = request.POST.get("step", "")

    def leave_out(case: Case) -> None:
        next_state(CaseState(case.state), CaseEvent.RETRY)
        step = stuck_step(case)
        if step is None or step.step != seen:
            raise Conflict(f"case {case.number} stands at another step by now")
        termination.go_on_without(case=case, reviewer=user, now=now())

    return _do(
        request, number, leave_out, done=_goes_on, tells=_("It goes on without that message.")
    )


def _do(
    request: HttpRequest, number: str, act: Act, *, done: Done, tells: str = ""
) -> HttpResponse:
    """Acts, and leads back to the case. `done`: the reviewer has done just this before.

    InvalidValue is for the form that asked.
    """
    case = view_of(number).case
    try:
        act(case)
    except InvalidValue:
        raise
    except (Conflict, NoSuchTransition):
        view = view_of(number)
        if not done(view):
            return _too_late(request, view)
    except Refusal as refusal:
        context = {"section": "queue", "case": case, "words": said(refusal)}
        return render(request, "desk/refused.html", context, status=409)
    else:
        if tells:
            messages.success(request, tells)
    return redirect("desk:case", number=case.number)


def _too_late(request: HttpRequest, view: CaseView) -> HttpResponse:
    """Somebody was first: who, and how things stand now."""
    first = view.decision or view.claim
    context = {"section": "queue", "case": view.case, "first": first.reviewer if first else None}
    return render(request, "desk/too_late.html", context, status=409)


def _decided(view: CaseView, user: User, outcome: Outcome) -> bool:
    decision = view.decision
    return (
        decision is not None
        and decision.reviewer_id == user.pk
        and decision.outcome == outcome.value
    )


def _goes_on(view: CaseView) -> bool:
    """It runs, or has ended: what was asked for has happened, whoever pressed first."""
    return view.case.state in {CaseState.CLOSING.value, CaseState.CLOSED.value}
