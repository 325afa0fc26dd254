"""The letter that tells of a message which nobody has read. What was written is not in it."""

from datetime import datetime

from signoff.accounts.models import Account
from signoff.closing.letters import tell, words_for
from signoff.notice import operations as notice
from signoff.notice.account_words import MessageWords
from signoff.notice.queries import is_held, is_held_for_account
from signoff.talk.addresses import address_of
from signoff.talk.conversations import About
from signoff.talk.models import Message
from signoff.talk.rules import LETTER_AFTER

KIND = "message"


def tell_later(about: About, message: Message, now: datetime) -> None:
    """One letter for what is written in one go: none if one waits already."""
    address = address_of(about)
    if not isinstance(about, Account):
        if not is_held(about.pk, KIND):
            words = words_for(about, answer_to=address)
            part = str(message.pk)
            tell(about, KIND, words, now, part=part, delay=LETTER_AFTER, reply_to=address)
    elif not is_held_for_account(about.pk, KIND):
        letter = notice.write_message_letter(
            account=about.pk,
            message=message.pk,
            to=about.email,
            language=about.language,
            words=MessageWords(about.name, answer_to=address),
            now=now,
        )
        notice.post(notice=letter, delay=LETTER_AFTER)


def tell_no_more(about: About) -> None:
    """Everything has been read: a letter that still waits is not sent."""
    if isinstance(about, Account):
        notice.cancel_held_for_account(account=about.pk, kind=KIND)
    else:
        notice.cancel_held(case=about.pk, kinds=[KIND])
