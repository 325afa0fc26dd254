"""Filters of the portal alone: `{% load portal %}`."""

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext
from moneyed import Money

from signoff.closing.models import Case
from signoff.kernel.clock import now
from signoff.portal.browser_rules import named
from signoff.presentation import wording

register = template.Library()


@register.filter
def amounts(several: Sequence[Money]) -> str:
    """`{{ asks.amounts|amounts }}`: CN¥12.50 and US$3.00."""
    return wording.listed([wording.money(amount) for amount in several])


@register.filter
def browser(user_agent: str) -> str:
    """`{{ session.user_agent|browser }}`: Firefox, Windows."""
    return named(user_agent) or gettext("An unknown browser")


@register.filter
def told(case: Case) -> str:
    """`{{ case|told }}`: its state as the customer may know it."""
    return case.told(now()).value
