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

IN_SERVICE, OUT_OF_SERVICE, UNKNOWN = "in_service", "out_of_service", "unknown_to_network"


def _check_line(run: Run, receipt: Receipt) -> Outcome:
    subscriber = run.ports.network.look_up(Imsi(run.line(receipt).imsi))
    if subscriber is None:
        return Outcome(UNKNOWN)
    return Outcome(IN_SERVICE if subscriber.has_service else OUT_OF_SERVICE)


def _stop_service(run: Run, receipt: Receipt) -> Outcome:
    if run.outcome_of(f"check_line:{receipt.subject}") == UNKNOWN:
        return Outcome(UNKNOWN, skipped=True)
    run.ports.network.stop_service(Imsi(run.line(receipt).imsi))
    return Outcome("stopped")


def _remove_subscriber(run: Run, receipt: Receipt) -> Outcome:
    run.ports.network.remove(Imsi(run.line(receipt).imsi))
    return Outcome("verified_gone")


def _withdraw_profile(run: Run, receipt: Receipt) -> Outcome:
    profile = run.line(receipt).profile
    if profile.state == ProfileState.DELETED:
        return Outcome("already_removed_from_device", skipped=True)
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


def _end_service(run: Run, receipt: Receipt) -> Outcome:
    services = run.ports.services
    order = services.find_order(key=receipt.key) if receipt.tries > 1 else None
    if order is None:
        order = services.cease(service=service_reference(int(receipt.subject)), key=receipt.key)
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
end_linked_service = Step(_end_service, _service_ended)
