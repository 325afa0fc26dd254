"""In a process and an environment of its own, as an operator's: a case that is approved, and its end.

python -m tests.docs.approved make           prints the number of a case, approved just now
python -m tests.docs.approved wait NUMBER    prints its state when nothing will happen any more
"""

import sys
import time

from signoff.cli.setup import django_ready

SECONDS = 90


def _make() -> str:
    from signoff.accounts.models import Line, User  # noqa: PLC0415 - needs Django set up first
    from signoff.closing import operations as closing  # noqa: PLC0415
    from signoff.closing import queries as cases  # noqa: PLC0415
    from signoff.closing.rules import Reason, Scope  # noqa: PLC0415
    from signoff.kernel.clock import now  # noqa: PLC0415
    from signoff.review import operations as review  # noqa: PLC0415

    def is_free(line: Line) -> bool:
        return cases.preview(line.account, [line], scope=Scope.LINE, now=now()).is_free

    line = next(filter(is_free, Line.objects.filter(state="active").order_by("pk")))
    case = closing.start_draft(
        account=line.account, lines=[line], scope=Scope.LINE, language="en", now=now()
    )
    closing.save_reason(case=case, reason=Reason.NOT_SAID, text="")
    shown = cases.preview(line.account, [line], scope=Scope.LINE, now=now(), case=case)
    case = closing.submit(
        case=case, settlement_digest=shown.settlement.digest, session_key="", now=now()
    )
    reviewer = User.objects.create_user("reviewer-of-the-backup", is_staff=True)
    case = review.take(case=case, reviewer=reviewer, now=now())
    return review.approve(case=case, reviewer=reviewer, now=now()).number


def _wait(number: str) -> str:
    from signoff.closing.queries import case_by_number  # noqa: PLC0415 - needs Django set up first
    from signoff.closing.rules import CaseState  # noqa: PLC0415

    goes_on = {CaseState.COOLING_OFF.value, CaseState.CLOSING.value}
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        state = case_by_number(number).state
        if state not in goes_on:
            return state
        time.sleep(0.3)
    return f"{state} after {SECONDS} s"


if __name__ == "__main__":
    django_ready()
    sys.stdout.write((_make() if sys.argv[1] == "make" else _wait(sys.argv[2])) + "\n")
