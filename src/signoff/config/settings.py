"""Everything an operator sets. Descriptions are the documentation: `docs/settings.md` is made of them."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from signoff.config.values import (
    AnswerAddress,
    Base64Keys,
    BicText,
    HostPort,
    HourOrNone,
    IbanText,
    Paths,
    PayerText,
    PushServiceList,
    TimeZone,
    Words,
)


class Config(BaseSettings):
    """The operator's settings."""

    model_config = SettingsConfigDict(env_prefix="SIGNOFF_", env_file=None, extra="ignore")

    secret_key: SecretStr = Field(
        description="Signs sessions and links. At least 32 characters.", min_length=32
    )
    debug: bool = Field(
        default=False, description="Shows stack traces in the browser. Never in production."
    )
    demo: bool = Field(
        default=False,
        description="A sample carrier on this machine: known passwords are allowed.",
    )
    home: Path = Field(default=Path("var"), description="Folder of the embedded database and keys.")
    database_url: str = Field(
        default="",
        alias="DATABASE_URL",
        description="postgresql://user:password@host/name; empty: SQLite in the home folder.",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8600", description="Address that customers type."
    )
    allowed_hosts: Words = Field(
        default=["127.0.0.1", "localhost"], description="Host names of the web server, by commas."
    )
    trusted_proxy: bool = Field(
        default=False,
        description="TLS ends at one proxy, which sets X-Forwarded-Proto, X-Forwarded-For and "
        "Client-Cert itself, and lets none of them through from outside.",
    )
    time_zone: TimeZone = Field(
        default="UTC", description="Time zone of the desk, like Europe/Berlin."
    )
    staff_letter_hour: HourOrNone = Field(
        default=8,
        description="Hour of the desk's time zone from which the staff is told by letter, once a "
        "working day, what waits; empty: no such letters.",
    )
    api_docs: bool = Field(default=False, description="Shows a page about the API at /api/v1/docs.")

    brand_name: str = Field(
        default="Boom", description="Name of the carrier, as customers know it."
    )
    brand_colour: str = Field(
        default="#0b5c4b",
        pattern=r"^#[0-9a-fA-F]{6}$",
        description="Colour of buttons and links, #rrggbb.",
    )
    brand_logo: Path | None = Field(default=None, description="SVG or PNG file, shown 28 px high.")
    official_hosts: Words = Field(
        default=[], description="Web hosts that are really the carrier's, by commas."
    )
    official_numbers: Words = Field(
        default=[], description="Telephone numbers that are really the carrier's, by commas."
    )
    official_senders: Words = Field(
        default=[],
        description="SMS senders and mail addresses that are really the carrier's, by commas.",
    )

    policy_file: Path | None = Field(
        default=None, description="TOML file with the operator's own values for the rule packs."
    )
    signing_key: Path | None = Field(
        default=None,
        description="Ed25519 private key (PEM) for certificates and for checkpoints of the record; "
        "default: home/signing-key.pem.",
    )
    former_keys: Paths = Field(
        default=[],
        description="Public keys (PEM) of earlier signing keys, by commas: their checkpoints of the "
        "record stay valid.",
    )
    evidence_keys: Base64Keys = Field(
        default=[],
        description="Keys that seal customers' photos: 32 bytes in base64 each, by commas; the "
        "first seals, the others still open. Empty: the file home/evidence-keys.",
    )

    hlr_ctrl: HostPort = Field(default="127.0.0.1:4259", description="osmo-hlr's CTRL interface.")
    hlr_vty: HostPort = Field(default="127.0.0.1:4258", description="osmo-hlr's VTY interface.")
    smdp_url: str = Field(default="", description="Base address of the SM-DP+'s ES2+ interface.")
    smdp_requester: str = Field(default="1.2.3", description="functionRequesterIdentifier, an OID.")
    smdp_client_cert: Path | None = Field(
        default=None, description="Client certificate and key (PEM, one file) for mutual TLS."
    )
    smdp_ca: Path | None = Field(
        default=None, description="CA certificates (PEM) that sign the SM-DP+."
    )
    smdp_callers: Words = Field(
        default=[],
        description="SHA-256 fingerprints of the client certificates with which SM-DP+ may notify "
        "us, by commas; empty: any that the proxy has verified.",
    )
    services_url: str = Field(
        default="", description="Base address of the TMF641 service ordering API."
    )
    services_token: SecretStr | None = Field(default=None, description="Bearer token for it.")
    smsc: HostPort = Field(default="127.0.0.1:2775", description="SMPP 3.4 address of the SMSC.")
    smsc_system_id: str = Field(default="signoff", description="SMPP system_id.")
    smsc_password: SecretStr = Field(
        default=SecretStr(""), description="SMPP password, up to 8 characters."
    )
    smsc_settle: float = Field(
        default=2.0,
        gt=0,
        description="Seconds of silence after a bind that mean: no receipts are waiting.",
    )
    smsc_service_type: str = Field(
        default="",
        max_length=5,
        description="SMPP service_type, if the SMSC allows only its own; empty: made from the key.",
    )
    smsc_sender: str = Field(
        default="Boom", description="Sender of our SMS: a number or up to 11 letters."
    )
    mail: HostPort = Field(default="127.0.0.1:25", description="SMTP server.")
    mail_sender: str = Field(default="Boom <care@boom.example>", description="From of our mails.")
    mail_answers: AnswerAddress = Field(
        default="",
        description="Address that takes answers to our letters, like "
        "case@answers.boom.example; empty: customers answer on the page only.",
    )
    mail_username: str | None = Field(default=None, description="SMTP user name, if it wants one.")
    mail_password: SecretStr | None = Field(default=None, description="SMTP password.")
    mail_tls: Literal["none", "starttls", "implicit"] = Field(
        default="none", description="none, starttls or implicit."
    )
    stripe_key: SecretStr = Field(
        default=SecretStr(""),
        description="Stripe API key, restricted to refunds and Checkout Sessions.",
    )
    stripe_webhook_secret: SecretStr | None = Field(
        default=None,
        description="Secret (whsec_…) with which Stripe signs its events; without it none is "
        "believed.",
    )
    stripe_url: str = Field(
        default="https://api.stripe.com", description="Address of the Stripe API."
    )
    payout_name: PayerText = Field(
        default="",
        description="Your company, as your bank knows it: payer of SEPA transfers. Up to 70 Latin "
        "letters; empty: no SEPA files.",
    )
    payout_iban: IbanText = Field(
        default="",
        description="The account in euros that refunds are paid from; empty: no SEPA files.",
    )
    payout_bic: BicText = Field(
        default="",
        description="BIC of its bank; empty: looked up by the IBAN, or not said.",
    )
    payout_message: Literal["pain.001.001.03", "pain.001.001.09"] = Field(
        default="pain.001.001.09",
        description="Version of the credit transfer file that your bank takes.",
    )
    push_key: Path | None = Field(
        default=None,
        description="VAPID private key (PEM), as `signoff keys new-push` makes it: customers may "
        "then have a browser told how far their case is. Empty: nobody is offered that.",
    )
    push_services: PushServiceList = Field(
        default=[
            "fcm.googleapis.com",
            "updates.push.services.mozilla.com",
            "*.push.apple.com",
            "*.notify.windows.com",
        ],
        description="Hosts of the push services that may be called, by commas; *. stands for any "
        "name before it, a whole origin (https://push.example:8443) for one of your own network.",
    )

    remote_timeout: float = Field(
        default=10.0, gt=0, description="Seconds to wait for a remote answer."
    )
    delivery_timeout: float = Field(
        default=20.0,
        gt=0,
        description="Seconds to wait for an SMS to be delivered before trying later.",
    )

    worker_threads: int = Field(
        default=0,
        ge=0,
        description="Runs at a time in one worker; 0: 1 on SQLite, 4 on PostgreSQL.",
    )
    poll_seconds: float = Field(
        default=0.25, gt=0, description="How often a worker looks for new runs."
    )
    sweep_seconds: float = Field(
        default=5.0, gt=0, description="How often a worker looks for what is due."
    )
    dead_after_seconds: float = Field(
        default=15.0,
        ge=1,
        description="Silence after which a worker is taken for dead and its runs go to others.",
    )
    checkpoint_seconds: float = Field(
        default=3600.0,
        gt=0,
        description="How often a worker signs a checkpoint of the record, if it has grown.",
    )

    @property
    def signing_key_file(self) -> Path:
        """Where the key is that signs certificates and checkpoints."""
        return self.signing_key or self.home / "signing-key.pem"
