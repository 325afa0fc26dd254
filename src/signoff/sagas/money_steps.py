"""Steps that move money. The amounts are those that the customer confirmed."""

from signoff.kernel.money import from_minor
from signoff.ports.errors import Permanent
from signoff.ports.payments import RefundState as RemoteState
from signoff.sagas.run import Run, Step
from signoff.settlement import operations as settlement
from signoff.settlement.models import RefundState
from signoff.settlement.queries import refund_of, settlement_of
from signoff.termination.models import Receipt
from signoff.termination.operations import Outcome

BY_HAND = "by_hand"


def _final_bill(run: Run, _receipt: Receipt) -> Outcome:
    settled = settlement_of(run.case.pk)
    if settled is None:
        raise Permanent("settlement", "the case has no confirmed settlement")
    content = settled.content
    return Outcome(
        "issued",
        reference=settled.digest,
        facts={
            "currency": content["currency"],
            "refund_total": content["refund_total"],
            "charges": sum(part["amount"] for part in content["charges"]),
        },
    )


def _bill_booked(run: Run, _receipt: Receipt, _outcome: Outcome) -> None:
    settlement.book_final_bill(case=run.case.pk, account=run.case.account, now=run.now())


def _refund(run: Run, receipt: Receipt) -> Outcome:
    refund = refund_of(int(receipt.subject))
    facts: dict[str, str | int | bool] = {
        "amount": refund.amount_minor,
        "currency": refund.currency,
    }
    if refund.payment is None:
        return Outcome(BY_HAND, facts=facts)
    payments, case, payment = run.ports.payments, str(run.case.pk), refund.payment.reference
    # Asked also at the first try: after a restore from a backup our own rows may know less than
    # the payment service, and its memory of our keys may be over. Money goes out once.
    answer = payments.find_refund(payment=payment, case=case, step=receipt.step)
    if answer is None:
        answer = payments.refund(
            payment=payment,
            amount=from_minor(refund.amount_minor, refund.currency),
            key=receipt.key,
            case=case,
            step=receipt.step,
        )
    if answer.state is RemoteState.FAILED:
        raise Permanent("payments", f"refund {answer.reference} failed at the payment service")
    return Outcome(answer.state.value, reference=answer.reference, facts=facts)


def _refunded(run: Run, receipt: Receipt, outcome: Outcome) -> None:
    if outcome.outcome != BY_HAND:
        settlement.mark_refund(
            refund=int(receipt.subject),
            state=RefundState(outcome.outcome),
            reference=outcome.reference,
            now=run.now(),
        )


final_bill = Step(_final_bill, _bill_booked)
refund = Step(_refund, _refunded)
