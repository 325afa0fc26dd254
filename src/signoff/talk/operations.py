"""Writing, reading, and the hotline's tickets."""

import enum
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from signoff.accounts.models import Account, User
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.closing.letters import tell, words_for
from signoff.closing.models import Case
from signoff.closing.operations import CUSTOMER
from signoff.closing.rules import CaseState
from signoff.closing.state import stream_of
from signoff.kernel.errors import Conflict, InvalidValue, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.notice import operations as notice
from signoff.notice.queries import is_held
from signoff.talk.addresses import address_of, case_at
from signoff.talk.incoming import Incoming, UnreadableMail, read
from signoff.talk.models import Author, Kind, Message, TicketState, Via
from signoff.talk.queries import unread_by_customer
from signoff.talk.rules import LETTER_AFTER, LONGEST, MOST_A_DAY, cleaned

_LETTER = "message"


class MailOutcome(enum.Enum):
    """What became of a mail."""

    TAKEN = "taken"
    KNOWN = "known"
    EMPTY = "empty"
    AUTOMATIC = "automatic"
    NOBODY = "nobody"
    TOO_MANY = "too_many"
    UNREADABLE = "unreadable"


def say(
    *, case: Case, author: Account | User, text: str, now: datetime, via: Via = Via.PAGE
) -> Message:
    """A message to the other side: of the customer to the desk, or of the staff to the customer.

    What the desk wrote and nobody has read after some minutes is told by a letter, which does not
    repeat it. Raises InvalidValue for an empty or too long text, Refusal for somebody else's
    case, one that was not sent, and too many messages.
    """
    words = _checked(text)
    if case.state == CaseState.DRAFT.value:
        raise Refusal("not_sent", _("Send your request first."))
    if isinstance(author, User):
        _check_staff(author)
        return _from_desk(case, author, words, now, via)
    if author.pk != case.account_id:
        raise Refusal("not_yours", _("This case is not yours."))
    return _from_customer(case, words, now, via)


def _checked(text: str) -> str:
    words = cleaned(text)
    if not words:
        raise InvalidValue("message_empty", _("Write something first."), field="text")
    if len(words) > LONGEST:
        raise InvalidValue("message_long", _("Write at most 4000 characters."), field="text")
    return words


def _check_staff(user: User) -> None:
    if not (user.is_staff and user.is_active):
        raise Refusal("not_staff", _("Only the carrier's staff can do this."))


def _from_desk(case: Case, user: User, words: str, now: datetime, via: Via) -> Message:
    with transaction.atomic():
        message = _add(
            Message(case=case, author=Author.DESK, user=user, text=words, via=via, at=now)
        )
        if not is_held(case.pk, _LETTER):  # one letter for what is written in one go
            address = address_of(case)
            tell(
                case,
                _LETTER,
                words_for(case, answer_to=address),
                now,
                part=str(message.pk),
                delay=LETTER_AFTER,
                reply_to=address,
            )
    return message


def _from_customer(
    case: Case, words: str, now: datetime, via: Via, mail: Incoming | None = None
) -> Message:
    recent = Message.objects.filter(
        case=case, author=Author.CUSTOMER, at__gt=now - timedelta(days=1)
    )
    if recent.count() >= MOST_A_DAY:
        raise Refusal("too_many", _("You have written a lot today. We answer what is there first."))
    message = Message(case=case, author=Author.CUSTOMER, text=words, via=via, at=now)
    if mail is not None:
        message.left_out = mail.left_out
        message.was_cut = mail.was_cut
        message.other_sender = mail.sender != case.contact_email.casefold()
        message.mail_key = mail.key
    with transaction.atomic():
        return _add(message)


def _add(message: Message) -> Message:
    case = message.case
    assert case is not None  # noqa: S101 - only a ticket may have none
    message.account_id = case.account_id
    message.kind = Kind.MESSAGE
    message.save(force_insert=True)
    actor = CUSTOMER if message.user_id is None else f"reviewer:{message.user_id}"
    record(
        event=Event.MESSAGE_SENT,
        stream=stream_of(case),
        at=message.at,
        actor=actor,
        facts={"message": message.pk, "via": str(message.via)},
        personal={"words": message.text},
    )
    return message


def mark_read(*, case: Case, reader: Account | User, now: datetime) -> int:
    """The reader has seen what the other side wrote; returns how many messages were new.

    A letter about what the customer has read is not sent any more.
    """
    by_desk = isinstance(reader, User)
    other = Author.CUSTOMER if by_desk else Author.DESK
    with transaction.atomic():
        new = Message.objects.filter(
            case=case, kind=Kind.MESSAGE, author=other, read_at=None, at__lte=now
        ).update(read_at=now)
        if new and not by_desk and not unread_by_customer(case):
            notice.cancel_held(case=case.pk, kinds=[_LETTER])
    return new


def take_mail(*, content: bytes, recipient: str, now: datetime) -> MailOutcome:
    """Adds a customer's mail to the case whose address it was sent to.

    recipient: the address that the mail server delivers to; empty: as the mail itself says.
    Nothing of the mail leads to a case but the signed address, and attachments are left out.
    """
    try:
        mail = read(content)
    except UnreadableMail:
        return MailOutcome.UNREADABLE
    case = _case_of(mail, recipient, now)
    if case is None:
        return MailOutcome.NOBODY
    return MailOutcome.AUTOMATIC if mail.is_automatic else _keep(case, mail, now)


def _case_of(mail: Incoming, recipient: str, now: datetime) -> Case | None:
    """None, too, for a mail to several cases: which one did they mean?"""
    addresses = [recipient] if recipient else mail.recipients
    found = {case.pk: case for case in (case_at(one, now) for one in addresses) if case}
    return next(iter(found.values())) if len(found) == 1 else None


def _keep(case: Case, mail: Incoming, now: datetime) -> MailOutcome:
    if not mail.text and not mail.left_out:
        return MailOutcome.EMPTY
    if Message.objects.filter(mail_key=mail.key).exists():
        return MailOutcome.KNOWN
    try:
        _from_customer(case, mail.text, now, Via.MAIL, mail)
    except IntegrityError:
        return MailOutcome.KNOWN
    except Refusal:
        return MailOutcome.TOO_MANY
    return MailOutcome.TAKEN


def file_ticket(
    *, account: Account, case: Case | None, by: User, text: str, now: datetime
) -> Message:
    """The hotline notes what a caller wants, for somebody of the desk to do. No customer sees it.

    Raises InvalidValue for the text, Refusal for a case of another account.
    """
    words = _checked(text)
    _check_staff(by)
    if case is not None and case.account_id != account.pk:
        raise Refusal("other_account", _("This case belongs to another account."))
    with transaction.atomic():
        ticket = Message.objects.create(
            case=case,
            account=account,
            kind=Kind.TICKET,
            author=Author.DESK,
            user=by,
            via=Via.HOTLINE,
            text=words,
            at=now,
            ticket_state=TicketState.OPEN,
        )
        _record_ticket(ticket, Event.TICKET_FILED, by, now, personal={"words": words})
    return ticket


def finish_ticket(*, ticket: int, by: User, now: datetime) -> None:
    """It is done; once. Raises Conflict if somebody else was first."""
    _check_staff(by)
    with transaction.atomic():
        open_one = Message.objects.filter(
            pk=ticket, kind=Kind.TICKET, ticket_state=TicketState.OPEN
        )
        if not open_one.update(ticket_state=TicketState.DONE, done_at=now, done_by=by):
            raise Conflict("the ticket is done already")
        _record_ticket(Message.objects.get(pk=ticket), Event.TICKET_DONE, by, now)


def _record_ticket(
    ticket: Message, event: Event, by: User, now: datetime, personal: dict[str, str] | None = None
) -> None:
    stream = stream_of(ticket.case) if ticket.case else f"account:{ticket.account_id}"
    record(
        event=event,
        stream=stream,
        at=now,
        actor=f"reviewer:{by.pk}",
        facts={"ticket": ticket.pk},
        personal=personal,
    )
