"""Steps that tell people. A message to the line goes before its service is switched off."""

from signoff.accounts.models import Line
from signoff.closing.letters import words_for
from signoff.kernel.identifiers import Msisdn
from signoff.notice import operations as notice
from signoff.notice.models import Notice
from signoff.ports.errors import Temporary
from signoff.ports.letters import Attachment
from signoff.ports.texts import Delivery, TextReceipt
from signoff.sagas.network_steps import IN_SERVICE
from signoff.sagas.run import Run, Step
from signoff.termination.models import Receipt
from signoff.termination.operations import Outcome, note_reference, out_of_patience
from signoff.termination.queries import certificate
from signoff.termination.rules import StepKind

NOT_DELIVERED = "not_delivered"


def _text(run: Run, receipt: Receipt, message: Notice) -> Outcome:
    """Sends one SMS and waits for its delivery; gives up when patience is over."""
    try:
        answer = run.ports.texts.send(
            to=Msisdn(message.recipient),
            text=message.text,
            key=receipt.key,
            message_id=receipt.reference or None,
            may_repeat=receipt.tries > 1,
            accepted=lambda reference: note_reference(
                case=run.case, receipt=receipt, reference=reference
            ),
        )
    except Temporary:
        if out_of_patience(receipt):
            return Outcome(NOT_DELIVERED, skipped=True)
        raise
    return _text_outcome(answer)


def _text_outcome(answer: TextReceipt) -> Outcome:
    delivered = answer.delivery is Delivery.DELIVERED
    return Outcome("delivered" if delivered else NOT_DELIVERED, reference=answer.message_id)


def _text_written(run: Run, kind: str, to: str, part: str = "") -> Notice:
    return notice.write_text(
        kind=kind,
        case=run.case.pk,
        to=to,
        language=run.case.language,
        words=words_for(run.case),
        now=run.now(),
        part=part,
    )


def _last_text(run: Run, receipt: Receipt) -> Outcome:
    line: Line = run.line(receipt)
    if run.receipt(f"{StepKind.CHECK_LINE.value}:{receipt.subject}").outcome != IN_SERVICE:
        return Outcome("line_is_off", skipped=True)
    return _text(run, receipt, _text_written(run, "last", line.msisdn, receipt.subject))


def _text_done(run: Run, receipt: Receipt) -> Outcome:
    return _text(run, receipt, _text_written(run, "done", run.case.contact_phone))


def _letter_done(run: Run, receipt: Receipt) -> Outcome:
    letter = notice.write_letter(
        kind="done",
        case=run.case.pk,
        to=run.case.contact_email,
        language=run.case.language,
        words=words_for(run.case),
        now=run.now(),
    )
    kept = certificate(run.case)
    attached = Attachment(
        f"{run.case.number}.json", "application/json", kept.document.encode() if kept else b""
    )
    answer = run.ports.letters.send(
        to=letter.recipient,
        subject=letter.subject,
        text=letter.text,
        key=receipt.key,
        attachments=(attached,),
    )
    return Outcome("handed_over", reference=answer.message_id)


def _told(kind: str) -> Step:
    """Marks the notice in the outbox as well, so that the desk sees one state."""
    act = {"last": _last_text, "done": _text_done, "letter": _letter_done}[kind]

    def apply(run: Run, receipt: Receipt, outcome: Outcome) -> None:
        part = f":{receipt.subject}" if receipt.subject else ""
        name = "done:letter" if kind == "letter" else f"{kind}:text{part}"
        key = f"{run.case.pk}:{name}"
        if outcome.skipped or outcome.outcome == NOT_DELIVERED:
            notice.mark_failed(key=key, failure=outcome.outcome)
        else:
            notice.mark_sent(key=key, message_id=outcome.reference, now=run.now())

    return Step(act, apply)


last_text = _told("last")
text_done = _told("done")
letter_done = _told("letter")
