"""The closing of one case: the order of things, and what happens when something fails.

A run walks the plan. Before a step the intent is written, then the remote is called, then the
outcome is written, together with the intent of the next step: one commit a step. A run that died
is started again from the top: what has an outcome is passed over, and a step with an intent but no
outcome asks the remote first.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import structlog
from django.db import DatabaseError, transaction

from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.runs import ask_again
from signoff.closing.sweeping import OUR_FAULT
from signoff.kernel.errors import Conflict
from signoff.ports.errors import Permanent, Temporary
from signoff.sagas import message_steps, money_steps, network_steps, own_steps
from signoff.sagas.run import Run, Step
from signoff.termination import operations as termination
from signoff.termination.models import Receipt
from signoff.termination.operations import LostHold, Outcome
from signoff.termination.queries import receipts
from signoff.termination.rules import StepKind, delay_after
from signoff.wiring import Ports

log = structlog.get_logger()

STEPS: dict[StepKind, Step] = {
    StepKind.CHECK_LINE: network_steps.check_line,
    StepKind.LAST_TEXT: message_steps.last_text,
    StepKind.STOP_SERVICE: network_steps.stop_service,
    StepKind.FINAL_BILL: money_steps.final_bill,
    StepKind.REFUND: money_steps.refund,
    StepKind.WITHDRAW_PROFILE: network_steps.withdraw_profile,
    StepKind.REMOVE_SUBSCRIBER: network_steps.remove_subscriber,
    StepKind.ORDER_SERVICE_END: network_steps.order_service_end,
    StepKind.SERVICE_ENDED: network_steps.service_ended,
    StepKind.END_SIGN_INS: own_steps.end_sign_ins,
    StepKind.CERTIFICATE: own_steps.certify,
    StepKind.LETTER_DONE: message_steps.letter_done,
    StepKind.TEXT_DONE: message_steps.text_done,
}


def close_case(case_id: UUID, *, ports: Ports, now: Callable[[], datetime]) -> None:
    """Runs the plan of a case as far as it goes. Never raises for what the world does."""
    try:
        case = termination.take_hold(case_id=case_id, now=now())
        if case is not None:
            _walk(_run_of(case, ports, now))
    except Conflict as lost:  # also: undone in the very moment when it would have begun
        log.warning("run_overtaken", case=str(case_id), why=str(lost))
    except OUR_FAULT:
        _run_broke(case_id)
    except DatabaseError:
        raise  # for the engine: nothing is written
    except Exception:  # noqa: BLE001 - logged, and tried again
        _run_broke(case_id)


def _run_broke(case_id: UUID) -> None:
    """A mistake of ours outside of a step, such as while the settlement is looked at once more.

    Tried again at growing intervals: a run that is merely missing would be started at every look.
    """
    log.exception("run_broke", case=str(case_id))
    case = cases.case_by_id(case_id)
    ask_again(case, delay=timedelta(seconds=delay_after(case.attempt)))


def _run_of(case: Case, ports: Ports, now: Callable[[], datetime]) -> Run:
    lines = {str(line.pk): line for line in cases.lines_of(case)}
    return Run(case, lines, tuple(receipts(case)), ports, now)


def _walk(run: Run) -> None:
    left = [receipt for receipt in run.receipts if receipt.finished_at is None]
    if not left:
        with transaction.atomic():
            termination.finish(case=run.case, now=run.now())
        return
    with transaction.atomic():
        termination.intend(case=run.case, receipt=left[0], now=run.now())
    for receipt, following in pairwise([*left, None]):
        assert receipt is not None  # noqa: S101 - only the very last of the pairs is None
        if not _take_step(run, receipt, following):
            return


def _take_step(run: Run, receipt: Receipt, following: Receipt | None) -> bool:
    """True if the run may go on with the step that follows."""
    step = STEPS[StepKind(receipt.kind)]
    try:
        outcome = step.act(run, receipt)
        _write_down(run, step, receipt, outcome, following)
    except Temporary as error:
        termination.put_off(case=run.case, receipt=receipt, error=error, now=run.now())
        return False
    except Permanent as error:
        termination.stop_for_person(case=run.case, receipt=receipt, error=error, now=run.now())
        return False
    except LostHold:
        raise  # ends this run, and writes nothing
    except Conflict as error:  # somebody wrote to the same record in this very moment
        later = Temporary("signoff", str(error))
        termination.put_off(case=run.case, receipt=receipt, error=later, now=run.now())
        return False
    except OUR_FAULT as error:
        return _broke(run, receipt, error)
    except DatabaseError:
        raise  # for the engine: nothing is written
    except Exception as error:  # noqa: BLE001 - logged, and shown at the desk
        return _broke(run, receipt, error)
    return True


def _broke(run: Run, receipt: Receipt, error: Exception) -> bool:
    """A mistake of ours: a person must look."""
    log.exception("step_broke", case=str(run.case.pk), step=receipt.step)
    ours = Permanent("signoff", f"unexpected {type(error).__name__} in this step")
    termination.stop_for_person(case=run.case, receipt=receipt, error=ours, now=run.now())
    return False


def _write_down(
    run: Run, step: Step, receipt: Receipt, outcome: Outcome, following: Receipt | None
) -> None:
    """One commit: what the outcome means for us, the receipt, and the next intent."""
    with transaction.atomic():
        termination.finish_step(case=run.case, receipt=receipt, outcome=outcome, now=run.now())
        if step.apply:
            step.apply(run, receipt, outcome)
        if following is None:
            termination.finish(case=run.case, now=run.now())
        else:
            now = run.now()
            termination.intend(case=run.case, receipt=following, now=now, is_held=True)
