"""The case."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from signoff.accounts.models import Account, Line
from signoff.closing.rules import OPEN_STATES, CaseState, Reason, Scope, as_told


class RuleBook(models.Model):
    """The rules of a country as they stood when cases were sent by them. Never changed.

    Many cases share one. digest, content: as `policies.promises` makes them.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    pack = models.CharField(max_length=2)
    country = models.CharField(max_length=2)
    version = models.CharField(max_length=40)
    content = models.JSONField()
    first_used_at = models.DateTimeField()


class Case(models.Model):
    """A customer's wish to close a line or the whole account, and how far it is.

    fence: grows with each run of the saga; who holds an older number may write nothing more.
    attempt: number of the newest run that was asked for. next_try_at: when it begins.
    waiting_for: the remote system that the last run could not reach.
    clock_stopped_on: since this day of the customer's calendar the review waits for the customer,
    and its clock stands still (`decide_by` moves when it goes on).
    settles_account: the money that belongs to the account and to no line is settled here.
    rules: those behind its dates, since it was sent.
    told_from: what the desk did last is not the customer's to see before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=16, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="cases")
    scope = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Scope])
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in CaseState])
    language = models.CharField(max_length=10)
    country = models.CharField(max_length=2)

    reason = models.CharField(
        max_length=16, blank=True, choices=[(r.value, r.value) for r in Reason]
    )
    reason_text = models.TextField(max_length=1000, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    confirmed_in_session = models.CharField(max_length=64, blank=True)

    settles_account = models.BooleanField(default=False)
    rules = models.ForeignKey(RuleBook, on_delete=models.PROTECT, null=True, related_name="cases")

    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decide_by = models.DateField(null=True)
    clock_stopped_on = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    told_from = models.DateTimeField(null=True)
    answer = models.TextField(max_length=1000, blank=True)

    fence = models.PositiveIntegerField(default=0)
    attempt = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    waiting_for = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in CaseState]), name="case_state_known"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(rules__isnull=False), name="case_knows_its_rules"
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(
                    scope=Scope.ACCOUNT.value, state__in=sorted(s.value for s in OPEN_STATES)
                ),
                name="case_account_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "submitted_at"]),
            models.Index(fields=["state", "due_at"]),
        ]

    def told(self, now: datetime) -> CaseState:
        """The state as the customer may know it: in every window but the desk's own."""
        return as_told(CaseState(self.state), self.told_from, now)


class CaseLine(models.Model):
    """A line of a case. The database lets a line be in one open case only."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="case_lines")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="case_lines")
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "line"], name="case_line_once"),
            models.UniqueConstraint(
                fields=["line"], condition=Q(is_open=True), name="line_in_one_open_case"
            ),
        ]
