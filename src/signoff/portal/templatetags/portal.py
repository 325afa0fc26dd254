"""Filters of the portal alone: `{% load portal %}`."""

from django import template
from django.utils.translation import gettext

from signoff.portal.browser_rules import named

register = template.Library()


@register.filter
def browser(user_agent: str) -> str:
    """`{{ session.user_agent|browser }}`: Firefox, Windows."""
    return named(user_agent) or gettext("An unknown browser")
