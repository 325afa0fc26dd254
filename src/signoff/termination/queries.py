"""Reads of the plan and its receipts."""

from signoff.closing.models import Case
from signoff.termination.models import Certificate, Receipt, ReceiptState


def receipts(case: Case) -> list[Receipt]:
    """The plan of a closing with what has been done of it, in order; empty before it begins."""
    return list(Receipt.objects.filter(case=case).order_by("position"))


def certificate(case: Case) -> Certificate | None:
    """The certificate, once it is issued."""
    return Certificate.objects.filter(case=case).first()


def stuck_step(case: Case) -> Receipt | None:
    """The step at which a closing stands."""
    return (
        Receipt.objects.filter(case=case, state=ReceiptState.INTENDED).order_by("position").first()
    )
