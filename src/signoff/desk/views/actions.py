"""What a reviewer does with a press. One operation each; pressing twice does it once."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from signoff.accounts.models import Role, User
from signoff.closing.models import Case
from signoff.closing.rules import CaseEvent, CaseState, next_state
from signoff.desk.access import staff_page_for
from signoff.desk.views.acting import act_on
from signoff.kernel.clock import now
from signoff.kernel.errors import Conflict
from signoff.review import operations as review
from signoff.review.claims import release_claim
from signoff.review.models import Outcome
from signoff.review.queries import CaseView
from signoff.review.undo import undo_decision
from signoff.termination import operations as termination
from signoff.termination.queries import stuck_step


@require_POST
@staff_page_for(Role.REVIEWER)
def take(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """The reviewer begins to look at the case."""

    def act(case: Case) -> str:
        review.take(case=case, reviewer=user, now=now())
        return ""

    return act_on(request, number, act, done=lambda view: _is_mine(view, user))


@require_POST
@staff_page_for(Role.REVIEWER)
def release(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """The reviewer gives it back to the queue."""

    def act(case: Case) -> str:
        release_claim(case=case, reviewer=user, now=now())
        return _("It is back in the queue.")

    return act_on(
        request,
        number,
        act,
        done=lambda view: view.case.state == CaseState.SUBMITTED.value and view.claim is None,
    )


@require_POST
@staff_page_for(Role.REVIEWER)
def approve(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """Yes; where two are needed, the first yes is a proposal."""

    def act(case: Case) -> str:
        case = review.approve(case=case, reviewer=user, now=now())
        if case.state == CaseState.SUBMITTED.value:
            return _("Your yes is noted. A second person has to decide; nothing happens before.")
        return _("Approved. The letter goes within a minute; until then you can take it back.")

    return act_on(request, number, act, done=lambda view: has_said(view, user, Outcome.APPROVED))


@require_POST
@staff_page_for(Role.REVIEWER)
def undo(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """Takes back what this reviewer decided within the last minute."""

    def act(case: Case) -> str:
        undo_decision(case=case, reviewer=user, now=now())
        return _("Taken back. No letter has gone to the customer; you have the case again.")

    return act_on(request, number, act, done=lambda view: _is_mine(view, user))


@require_POST
@staff_page_for(Role.REVIEWER)
def retry(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """Again, from the step that failed."""

    def act(case: Case) -> str:
        termination.retry(case=case, reviewer=user, now=now())
        return _("It goes on. Look again in a moment.")

    return act_on(request, number, act, done=_goes_on)


@require_POST
@staff_page_for(Role.REVIEWER)
def go_on(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """Without the message that failed: the very one that the reviewer saw, and no later one."""
    seen = request.POST.get("step", "")

    def leave_out(case: Case) -> str:
        next_state(CaseState(case.state), CaseEvent.RETRY)
        step = stuck_step(case)
        if step is None or step.step != seen:
            raise Conflict(f"case {case.number} stands at another step by now")
        termination.go_on_without(case=case, reviewer=user, now=now())
        return _("It goes on without that message.")

    return act_on(request, number, leave_out, done=_goes_on)


def has_said(view: CaseView, user: User, outcome: Outcome) -> bool:
    """This reviewer has decided just so, or proposed it."""
    said = view.decision or view.proposal
    return said is not None and said.reviewer_id == user.pk and said.outcome == outcome.value


def _is_mine(view: CaseView, user: User) -> bool:
    in_review = view.case.state == CaseState.IN_REVIEW.value
    return in_review and view.claim is not None and view.claim.reviewer_id == user.pk


def _goes_on(view: CaseView) -> bool:
    """It runs, or has ended: what was asked for has happened, whoever pressed first."""
    return view.case.state in {CaseState.CLOSING.value, CaseState.CLOSED.value}
