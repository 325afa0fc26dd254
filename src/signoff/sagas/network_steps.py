"""Steps at the network and the SM-DP+.

Switching off tells the serving network at once; deleting tells nobody. So: off, verified, then
gone, verified. "Removed from the phone" is observed, never commanded.
"""

from signoff.accounts.models import ProfileState
from signoff.accounts.operations import end_service, mark_profile
from signoff.accounts.queries import service_reference
from signoff.kernel.identifiers import Eid, Iccid, Imsi
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.profiles import Withdrawal
from signoff.ports.services import OrderState
from signoff.sagas.run import Run, Step
from signoff.termination.models import Receipt
from signoff.termination.operations import Outcome
from signoff.termination.rules import StepKind

IN_SERVICE, OUT_OF_SERVICE, UNKNOWN = "in_service", "out_of_service", "unknown_to_network"


def _check_line(run: Run, receipt: Receipt) -> Outcome:
    subscriber = run.ports.network.look_up(Imsi(run.line(receipt).imsi))
    if subscriber is None:
        return Outcome(UNKNOWN)
    return Outcome(IN_SERVICE if subscriber.has_service else OUT_OF_SERVICE)


def _stop_service(run: Run, receipt: Receipt) -> Outcome:
    network, imsi = run.ports.network, Imsi(run.line(receipt).imsi)
    if run.receipt(f"{StepKind.CHECK_LINE.value}:{receipt.subject}").outcome == UNKNOWN:
        return Outcome(UNKNOWN, skipped=True)
    # Somebody may have deleted the subscriber since: the first try says so, and a person looks.
    # Their “try again” must lead on, or the case would stand here for good.
    if receipt.trouble and network.look_up(imsi) is None:
        return Outcome(UNKNOWN, skipped=True)
    network.stop_service(imsi)
    return Outcome("stopped")


def _remove_subscriber(run: Run, receipt: Receipt) -> Outcome:
    run.ports.network.remove(Imsi(run.line(receipt).imsi))
    return Outcome("verified_gone")


def _withdraw_profile(run: Run, receipt: Receipt) -> Outcome:
    profile = run.line(receipt).profile
    if profile.state == ProfileState.DELETED:
        return Outcome("already_removed", skipped=True)
    answer = run.ports.profiles.withdraw(
        iccid=Iccid(profile.iccid),
        eid=Eid(profile.eid) if profile.eid else None,
        matching_id=profile.matching_id,
        key=receipt.key,
    )
    outcome = "waiting_for_phone" if answer.outcome is Withdrawal.DOWNLOADED else "withdrawn"
    return Outcome(outcome, reference=answer.function_call_identifier)


def _profile_withdrawn(run: Run, receipt: Receipt, outcome: Outcome) -> None:
    if outcome.outcome == "withdrawn":
        mark_profile(line=int(receipt.subject), state=ProfileState.WITHDRAWN, now=run.now())


def _order_service_end(run: Run, receipt: Receipt) -> Outcome:
    service = service_reference(int(receipt.subject))
    order = run.ports.services.cease(service=service, key=receipt.key)
    return Outcome("ordered", reference=order.reference)


def _service_has_ended(run: Run, receipt: Receipt) -> Outcome:
    """All ends are ordered before the first is waited for: they are carried out side by side."""
    ordered = run.receipt(f"{StepKind.ORDER_SERVICE_END.value}:{receipt.subject}")
    order = run.ports.services.find_order(key=ordered.key)
    if order is None:
        raise Permanent("services", f"order {ordered.reference} is unknown at the remote")
    if order.state is OrderState.FAILED:
        raise Permanent("services", f"order {order.reference} failed at the remote")
    if order.state is OrderState.IN_PROGRESS:
        raise Temporary("services", f"order {order.reference} is not completed yet")
    return Outcome("ended", reference=order.reference)


def _service_ended(run: Run, receipt: Receipt, _outcome: Outcome) -> None:
    end_service(service=int(receipt.subject), now=run.now())


check_line = Step(_check_line)
stop_service = Step(_stop_service)
remove_subscriber = Step(_remove_subscriber)
withdraw_profile = Step(_withdraw_profile, _profile_withdrawn)
order_service_end = Step(_order_service_end)
service_ended = Step(_service_has_ended, _service_ended)
