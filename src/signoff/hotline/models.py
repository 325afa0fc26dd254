"""Callers, calls, and whether the person on the line is the owner of the account."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from signoff.accounts.models import Account
from signoff.closing.models import Case
from signoff.hotline.rules import Direction, Moments, Standing, standing
from signoff.hotline.status_words import STATUS_WORDS


class Call(models.Model):
    """An agent and a customer are on the telephone, or are about to be.

    case: what it is about; none: something else than a closing. first_word, second_word: places in
    STATUS_WORDS, so that both sides read them in one language. ends_at: from then on it does not
    count, ended or not. confirmed_at, denied_at: what the customer said of it. Who rang which
    number is not kept.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="calls")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="calls")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=6, choices=[(d.value, d.value) for d in Direction])
    first_word = models.PositiveSmallIntegerField()
    second_word = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    denied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at=None), name="call_one_open"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=[d.value for d in Direction]),
                name="call_direction_known",
            ),
            models.CheckConstraint(
                condition=~Q(first_word=F("second_word")), name="call_two_words"
            ),
            models.CheckConstraint(
                condition=Q(denied_at=None) | Q(ended_at__isnull=False, ended_at=F("denied_at")),
                name="call_ends_by_a_no",
            ),
        ]
        indexes = [models.Index(fields=["account", "started_at"])]

    @property
    def language(self) -> str:
        """In which both sides read the words."""
        return self.case.language if self.case else self.account.language

    @property
    def words(self) -> tuple[str, str]:
        """In English, marked for translation."""
        return STATUS_WORDS[self.first_word], STATUS_WORDS[self.second_word]

    def standing_at(self, now: datetime) -> Standing:
        """How it is."""
        return standing(
            Moments(self.ends_at, self.ended_at, self.confirmed_at, self.denied_at), now
        )

    def goes_on_at(self, now: datetime) -> bool:
        """Neither over nor denied, and its agent still works for us."""
        is_ours = self.agent.is_staff and self.agent.is_active
        return is_ours and self.standing_at(now) in {Standing.WAITING, Standing.CONFIRMED}


class Method(models.TextChoices):
    """How somebody on the telephone was verified: by what they know, or from their own page."""

    QUESTIONS = "questions"
    PAGE = "page"


class Verification(models.Model):
    """An agent asked a caller about an account, or its owner said on their page who it is.

    asked: codes of `rules.Fact`; what was said is not kept. answers_right: how many of them.
    call: of a verification by the page, which asks nothing.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="verifications")
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, null=True, related_name="verifications"
    )
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    method = models.CharField(max_length=9, choices=Method.choices, default=Method.QUESTIONS)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, null=True, related_name="said")
    asked = models.JSONField()
    answers_right = models.PositiveSmallIntegerField()
    passed = models.BooleanField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    method="questions",
                    case__isnull=False,
                    call=None,
                    passed=True,
                    answers_right__gte=2,
                )
                | Q(
                    method="questions",
                    case__isnull=False,
                    call=None,
                    passed=False,
                    answers_right__lt=2,
                )
                | Q(method="page", call__isnull=False, answers_right=0),
                name="verification_by_answers_or_page",
            ),
            # One yes and one no: pressing twice is once.
            models.UniqueConstraint(
                fields=["call", "passed"],
                condition=Q(call__isnull=False),
                name="verification_once_a_call",
            ),
        ]
        indexes = [models.Index(fields=["account", "passed", "at"])]
