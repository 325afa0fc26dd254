"""Words of buttons that the law fixes, in the customer's country and the reader's language."""

from datetime import datetime

from django.utils.translation import get_language

from signoff.accounts.models import Account
from signoff.config import policies
from signoff.policies.model import ClosingButton


def start_words(account: Account, now: datetime) -> str:
    """Of what leads to a closing; empty where no law fixes them."""
    button = _button(account, now)
    return button.start.in_language(_language()) if button else ""


def confirm_words(account: Account, now: datetime) -> str:
    """Of what sends it; empty where no law fixes them."""
    button = _button(account, now)
    return button.confirm.in_language(_language()) if button else ""


def _button(account: Account, now: datetime) -> ClosingButton | None:
    return policies().for_country(account.country).button_on(account.day_at(now))


def _language() -> str:
    return get_language() or "en"
