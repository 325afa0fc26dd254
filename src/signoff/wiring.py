"""Settings → port objects: the only place that names an adapter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import lru_cache, partial

from signoff.adapters.bank_file.cn_csv import CnCsv
from signoff.adapters.bank_file.sepa import Payer, Sepa
from signoff.adapters.es2plus.orders import Es2Plus
from signoff.adapters.osmo_hlr.register import OsmoHlr
from signoff.adapters.smpp.texts import SmppTexts
from signoff.adapters.smtp.letters import SmtpLetters
from signoff.adapters.stripe.events import StripeEvents
from signoff.adapters.stripe.payments import StripePayments
from signoff.adapters.tmf641.orders import Tmf641
from signoff.adapters.web_push import WebPush
from signoff.config import Config, config
from signoff.kernel import push_key
from signoff.kernel.bank_accounts import Iban
from signoff.kernel.push_services import PushServices
from signoff.ports.bank_files import BankFiles
from signoff.ports.letters import Letters
from signoff.ports.network import SubscriberRegister
from signoff.ports.payment_events import EventReader
from signoff.ports.payments import Payments
from signoff.ports.profiles import ProfileOrders
from signoff.ports.pushes import Pushes
from signoff.ports.services import ServiceOrders
from signoff.ports.texts import TextMessages


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside world, as the steps see it."""

    network: SubscriberRegister
    profiles: ProfileOrders
    services: ServiceOrders
    texts: TextMessages
    letters: Letters
    payments: Payments
    bank_files: Mapping[str, BankFiles] = field(default_factory=dict)
    """By format: cn_csv, and sepa if the operator's own account is set."""
    pushes: Pushes | None = None
    """None unless the operator has set a key for it."""


def _address(host_port: str) -> tuple[str, int]:
    host, _, port = host_port.rpartition(":")
    return host, int(port)


def bank_files(c: Config) -> dict[str, BankFiles]:
    """The formats that these settings allow, by name."""
    formats: dict[str, BankFiles] = {"cn_csv": CnCsv()}
    if c.payout_name and c.payout_iban:
        payer = Payer(c.payout_name, Iban(c.payout_iban), c.payout_bic)
        formats["sepa"] = Sepa(payer, message=c.payout_message, time_zone=c.time_zone)
    return formats


def _pushes(c: Config) -> Pushes | None:
    if c.push_key is None:
        return None
    _name, contact = parseaddr(c.mail_sender)
    return WebPush(
        PushServices(c.push_services),
        partial(push_key.load, c.push_key),
        f"mailto:{contact}",
        c.remote_timeout,
    )


def wire(c: Config) -> Ports:
    """The adapters that these settings ask for. Nothing is connected yet."""
    smsc_host, smsc_port = _address(c.smsc)
    mail_host, mail_port = _address(c.mail)
    return Ports(
        network=OsmoHlr(_address(c.hlr_ctrl), _address(c.hlr_vty), c.remote_timeout),
        profiles=Es2Plus(
            c.smdp_url,
            c.smdp_requester,
            c.remote_timeout,
            client_cert=(c.smdp_client_cert, c.smdp_client_cert) if c.smdp_client_cert else None,
            ca=c.smdp_ca,
        ),
        services=Tmf641(
            c.services_url,
            c.remote_timeout,
            c.services_token.get_secret_value() if c.services_token else None,
        ),
        texts=SmppTexts(
            smsc_host,
            smsc_port,
            c.smsc_system_id,
            c.smsc_password.get_secret_value(),
            c.smsc_sender,
            c.remote_timeout,
            c.delivery_timeout,
            settle=c.smsc_settle,
            service_type=c.smsc_service_type or None,
        ),
        letters=SmtpLetters(
            mail_host,
            mail_port,
            c.mail_sender,
            c.remote_timeout,
            c.mail_username,
            c.mail_password.get_secret_value() if c.mail_password else None,
            c.mail_tls,
        ),
        payments=StripePayments(c.stripe_key.get_secret_value(), c.stripe_url, c.remote_timeout),
        bank_files=bank_files(c),
        pushes=_pushes(c),
    )


def event_reader() -> EventReader:
    """Proves and reads what the payment service tells us. Speaks with nobody."""
    secret = config().stripe_webhook_secret
    return StripeEvents(secret.get_secret_value() if secret else "")


@lru_cache(maxsize=1)
def ports() -> Ports:
    """The ports of this process."""
    return wire(config())
