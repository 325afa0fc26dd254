"""Writing, reading, and the hotline's tickets."""

from datetime import datetime, timedelta

from django.db import transaction

from signoff.accounts.models import Account, User
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.closing.models import Case
from signoff.closing.operations import CUSTOMER
from signoff.closing.rules import CaseState
from signoff.kernel.errors import Conflict, InvalidValue, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.talk.conversations import (
    About,
    lock,
    new_message,
    owner_of,
    stream_about,
    written_about,
)
from signoff.talk.incoming import Incoming
from signoff.talk.letters import tell_later, tell_no_more
from signoff.talk.models import Author, Kind, Message, TicketState, Via
from signoff.talk.queries import unread_by_customer
from signoff.talk.rules import LONGEST, MOST_A_DAY, cleaned


def say(
    *, about: About, author: Account | User, text: str, now: datetime, via: Via = Via.PAGE
) -> Message:
    """A message to the other side: of the customer to the desk, or of the staff to the customer.

    about: a case, or the account of a customer who writes about none. What the desk wrote and
    nobody has read after some minutes is told by a letter, which does not repeat it. Raises
    InvalidValue for an empty or too long text, Refusal for what is somebody else's, a case that
    was not sent, an account that is closed, and too many messages.
    """
    words = _checked(text)
    _check_open(about)
    if isinstance(author, User):
        _check_staff(author)
        return _from_desk(about, author, words, now, via)
    if author.pk != owner_of(about).pk:
        raise Refusal("not_yours", _("This conversation is not yours."))
    return from_customer(about=about, words=words, now=now, via=via)


def _checked(text: str) -> str:
    words = cleaned(text)
    if not words:
        raise InvalidValue("message_empty", _("Write something first."), field="text")
    if len(words) > LONGEST:
        raise InvalidValue("message_long", _("Write at most 4000 characters."), field="text")
    return words


def _check_open(about: About) -> None:
    """Whatever is written, somebody has to be able to read it."""
    if isinstance(about, Account):
        if about.closed_at is not None:
            raise Refusal(
                "account_closed", _("This account is closed: nobody can read here any more.")
            )
    elif about.state == CaseState.DRAFT.value:
        raise Refusal("not_sent", _("Send your request first."))


def _check_staff(user: User) -> None:
    if not (user.is_staff and user.is_active):
        raise Refusal("not_staff", _("Only the carrier's staff can do this."))


def _from_desk(about: About, user: User, words: str, now: datetime, via: Via) -> Message:
    message = new_message(about)
    message.author, message.user = Author.DESK, user
    message.text, message.via, message.at = words, via, now
    with transaction.atomic():
        lock(about)
        _add(message, about)
        tell_later(about, message, now)
    return message


def from_customer(
    *, about: About, words: str, now: datetime, via: Via, mail: Incoming | None = None
) -> Message:
    """Words of the customer that were checked, by a page or a mail. Raises Refusal: too many."""
    recent = written_about(about).filter(author=Author.CUSTOMER, at__gt=now - timedelta(days=1))
    if recent.count() >= MOST_A_DAY:
        raise Refusal("too_many", _("You have written a lot today. We answer what is there first."))
    message = new_message(about)
    message.author = Author.CUSTOMER
    message.text, message.via, message.at = words, via, now
    if mail is not None:
        message.left_out = mail.left_out
        message.was_cut = mail.was_cut
        message.other_sender = mail.sender != _email_of(about).casefold()
        message.mail_key = mail.key
    with transaction.atomic():
        return _add(message, about)


def _email_of(about: About) -> str:
    return about.email if isinstance(about, Account) else about.contact_email


def _add(message: Message, about: About) -> Message:
    message.save(force_insert=True)
    actor = CUSTOMER if message.user_id is None else f"reviewer:{message.user_id}"
    record(
        event=Event.MESSAGE_SENT,
        stream=stream_about(about),
        at=message.at,
        actor=actor,
        facts={"message": message.pk, "via": str(message.via)},
        personal={"words": message.text},
    )
    return message


def mark_read(*, about: About, reader: Account | User, up_to: int, now: datetime) -> int:
    """The reader has seen what the other side wrote; returns how many messages were new.

    up_to: the last message on the reader's page; what came after it nobody has seen. A letter
    about what the customer has read is not sent any more.
    """
    by_desk = isinstance(reader, User)
    other = Author.CUSTOMER if by_desk else Author.DESK
    with transaction.atomic():
        lock(about)
        unread = written_about(about).filter(author=other, read_at=None, pk__lte=up_to)
        new = unread.update(read_at=now)
        if new and not by_desk and not unread_by_customer(about):
            tell_no_more(about)
    return new


def file_ticket(
    *,
    account: Account,
    case: Case | None,
    by: User,
    text: str,
    now: datetime,
    via: Via = Via.HOTLINE,
) -> Message:
    """The hotline notes what a caller wants, for somebody of the desk to do. No customer sees it.

    via: PAGE if the customer pressed a button; the text is then English, marked for translation.
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
            via=via,
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
    record(
        event=event,
        stream=stream_about(ticket.case or ticket.account),
        at=now,
        actor=f"reviewer:{by.pk}",
        facts={"ticket": ticket.pk},
        personal=personal,
    )
