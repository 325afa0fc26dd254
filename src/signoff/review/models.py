"""Who looks at a case, what they asked, and what they decided."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from signoff.closing.models import Case


class Outcome(models.TextChoices):
    """Of a decision."""

    APPROVED = "approved"
    REFUSED = "refused"


class DecisionKind(models.TextChoices):
    """Whether it counts, or waits for a second person."""

    PROPOSED = "proposed"
    FINAL = "final"


FIRST_ROUND, APPEAL_ROUND = 1, 2


class Claim(models.Model):
    """A reviewer has taken a case; the database lets only one.

    expires_at: from then on another may take it. Each action of its reviewer moves it on.
    assigned_by: who gave it to the reviewer; empty if they took it themselves.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="claim")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    taken_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def lives_at(self, now: datetime) -> bool:
        """Nobody else may take the case yet."""
        return self.expires_at > now


class Decision(models.Model):
    """A yes or no on a case. In each round one is final, and no person has two that stand.

    round: 2 is the appeal's. is_current: it stands; false once it was taken back, or once another
    decided otherwise on what it proposed. decide_by: the last day, as it was then; in_time: kept.
    is_released: of a refusal that can no longer be taken back: its settlement has been let go.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField(default=FIRST_ROUND)
    kind = models.CharField(max_length=8, choices=DecisionKind.choices, default=DecisionKind.FINAL)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason_code = models.CharField(max_length=24, blank=True)
    text = models.TextField(max_length=1000, blank=True)
    decided_at = models.DateTimeField()
    decide_by = models.DateField(null=True)
    in_time = models.BooleanField(null=True)
    is_current = models.BooleanField(default=True)
    undone_at = models.DateTimeField(null=True)
    is_released = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="approved")
                | (Q(outcome="refused") & ~Q(reason_code="") & ~Q(text="")),
                name="refusal_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind="final") | Q(kind="proposed", outcome="approved"),
                name="decision_kind_known",
            ),
            models.CheckConstraint(condition=Q(round__in=[1, 2]), name="decision_round_known"),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(undone_at=None), name="decision_stands_or_undone"
            ),
            # Four eyes, and an appeal's other person: nobody decides twice on a case.
            models.UniqueConstraint(
                fields=["case", "reviewer"],
                condition=Q(is_current=True),
                name="decision_one_a_person",
            ),
            models.UniqueConstraint(
                fields=["case", "round", "kind"],
                condition=Q(is_current=True),
                name="decision_one_of_a_kind",
            ),
        ]
        indexes = [models.Index(fields=["kind", "is_current", "decided_at"])]


class Question(models.Model):
    """What a reviewer asked the customer. While it is open the clock may stand still.

    what: codes of `rules.MoreKind`. answer_by: the last day, by the customer's calendar.
    stops_clock: as the rule pack said. ended_at: answered, lapsed or taken back; an interval in
    which the review waited for the customer is from asked_at to ended_at. days_waited: working
    days by which that moved the last day. lapsed_at: the day went by without an answer.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="questions")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    what = models.JSONField()
    text = models.TextField(max_length=1000)
    asked_at = models.DateTimeField()
    answer_by = models.DateField()
    stops_clock = models.BooleanField()
    ended_at = models.DateTimeField(null=True)
    days_waited = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None), name="question_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, answered_at=None, lapsed_at=None, undone_at=None)
                | (
                    Q(ended_at__isnull=False)
                    & (
                        Q(answered_at__isnull=False)
                        | Q(lapsed_at__isnull=False)
                        | Q(undone_at__isnull=False)
                    )
                ),
                name="question_open_or_ended",
            ),
        ]


class Appeal(models.Model):
    """The customer asks that another person looks; the database allows one a case."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="appeal")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    text = models.TextField(max_length=1000)
    appealed_at = models.DateTimeField()


class Reminder(models.Model):
    """Somebody was reminded of a deadline, once; `key` says of which, as `question:17`."""

    key = models.CharField(max_length=80, unique=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reminders")
    at = models.DateTimeField()
