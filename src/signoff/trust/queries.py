"""What is official here and now."""

from email.utils import parseaddr

from django.conf import settings

from signoff.config import Config
from signoff.trust.officials import Officials


def officials() -> Officials:
    """From the operator's settings; our own address and senders are always among them."""
    config: Config = settings.SIGNOFF
    mail = parseaddr(config.mail_sender)[1]
    return Officials.of(
        hosts=config.official_hosts,
        numbers=config.official_numbers,
        senders=[*config.official_senders, config.smsc_sender, *([mail] if mail else [])],
        public_url=config.public_url,
    )
