"""A conversation is about a case, or about none: then it belongs to the account."""

from django.db.models import QuerySet

from signoff.accounts.models import Account
from signoff.accounts.queries import locked_account
from signoff.closing.models import Case
from signoff.closing.queries import locked_case
from signoff.closing.state import stream_of
from signoff.talk.models import Kind, Message

About = Case | Account
"""What a conversation is about. Each case has one, and each account one for everything else."""


def owner_of(about: About) -> Account:
    """The customer in it."""
    return about if isinstance(about, Account) else about.account


def stream_about(about: About) -> str:
    """The chain in the record that tells of it."""
    return f"account:{about.pk}" if isinstance(about, Account) else stream_of(about)


def written_about(about: About) -> QuerySet[Message]:
    """What the customer and the desk wrote to each other; no tickets."""
    rows = Message.objects.filter(kind=Kind.MESSAGE)
    if isinstance(about, Account):
        return rows.filter(account=about, case=None)
    return rows.filter(case=about)


def lock(about: About) -> None:
    """Until the caller's transaction ends nobody else writes or reads here.

    Else a letter could be taken back, because all is read, while a message relies on it.
    """
    if isinstance(about, Account):
        locked_account(about.pk)
    else:
        locked_case(about.pk)


def new_message(about: About) -> Message:
    """A message that is not written yet."""
    case = None if isinstance(about, Account) else about
    return Message(account=owner_of(about), case=case, kind=Kind.MESSAGE)
