"""What things of a review are called at the desk; `words.py` takes them in."""

from django.utils.translation import gettext_lazy as _

from signoff.audit.events import Event
from signoff.briefing.rules import Topic
from signoff.hotline.rules import Fact
from signoff.idcheck.verdicts import Verdict
from signoff.policies.values import Evidence
from signoff.review.rules import Colour, Mark, MoreKind

REVIEW_WORDS: dict[str, dict[str, object]] = {
    "colour": {
        Colour.GREEN.value: _("Green: three working days or more"),
        Colour.AMBER.value: _("Amber: one or two working days"),
        Colour.RED.value: _("Red: today, or overdue"),
    },
    "mark": {
        Mark.SECOND_PERSON.value: _("Second person needed"),
        Mark.APPEAL.value: _("Appeal"),
        Mark.NO_ANSWER.value: _("No answer came"),
    },
    "more": {
        MoreKind.ID_CARD_FRONT.value: _("Front of the identity card"),
        MoreKind.ID_CARD_BACK.value: _("Back of the identity card"),
        MoreKind.PASSPORT.value: _("Passport, the page with the photo"),
        MoreKind.DRIVING_LICENCE.value: _("Driving licence"),
        MoreKind.SELFIE.value: _("A photo of their face"),
        MoreKind.CONTACT.value: _("How we can reach them"),
        MoreKind.OTHER.value: _("An answer to the question below"),
    },
    "paper": {
        Evidence.ID_CARD_FRONT.value: _("Front of the identity card"),
        Evidence.ID_CARD_BACK.value: _("Back of the identity card"),
        Evidence.PASSPORT.value: _("Passport, the page with the photo"),
        Evidence.DRIVING_LICENCE.value: _("Driving licence"),
        Evidence.SELFIE.value: _("A photo of their face"),
    },
    "verdict": {
        Verdict.LOOKS_RIGHT.value: _("Looks right"),
        Verdict.LOOK_CLOSELY.value: _("Look closely"),
        Verdict.CANNOT_READ.value: _("Could not be read"),
        Verdict.LOOKS_WRONG.value: _("Looks wrong"),
    },
    "fact": {
        Fact.PLAN.value: _("What is the plan of the line called?"),
        Fact.ACTIVATED.value: _("In which month and year did the line begin to work?"),
        Fact.LAST_PAYMENT.value: _("About how much was paid in last?"),
        Fact.LINES.value: _("How many lines has the account?"),
    },
    "topic": {
        Topic.OVERDUE.value: _("Cases that are overdue"),
        Topic.DUE_TODAY.value: _("Cases to decide today"),
        Topic.STOPPED.value: _("Closings that have stopped and need a person"),
        Topic.UNCLAIMED.value: _("Cases that nobody has taken"),
        Topic.UNREAD.value: _("Messages of customers that nobody has read"),
        Topic.TICKETS.value: _("Open tickets"),
        Topic.APPROVALS.value: _("Refunds that wait for two people"),
        Topic.FAILED.value: _("Refunds that came back"),
        Topic.LATE.value: _("Refunds that have not arrived in time"),
    },
    "hidden": {
        "email": _("e-mail address"),
        "phone": _("telephone number"),
        "numbers": _("line numbers"),
        "sims": _("SIM numbers"),
        "id_number": _("number of the paper"),
    },
}

REVIEW_NOTICES: dict[str, object] = {
    "refused_finally": _("Refused after an appeal"),
    "appealed": _("We have your appeal"),
    "more_info": _("We need something from you"),
    "more_info_reminder": _("Reminder: we wait for an answer"),
    "cooling_off_ends": _("Reminder: it closes soon"),
    "appeal_reminder": _("Reminder: the time to appeal ends soon"),
    "confirm_reminder": _("Reminder: the amount is to be confirmed"),
    "place_reminder": _("Reminder: where should the money go?"),
    "draft_photos": _("Reminder: photos of a draft are deleted soon"),
    "message": _("There is a message to read"),
    "staff_day": _("Morning letter to the staff"),
    "staff_invited": _("Invitation to the desk"),
}

REVIEW_EVENTS: dict[str, object] = {
    Event.CASE_RELEASED.value: _("Given back to the queue"),
    Event.CASE_ASSIGNED.value: _("Given to a reviewer"),
    Event.CASE_QUESTION_ASKED.value: _("Customer asked for more"),
    Event.CASE_QUESTION_ANSWERED.value: _("Customer answered"),
    Event.CASE_QUESTION_LAPSED.value: _("The day went by without an answer"),
    Event.CASE_APPROVAL_PROPOSED.value: _("A yes that waits for a second person"),
    Event.CASE_DECISION_UNDONE.value: _("Decision taken back"),
    Event.CASE_APPEALED.value: _("Appealed"),
    Event.MESSAGE_SENT.value: _("Message written"),
    Event.TICKET_FILED.value: _("Ticket filed"),
    Event.TICKET_DONE.value: _("Ticket done"),
    Event.EVIDENCE_ADDED.value: _("Photo added"),
    Event.EVIDENCE_REMOVED.value: _("Photo removed by the customer"),
    Event.EVIDENCE_VIEWED.value: _("Photo looked at"),
    Event.EVIDENCE_ERASED.value: _("Photos erased"),
    Event.EVIDENCE_KEYS_ROTATED.value: _("Keys of photos changed"),
    Event.PERSONAL_DATA_SHOWN.value: _("Masked data shown to one of the staff"),
    Event.CALLER_VERIFIED.value: _("Caller verified"),
    Event.CALLER_NOT_VERIFIED.value: _("Caller could not be verified"),
    Event.FEED_ON.value: _("Feed of the timeline switched on"),
    Event.FEED_OFF.value: _("Feed of the timeline switched off"),
    Event.PUSH_ON.value: _("A browser is told of the case"),
    Event.PUSH_OFF.value: _("A browser is told no more"),
    Event.CALL_STARTED.value: _("Call begun"),
    Event.CALL_CONFIRMED.value: _("On their page the customer said: yes, it is me"),
    Event.CALL_DENIED.value: _("On their page the customer said: no, it is not me"),
    Event.CALL_DENIED_WITH_CODE.value: _("With number and code it was said: no, it is not me"),
    Event.CALL_ENDED.value: _("Call ended"),
    Event.TAKEOUT_MADE.value: _("Data downloaded"),
    Event.IMPORTED.value: _("Export imported"),
    Event.LINE_PAUSED.value: _("Line paused"),
    Event.LINE_RESUMED.value: _("Line works again"),
    Event.PROFILE_OBSERVED.value: _("eSIM seen in another state"),
    Event.STAFF_ADDED.value: _("Somebody came to the staff"),
    Event.STAFF_INVITED.value: _("Somebody of the staff was invited again"),
    Event.STAFF_NAMED.value: _("Somebody of the staff is called otherwise"),
    Event.STAFF_REMOVED.value: _("Somebody left the staff"),
    Event.SECOND_FACTOR_FORGOTTEN.value: _("Second factor forgotten"),
    Event.ROLE_GIVEN.value: _("Task given"),
    Event.ROLE_TAKEN.value: _("Task taken away"),
}

REVIEW_TONES: dict[str, dict[str, str]] = {
    "mark": {
        Mark.SECOND_PERSON.value: "now",
        Mark.APPEAL.value: "now",
        Mark.NO_ANSWER.value: "wait",
    },
    "verdict": {
        Verdict.LOOKS_RIGHT.value: "good",
        Verdict.LOOK_CLOSELY.value: "wait",
        Verdict.CANNOT_READ.value: "plain",
        Verdict.LOOKS_WRONG.value: "bad",
    },
}
