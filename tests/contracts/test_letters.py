"""One suite for the box's mail server and for aiosmtpd with STARTTLS and a login."""

import contextlib
import datetime
import email
import email.policy
import ipaddress
import logging
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from signoff.adapters.smtp.letters import SmtpLetters, Tls
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.letters import Attachment
from tests.peers.box import RunningBox
from tests.peers.cutting import Address, cutting
from tests.peers.ports import free_port

END_OF_LETTER = b"\r\n.\r\n"
SENDER = "Boom <no-reply@boom.example>"


@dataclass(frozen=True)
class Seen:
    """A letter as the mailbox has it."""

    message_id: str
    subject: str
    text: str
    attachments: list[str]
    auto_submitted: str
    reply_to: str


@dataclass
class MailPeer:
    """How to reach a server, and what its mailboxes show."""

    address: Address
    seen: Callable[[], list[Seen]]
    settings: dict[str, object]

    def letters(self, address: Address | None = None, **other: object) -> SmtpLetters:
        settings = {"message_id_domain": "boom.example", "timeout": 3.0} | self.settings | other
        return SmtpLetters(*(address or self.address), SENDER, **settings)  # type: ignore[arg-type]


def _of_box(box: RunningBox) -> MailPeer:
    def seen() -> list[Seen]:
        return [
            Seen(
                name,
                row["subject"],
                row["text"],
                row["attachments"],
                row["auto_submitted"],
                row["reply_to"],
            )
            for name, row in box.rows("letters").items()
        ]

    return MailPeer(box.addresses.smtp, seen, {})


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key of "127.0.0.1" in one file, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + datetime.timedelta(days=36_500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


class Mailbox:
    """Shows one letter for one Message-ID, as Cyrus and Gmail do."""

    def __init__(self) -> None:
        self.by_id: dict[str, Seen] = {}

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        letter = email.message_from_bytes(content, policy=email.policy.default)
        body = letter.get_body(("plain",))
        assert body is not None
        self.by_id[str(letter["Message-ID"])] = Seen(
            str(letter["Message-ID"]),
            str(letter["Subject"]),
            body.get_content(),
            [part.get_filename() or "" for part in letter.iter_attachments()],
            str(letter["Auto-Submitted"]),
            str(letter["Reply-To"] or ""),
        )
        return "250 2.0.0 OK"


def _checks_login(
    _server: SMTP, _session: Session, _envelope: Envelope, _how: str, who: object
) -> AuthResult:
    known = LoginPassword(b"signoff", b"secret")
    return AuthResult(success=who == known, handled=False)


@pytest.fixture(params=["box", "aiosmtpd with TLS and a login"])
def mail(request: pytest.FixtureRequest, box: RunningBox, certificate: Path) -> Iterator[MailPeer]:
    if request.param == "box":
        yield _of_box(box)
        return
    with tls_server(certificate) as peer:
        yield peer


@contextlib.contextmanager
def tls_server(certificate: Path) -> Iterator[MailPeer]:
    serves = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serves.load_cert_chain(certificate)
    trusts = ssl.create_default_context(cafile=str(certificate))
    # Its chatter goes on in its own thread when the streams of the test are closed already.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    mailbox = Mailbox()
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=serves,
        require_starttls=True,
        authenticator=_checks_login,
        auth_required=True,
        enable_SMTPUTF8=True,
    )
    controller.start()
    try:
        yield MailPeer(
            ("127.0.0.1", controller.port),
            lambda: list(mailbox.by_id.values()),
            {
                "tls": "starttls",
                "username": "signoff",
                "password": "secret",
                "certificates": trusts,
            },
        )
    finally:
        controller.stop()


def send(letters: SmtpLetters, *, key: str = "k", **other: object) -> str:
    words: dict[str, object] = {
        "to": "王小明 <wang@example.org>",
        "subject": "您的号码已停用 / closed",
        "text": "Grüße,\n再见。\n.\nFrom here on nothing.\n",
    }
    return letters.send(key=key, **(words | other)).message_id  # type: ignore[arg-type]


def test_a_letter_arrives_as_it_was_written(mail: MailPeer) -> None:
    attachment = Attachment("证书.json", "application/json", b'{"a": 1}')
    message_id = send(mail.letters(), attachments=(attachment,))
    (seen,) = mail.seen()
    assert seen.message_id == message_id
    assert seen.subject == "您的号码已停用 / closed"
    assert seen.text.replace("\r\n", "\n") == "Grüße,\n再见。\n.\nFrom here on nothing.\n"
    assert seen.attachments == ["证书.json"]
    assert seen.auto_submitted == "auto-generated"


def test_answers_can_go_to_another_address_and_only_to_one(mail: MailPeer) -> None:
    address = "case+so7k4m92qdy.abcdefghijklmnopqrstuvwxyz@answers.boom.example"
    send(mail.letters(), reply_to=address)
    assert [seen.reply_to for seen in mail.seen()] == [address]
    for wrong in ("nobody", f"{address}\r\nBcc: victim@example.org", f"{address}, a@b.example"):
        with pytest.raises(Permanent, match="address for answers"):
            send(mail.letters(), key=wrong, reply_to=wrong)
    assert len(mail.seen()) == 1


def test_the_same_key_is_one_letter_in_the_mailbox(mail: MailPeer) -> None:
    assert send(mail.letters(), key="a") == send(mail.letters(), key="a")
    send(mail.letters(), key="b")
    assert len(mail.seen()) == 2


def test_a_lost_answer_is_temporary_and_the_repeat_shows_one_letter(mail: MailPeer) -> None:
    if "tls" not in mail.settings:
        with cutting(mail.address) as line:
            line.lose_answer_to(END_OF_LETTER)
            with pytest.raises(Temporary):
                send(mail.letters(line.address))
            assert line.cuts == 1
    else:
        send(mail.letters())  # inside TLS a proxy cannot see the end of the letter
    send(mail.letters())
    assert len(mail.seen()) == 1


def test_an_address_beyond_ascii_is_written_to(mail: MailPeer) -> None:
    send(mail.letters(), to="用户@例子.example")
    assert len(mail.seen()) == 1


@pytest.mark.parametrize(
    "to",
    [
        "",
        "nobody",
        "a@b.example, c@d.example",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example\nBcc: c",
        "@b.example",
        "a b@c.example",
        "a@b.example>",
    ],
)
def test_what_is_not_one_address_is_refused(mail: MailPeer, to: str) -> None:
    with pytest.raises(Permanent, match="not a mail address"):
        send(mail.letters(), to=to)
    assert mail.seen() == []


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\0", "\x1b", "\x7f", "\u2028", "\x85"])
def test_a_subject_cannot_smuggle_in_a_header(mail: MailPeer, sign: str) -> None:
    with pytest.raises(Permanent, match="subject"):
        send(mail.letters(), subject=f"Hello{sign}Bcc: victim@example.org")
    assert mail.seen() == []


def test_an_attachment_cannot_smuggle_in_a_header(mail: MailPeer) -> None:
    bad = Attachment("a\r\nX-Evil: 1", "text/plain", b"")
    with pytest.raises(Permanent, match="encoded"):
        send(mail.letters(), attachments=(bad,))
    assert mail.seen() == []


def test_the_server_answers_a_ping(mail: MailPeer) -> None:
    assert "127.0.0.1" in mail.letters().ping()


def test_nobody_there_is_temporary() -> None:
    with pytest.raises(Temporary):
        SmtpLetters("127.0.0.1", free_port(), SENDER, timeout=1).ping()


@pytest.mark.parametrize("sender", ["Boom", "a@b, c@d", "Boom <a@b.example>\r\nX: y"])
def test_a_sender_that_is_no_address_is_refused_at_once(sender: str) -> None:
    with pytest.raises(ValueError, match="sender"):
        SmtpLetters("127.0.0.1", 25, sender)


def test_a_password_is_not_sent_in_the_clear_to_another_machine() -> None:
    with pytest.raises(ValueError, match="starttls"):
        SmtpLetters("mail.example.org", 25, SENDER, username="a", password="b")


# Only with TLS and a login:


def test_a_wrong_password_is_permanent_and_is_not_repeated_in_the_error(certificate: Path) -> None:
    with tls_server(certificate) as peer:
        with pytest.raises(Permanent, match="login") as refused:
            send(peer.letters(password="hunter2"))
        assert "hunter2" not in f"{refused.value} {refused.value.raw}"
        assert peer.seen() == []


def test_a_certificate_that_nobody_vouches_for_is_permanent(certificate: Path) -> None:
    with tls_server(certificate) as peer, pytest.raises(Permanent, match="certificate"):
        send(peer.letters(certificates=ssl.create_default_context()))


def test_a_server_without_tls_gets_no_letter_if_tls_is_asked_for(box: RunningBox) -> None:
    peer = _of_box(box)
    with pytest.raises(Permanent, match="does not offer"):
        send(peer.letters(tls="starttls"))
    assert peer.seen() == []


@pytest.mark.parametrize("says", ["421 4.4.2 idle for too long", "250 fine", "500 what?"])
def test_what_a_server_says_to_our_farewell_does_not_send_a_letter_again(says: str) -> None:
    class Curt(SMTP):
        async def smtp_QUIT(self, _arg: str) -> None:  # noqa: N802 -- aiosmtpd's name
            await self.push(says)

    mailbox = Mailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    server.factory = lambda: Curt(mailbox)  # type: ignore[method-assign]
    server.start()
    try:
        send(SmtpLetters("127.0.0.1", server.port, SENDER, timeout=3.0))
    finally:
        server.stop()
    assert len(mailbox.by_id) == 1


# Only the box can be told to misbehave:


@pytest.mark.parametrize(
    ("kind", "error"),
    [("busy", Temporary), ("refuse", Permanent), ("drop_before", Temporary), ("down", Temporary)],
)
def test_a_refusal_is_sorted_and_nothing_arrives(
    box: RunningBox, kind: str, error: type[Exception]
) -> None:
    peer = _of_box(box)
    box.fault("mail", kind, "*" if kind == "down" else "send", times=1)
    with pytest.raises(error):
        send(peer.letters())
    assert peer.seen() == []


@pytest.mark.parametrize("kind", ["drop_after", "garbage", "twice"])
def test_whatever_happens_to_an_answer_one_letter_is_shown(box: RunningBox, kind: str) -> None:
    peer = _of_box(box)
    box.fault("mail", kind, "send", times=1)
    with contextlib.suppress(Temporary):
        send(peer.letters())
    send(peer.letters())
    (row,) = box.rows("letters").values()
    assert row["arrivals"] == 2
    assert len(box.effects("mail")) == 1


def test_an_answer_that_is_too_slow_is_temporary(box: RunningBox) -> None:
    peer = _of_box(box)
    box.fault("mail", "slow", "send", times=1, seconds=0.8)
    with pytest.raises(Temporary):
        send(peer.letters(timeout=0.3))


def test_the_error_does_not_repeat_the_address(box: RunningBox) -> None:
    peer = _of_box(box)
    box.fault("mail", "refuse", "send", times=1)
    with pytest.raises(Permanent) as refused:
        send(peer.letters())
    assert "wang" not in f"{refused.value} {refused.value.raw}"
    assert refused.value.raw == "554 5.7.1"


KINDS: tuple[Tls, ...] = ("none", "starttls", "implicit")


@pytest.mark.parametrize("tls", KINDS)
def test_a_peer_that_speaks_something_else_is_temporary(box: RunningBox, tls: Tls) -> None:
    """HTTP on the port of the mail server."""
    host, _, port = box.addresses.http_url.removeprefix("http://").partition(":")
    with pytest.raises(Temporary):
        SmtpLetters(host, int(port), SENDER, timeout=0.5, tls=tls).ping()
