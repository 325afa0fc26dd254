"""The words of the timeline. A title fits a step that is done as well as one still to come."""

from signoff.kernel.words import gettext_noop as _
from signoff.termination.rules import StepKind

WAITING_FOR_PHONE = "waiting_for_phone"

TITLES = {
    StepKind.LAST_TEXT: _("Last message to %(line)s"),
    StepKind.STOP_SERVICE: _("Switching off %(line)s"),
    StepKind.FINAL_BILL: _("Final bill"),
    StepKind.REFUND: _("Refund of %(amount)s to %(method)s"),
    StepKind.WITHDRAW_PROFILE: _("Withdrawing the eSIM of %(line)s"),
    StepKind.REMOVE_SUBSCRIBER: _("Removing %(line)s from the network, and checking"),
    StepKind.SERVICE_ENDED: _("Ending %(service)s"),
    StepKind.END_SIGN_INS: _("Ending old sign-ins"),
    StepKind.CERTIFICATE: _("Certificate of closing"),
    StepKind.LETTER_DONE: _("E-mail to say that it is done"),
    StepKind.TEXT_DONE: _("SMS to say that it is done"),
}
"""Steps without a title are not shown: they only prepare or check another."""

PUBLIC_TITLES = {
    StepKind.LAST_TEXT: _("Last message to the line"),
    StepKind.STOP_SERVICE: _("Switching off the service"),
    StepKind.FINAL_BILL: _("Final bill"),
    StepKind.REFUND: _("Refund"),
    StepKind.WITHDRAW_PROFILE: _("Withdrawing the eSIM"),
    StepKind.REMOVE_SUBSCRIBER: _("Removing the number from the network, and checking"),
    StepKind.SERVICE_ENDED: _("Ending a linked service"),
    StepKind.END_SIGN_INS: _("Ending old sign-ins"),
    StepKind.CERTIFICATE: _("Certificate of closing"),
    StepKind.LETTER_DONE: _("E-mail to say that it is done"),
    StepKind.TEXT_DONE: _("SMS to say that it is done"),
}

STILL_ON_PHONE = _("The eSIM of %(line)s is still on a phone")
REMOVED_FROM_PHONE = _("The eSIM of %(line)s was removed from the phone")
PUBLIC_TITLES_BY_OUTCOME = {WAITING_FOR_PHONE: _("The eSIM is still on a phone")}

OUTCOMES = {
    "line_is_off": _("Not sent: the line was already off."),
    "not_delivered": _("It could not be delivered; the closing went on."),
    "left_out": _("Left out by a person of ours."),
    "unknown_to_network": _("The network did not know it any more."),
    WAITING_FOR_PHONE: _(
        "It no longer works there. Remove it in the phone's settings; we will see it."
    ),
    "already_removed": _("It had been removed from the phone already."),
    "in_next_file": _("It goes to your bank account with the next transfers."),
    "waits_for_approval": _("It is a large amount: two people at our finance team let it go."),
    "to_line": _("It goes to your other line."),
    "left_to_finance": _("Our finance team looks after it; the closing went on."),
    "place_unknown": _("Tell us where it should go."),
    "sent": _("On its way; your bank may need some days."),
}
"""What more there is to say of how a step ended."""
