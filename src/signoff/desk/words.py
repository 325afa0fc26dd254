"""What things are called at the desk, where the words of the customer's pages would be too kind."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from signoff.accounts.models import Role
from signoff.audit.events import Event
from signoff.closing.rules import CaseState
from signoff.desk.money_words import MONEY_EVENTS, MONEY_TONES, MONEY_WORDS
from signoff.desk.review_words import REVIEW_EVENTS, REVIEW_NOTICES, REVIEW_TONES, REVIEW_WORDS
from signoff.desk.staff_words import STAFF_WORDS
from signoff.notice.models import NoticeState
from signoff.review.models import Outcome
from signoff.review.rules import Colour, QueueGroup, RefusalReason, colour_of
from signoff.termination.models import ReceiptState
from signoff.termination.rules import StepKind

WORDS: dict[str, dict[str, object]] = {
    **MONEY_WORDS,
    **REVIEW_WORDS,
    **STAFF_WORDS,
    "group": {
        QueueGroup.ATTENTION.value: _("Needs attention"),
        QueueGroup.WAITING.value: _("Waiting for review"),
        QueueGroup.IN_REVIEW.value: _("In review"),
        QueueGroup.COOLING_OFF.value: _("Cooling off"),
        QueueGroup.CLOSING.value: _("Closing"),
        QueueGroup.CLOSED.value: _("Closed"),
        QueueGroup.NOT_DONE.value: _("Refused or undone"),
    },
    "case": {
        CaseState.SUBMITTED.value: _("Waiting for review"),
        CaseState.IN_REVIEW.value: _("In review"),
        CaseState.MORE_INFO.value: _("Question to the customer"),
        CaseState.APPROVED.value: _("Approved"),
        CaseState.COOLING_OFF.value: _("Cooling off"),
        CaseState.TO_CONFIRM.value: _("Waits for the customer: the amount changed"),
        CaseState.CLOSING.value: _("Closing"),
        CaseState.NEEDS_ATTENTION.value: _("Needs attention"),
        CaseState.CLOSED.value: _("Closed"),
        CaseState.WITHDRAWN.value: _("Undone by the customer"),
        CaseState.REFUSED.value: _("Refused"),
    },
    "decision": {
        Outcome.APPROVED.value: _("Approved"),
        Outcome.REFUSED.value: _("Refused"),
    },
    "refusal": {
        RefusalReason.NOT_THE_OWNER.value: _("Whoever asked is not the owner of the line"),
        RefusalReason.CONTRACT_BOUND.value: _("A contract still runs and cannot be ended early"),
        RefusalReason.COURT_ORDER.value: _("A court or an authority forbids it"),
        RefusalReason.FRAUD_CHECK.value: _("A fraud check is under way"),
    },
    "step": {
        StepKind.CHECK_LINE.value: _("Ask the network about the line"),
        StepKind.LAST_TEXT.value: _("Last SMS to the line"),
        StepKind.STOP_SERVICE.value: _("Switch the service off"),
        StepKind.FINAL_BILL.value: _("Final bill"),
        StepKind.REFUND.value: _("Refund"),
        StepKind.WITHDRAW_PROFILE.value: _("Withdraw the eSIM"),
        StepKind.REMOVE_SUBSCRIBER.value: _("Remove from the network, and check"),
        StepKind.ORDER_SERVICE_END.value: _("Order the end of a linked service"),
        StepKind.SERVICE_ENDED.value: _("Check that a linked service has ended"),
        StepKind.END_SIGN_INS.value: _("End sign-ins"),
        StepKind.CERTIFICATE.value: _("Certificate"),
        StepKind.LETTER_DONE.value: _("E-mail that it is done"),
        StepKind.TEXT_DONE.value: _("SMS that it is done"),
    },
    "receipt": {
        ReceiptState.PLANNED.value: _("Planned"),
        ReceiptState.INTENDED.value: _("Under way"),
        ReceiptState.DONE.value: _("Done"),
        ReceiptState.SKIPPED.value: _("Left out"),
    },
    "outcome": {
        "in_service": _("The line is in service"),
        "out_of_service": _("The line is out of service"),
        "unknown_to_network": _("The network does not know it"),
        "line_is_off": _("The line was off: nothing to send"),
        "delivered": _("Delivered"),
        "not_delivered": _("Not delivered; went on without"),
        "left_out": _("Left out by a reviewer"),
        "stopped": _("Off, and the network was told"),
        "booked": _("Booked"),
        "in_next_file": _("In the next file for the bank"),
        "waits_for_approval": _("Waits for two approvals"),
        "to_line": _("To another line"),
        "left_to_finance": _("Left to the finance desk"),
        "place_unknown": _("The customer has not said where"),
        "sent": _("Sent out"),
        "paid": _("Paid back"),
        "withdrawn": _("Withdrawn"),
        "waiting_for_phone": _("On a phone: to be removed there"),
        "already_removed": _("Was removed from the phone before"),
        "verified_gone": _("Gone, checked afterwards"),
        "ordered": _("Ordered"),
        "ended": _("Ended"),
        "issued": _("Made out"),
        "handed_over": _("Handed over to the mail server"),
    },
    "notice": {
        "received": _("We have your request"),
        "approved": _("Approved"),
        "refused": _("Refused"),
        "withdrawn": _("Undone"),
        "last": _("Last message to the line"),
        "done": _("It is done"),
        "amount_changed": _("More money goes back"),
        "confirm_again": _("Please look once more"),
        "place_needed": _("Where should the money go?"),
        "refund_failed": _("A refund came back"),
        "dispute_resolved": _("Our answer to a dispute"),
        **REVIEW_NOTICES,
    },
    "channel": {"letter": _("E-mail"), "text": _("SMS")},
    "notice_state": {
        NoticeState.WAITING.value: _("Waiting"),
        NoticeState.SENT.value: _("Sent out"),
        NoticeState.FAILED.value: _("Failed"),
        NoticeState.CANCELLED.value: _("Not sent"),
    },
    "event": {
        Event.CASE_STARTED.value: _("Draft begun"),
        Event.CASE_SUBMITTED.value: _("Sent by the customer"),
        Event.CASE_TAKEN.value: _("Taken for review"),
        Event.CASE_APPROVED.value: _("Approved"),
        Event.CASE_REFUSED.value: _("Refused"),
        Event.CASE_WAITING.value: _("Cooling-off begun"),
        Event.CASE_WITHDRAWN.value: _("Undone"),
        Event.CASE_CLOSING.value: _("Closing begun"),
        Event.CASE_STOPPED.value: _("Stopped for a person"),
        Event.CASE_RETRIED.value: _("Sent on by a person"),
        Event.CASE_CLOSED.value: _("Closed"),
        Event.PERSONAL_DATA_ERASED.value: _("Personal data erased"),
        **MONEY_EVENTS,
        **REVIEW_EVENTS,
    },
    "actor": {
        "customer": _("The customer"),
        "code": _("Somebody with number and code"),
        "engine": _("The worker"),
        "policy": _("The rules of the country"),
        "idcheck": _("Our machine, which looks at papers"),
        "smdp": _("The eSIM server"),
        "bank": _("The bank"),
        "payments": _("The payment service"),
        "settlement": _("The settlement"),
        "push": _("The push service"),
        "cli": _("The command line"),
    },
    "system": {
        "hlr": _("Subscriber register (HLR)"),
        "smdp": _("eSIM server (SM-DP+)"),
        "smsc": _("SMS centre"),
        "mail": _("Mail server"),
        "payments": _("Payment service"),
        "services": _("Service ordering"),
    },
    "role": {
        Role.REVIEWER.value: _("Review"),
        Role.HOTLINE.value: _("Hotline"),
        Role.FINANCE.value: _("Finance"),
        Role.AUDITOR.value: _("Audit"),
        Role.ADMIN.value: _("Administration"),
    },
    "language": {"en": _("English"), "zh-hans": _("Chinese")},
}

TONES: dict[str, dict[str, str]] = {
    **MONEY_TONES,
    **REVIEW_TONES,
    "case": {
        CaseState.SUBMITTED.value: "wait",
        CaseState.IN_REVIEW.value: "now",
        CaseState.MORE_INFO.value: "now",
        CaseState.COOLING_OFF.value: "now",
        CaseState.TO_CONFIRM.value: "wait",
        CaseState.CLOSING.value: "now",
        CaseState.NEEDS_ATTENTION.value: "bad",
        CaseState.CLOSED.value: "good",
    },
    "receipt": {
        ReceiptState.INTENDED.value: "now",
        ReceiptState.DONE.value: "good",
    },
    "notice_state": {"waiting": "wait", "sent": "good", "failed": "bad"},
}


def called(kind: str, code: str) -> str:
    """What `code` is called; a code that nobody has named yet as it is. KeyError: unknown kind."""
    return str(WORDS[kind].get(code, code))


def tone(kind: str, code: str) -> str:
    """The tone of its tag (components.css)."""
    return TONES.get(kind, {}).get(code, "plain")


def time_left(days: int) -> str:
    """Working days until a decision is due, in words."""
    if days == 0:
        return str(_("today is the last day"))
    if days < 0:
        return ngettext("%(days)d working day overdue", "%(days)d working days overdue", -days) % {
            "days": -days
        }
    return ngettext("%(days)d working day left", "%(days)d working days left", days) % {
        "days": days
    }


_TONES_OF_TIME = {Colour.GREEN: "good", Colour.AMBER: "wait", Colour.RED: "bad"}


def time_tone(days: int) -> str:
    """Red on the last day and after it, amber on the two before; the words say it, too."""
    return _TONES_OF_TIME[colour_of(days)]
