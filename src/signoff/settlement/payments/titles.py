"""What the payment service's page says is paid, in the customer's language."""

from django.utils import translation
from django.utils.translation import gettext as _

from signoff.settlement.models import BillPayment


def title_of(payment: BillPayment) -> str:
    """Names the bill, and nothing that is personal."""
    with translation.override(payment.language):
        if payment.bill is None:
            return _("What your closing comes to")
        return _("Bill %(number)s") % {"number": payment.bill.number}
