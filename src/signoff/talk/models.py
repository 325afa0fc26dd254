"""What customers and the desk write to each other, and what the hotline notes."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from signoff.accounts.models import Account
from signoff.closing.models import Case


class Author(models.TextChoices):
    """Who wrote it."""

    CUSTOMER = "customer"
    DESK = "desk"


class Kind(models.TextChoices):
    """A message goes to the other side; a ticket is the desk's own, and somebody has to do it."""

    MESSAGE = "message"
    TICKET = "ticket"


class Via(models.TextChoices):
    """How it came."""

    PAGE = "page"
    MAIL = "mail"
    HOTLINE = "hotline"


class TicketState(models.TextChoices):
    """Of a ticket."""

    OPEN = "open"
    DONE = "done"


class Message(models.Model):
    """Something that was written about a case, or about none: then it belongs to the account.

    user: of the staff, for what the desk wrote. via: of a ticket, `page` if a button of the
    customer's filed it. read_at: by the other side. left_out: attachments of a mail, which are
    never kept. was_cut: the mail was longer. other_sender: it came from another address than the
    customer's. mail_key: of a mail that was taken, so that it is taken once.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="messages")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    author = models.CharField(max_length=8, choices=Author.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    via = models.CharField(max_length=8, choices=Via.choices)
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    left_out = models.PositiveSmallIntegerField(default=0)
    was_cut = models.BooleanField(default=False)
    other_sender = models.BooleanField(default=False)
    mail_key = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - NULL is not unique
    ticket_state = models.CharField(max_length=4, choices=TicketState.choices, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(author="customer", user=None) | Q(author="desk", user__isnull=False),
                name="message_author_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="message", ticket_state="")
                | Q(kind="ticket", author="desk", ticket_state__in=TicketState.values),
                name="message_or_ticket",
            ),
            models.CheckConstraint(
                condition=~Q(text="") | Q(left_out__gt=0), name="message_says_something"
            ),
            models.CheckConstraint(
                condition=Q(ticket_state="done", done_at__isnull=False, done_by__isnull=False)
                | (~Q(ticket_state="done") & Q(done_at=None, done_by=None)),
                name="ticket_done_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "at"]),
            models.Index(fields=["kind", "ticket_state", "at"]),
            # What the desk has still to read: few of many, and asked for by each page of the queue.
            models.Index(
                fields=["case", "account"],
                condition=Q(kind="message", author="customer", read_at=None),
                name="message_unread_by_desk",
            ),
        ]

    @property
    def is_in_our_words(self) -> bool:
        """Nobody has typed it: the text is the program's, in English, marked for translation."""
        return self.kind == Kind.TICKET and self.via == Via.PAGE
