"""What things are called at the finance desk; `words.py` takes them in."""

from django.utils.translation import gettext_lazy as _

from signoff.audit.events import Event
from signoff.journal.rules import EntryKind
from signoff.settlement.models import (
    BatchState,
    BillState,
    DisputeReason,
    DisputeState,
    ItemKind,
    RefundState,
)
from signoff.settlement.refunds.rules import CN_CARD, IBAN, LINE, PAYMENT, UNKNOWN

MONEY_WORDS: dict[str, dict[str, object]] = {
    "route": {
        PAYMENT: _("Back the way it came"),
        IBAN: _("Bank account"),
        CN_CARD: _("Bank card in China"),
        LINE: _("Another line"),
        UNKNOWN: _("Not named yet"),
    },
    "refund": {
        RefundState.PLANNED.value: _("Planned"),
        RefundState.SENT.value: _("On its way"),
        RefundState.PAID.value: _("Paid back"),
        RefundState.FAILED.value: _("Came back"),
    },
    "file": {
        "sepa": _("SEPA transfers (pain.001)"),
        "cn_csv": _("Transfers to bank cards in China (CSV)"),
    },
    "answer_file": {
        "sepa": _("Payment status report (pain.002, XML)"),
        "cn_csv": _("Result table of a Chinese bank (CSV)"),
    },
    "batch": {
        BatchState.ASKED.value: _("Being written"),
        BatchState.READY.value: _("Ready for the bank"),
        BatchState.SENT.value: _("Handed over"),
        BatchState.DROPPED.value: _("Dropped"),
    },
    "answer": {
        "waiting": _("Being read"),
        "read": _("Read"),
        "refused": _("Not taken"),
    },
    "bill": {
        BillState.UNPAID.value: _("Not paid"),
        BillState.PAID.value: _("Paid"),
    },
    "dispute": {
        DisputeState.OPEN.value: _("Open"),
        DisputeState.UPHELD.value: _("The customer was right"),
        DisputeState.REJECTED.value: _("The item was right"),
    },
    "dispute_reason": {
        DisputeReason.NOT_USED.value: _("I did not use this"),
        DisputeReason.WRONG_AMOUNT.value: _("The amount is wrong"),
        DisputeReason.TWICE.value: _("It is there twice"),
        DisputeReason.NOT_ORDERED.value: _("I did not order this"),
        DisputeReason.OTHER.value: _("Something else"),
    },
    "item": {
        ItemKind.PLAN.value: _("Plan"),
        ItemKind.USAGE.value: _("Use"),
        ItemKind.ROAMING.value: _("Roaming"),
        ItemKind.PREMIUM.value: _("Premium service"),
        ItemKind.FEE.value: _("Fee"),
        ItemKind.DISCOUNT.value: _("Discount"),
        ItemKind.OTHER.value: _("Other"),
    },
    "why": {
        "confirmed": _("Confirmed by the customer"),
        "confirmed_again": _("Confirmed once more by the customer"),
        "facts_changed": _("The facts had changed, in the customer’s favour or by very little"),
    },
    "entry": {
        EntryKind.FINAL_BILL.value: _("Final bill"),
        EntryKind.REFUND_SENT.value: _("Refund sent"),
        EntryKind.REFUND_PAID.value: _("Refund arrived"),
        EntryKind.REFUND_FAILED.value: _("Refund came back"),
        EntryKind.REFUND_TO_LINE.value: _("Refund to another line"),
        EntryKind.BILL_PAID.value: _("Bill paid"),
        EntryKind.DISPUTE_OPENED.value: _("Dispute opened"),
        EntryKind.DISPUTE_UPHELD.value: _("Dispute: the customer was right"),
        EntryKind.DISPUTE_REJECTED.value: _("Dispute: the item was right"),
        EntryKind.CORRECTION.value: _("Correction"),
    },
    # Stripe's `failure_reason`, then codes of ours for what a file for the bank cannot carry.
    "failure": {
        "lost_or_stolen_card": _("The card was reported lost or stolen."),
        "expired_or_canceled_card": _("The card has expired or was cancelled."),
        "charge_for_pending_refund_disputed": _(
            "The customer’s bank takes the payment back already: look whether they have the money."
        ),
        "insufficient_funds": _(
            "Our balance at the payment service was too small: fill it up, then send again."
        ),
        "declined": _("The customer’s bank refused the refund."),
        "merchant_request": _("It was stopped at our own wish, at the payment service."),
        "canceled": _("It was cancelled at the payment service."),
        "unknown": _("The payment service does not say why."),
        "line_ended": _("The line that it was to go to has ended: the customer is asked again."),
        "no_such_file": _(
            "This kind of file is not set up: see SIGNOFF_PAYOUT_NAME and SIGNOFF_PAYOUT_IBAN."
        ),
        "execution_date": _("The day of payment is over."),
        "batch_size": _("There are too many transfers in the file."),
        "transfer_amount": _("The amount is more than the file can carry."),
        "transfer_currency": _("The file cannot carry this currency."),
        "iban_outside_sepa": _("The account is in a country that SEPA does not reach."),
        "bic_missing": _("The holder’s bank cannot be reached without its BIC."),
        **dict.fromkeys(
            (
                "iban",
                "iban_length",
                "iban_check_digits",
                "iban_country",
                "iban_structure",
                "card_letters",
                "card_length",
                "card_check_digit",
            ),
            _("The account number cannot be right: its length or its check digits are wrong."),
        ),
        "bic": _("The BIC cannot be right."),
        "latin_letters": _("The holder’s name must be in Latin letters, as the bank has it."),
        "name_sign": _("The holder’s name has a sign that the file cannot carry."),
        "name_length": _("The holder’s name is too long for the file."),
    },
}

MONEY_EVENTS: dict[str, object] = {
    Event.SETTLEMENT_CHANGED.value: _("Settlement counted anew"),
    Event.SETTLEMENT_ASKED_AGAIN.value: _("The customer is asked once more"),
    Event.SETTLEMENT_AGREED.value: _("Confirmed once more by the customer"),
    Event.PLACE_CHOSEN.value: _("Place for the money named"),
    Event.REFUND_APPROVED.value: _("Refund approved"),
    Event.REFUND_FAILED.value: _("Refund came back"),
    Event.REFUND_SENT_AGAIN.value: _("Refund sent again"),
    Event.REFUND_ADDED.value: _("Refund added by a dispute"),
    Event.REFUND_CONTRADICTED.value: _("Refund said to be paid after all"),
    Event.REFUND_CLEARED_UP.value: _("Contradiction about a refund cleared up"),
    Event.BATCH_MADE.value: _("Bank file asked for"),
    Event.BATCH_SENT.value: _("Bank file handed over"),
    Event.BATCH_DROPPED.value: _("Bank file dropped"),
    Event.BATCH_FILE_TAKEN.value: _("Bank file downloaded"),
    Event.BANK_STATUS_READ.value: _("Answer of the bank read"),
    Event.BILL_PAID.value: _("Bill paid"),
    Event.DISPUTE_OPENED.value: _("Bill item disputed"),
    Event.DISPUTE_RESOLVED.value: _("Dispute decided"),
}

MONEY_TONES: dict[str, dict[str, str]] = {
    "refund": {
        RefundState.SENT.value: "now",
        RefundState.PAID.value: "good",
        RefundState.FAILED.value: "bad",
    },
    "batch": {
        BatchState.ASKED.value: "now",
        BatchState.READY.value: "wait",
        BatchState.SENT.value: "good",
    },
    "answer": {"waiting": "now", "read": "good", "refused": "bad"},
    "bill": {BillState.UNPAID.value: "wait", BillState.PAID.value: "good"},
    "dispute": {DisputeState.OPEN.value: "wait"},
}
