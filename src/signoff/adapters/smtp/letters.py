"""Hands letters to a mail server. SMTP has no way to ask whether a lost answer was a yes."""

import contextlib
import hashlib
import re
import smtplib
import ssl
from collections.abc import Iterator
from email.errors import HeaderParseError, MessageError, NonASCIILocalPartDefect
from email.headerregistry import Address, AddressHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import localtime
from typing import Literal

from signoff.ports.errors import Permanent, RemoteError, Temporary
from signoff.ports.letters import Attachment, LetterReceipt

Tls = Literal["none", "starttls", "implicit"]
_HEADERS = HeaderRegistry()
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class SmtpLetters:
    """Letters through one mail server. Implements `ports.letters.Letters` and `Reachable`.

    sender: an address, with a name if wished: "Boom <no-reply@boom.example>".
    timeout: seconds for each answer.
    message_id_domain: what stands after the @ of our Message-IDs; a domain of the operator.
    """

    def __init__(  # noqa: PLR0913 -- settings of one connection, all by name in wiring
        self,
        host: str,
        port: int,
        sender: str,
        timeout: float = 30.0,
        username: str | None = None,
        password: str | None = None,
        tls: Tls = "none",
        message_id_domain: str = "",
        *,
        certificates: ssl.SSLContext | None = None,
    ) -> None:
        """Raises ValueError for a sender that is no address, or a password without TLS.

        `certificates`: what the server's certificate is checked against; None is the system's.
        """
        if password is not None and tls == "none" and host not in {"127.0.0.1", "::1", "localhost"}:
            raise ValueError("a password without TLS could be read on the way: use starttls")
        self._sender = _address(sender)
        if self._sender is None:
            raise ValueError(f"the sender is not a mail address: {sender!r}")
        self._host, self._port, self._timeout = host, port, timeout
        self._username, self._password, self._tls = username, password, tls
        self._domain = message_id_domain or self._sender.domain
        self._certificates = certificates

    def ping(self) -> str:
        """What the server says of itself; raises RemoteError."""
        with self._connection() as server:
            code, words = server.noop()
            if code != 250:
                raise _refusal(code, words, "greeting")
            return f"{self._host} ({'TLS' if self._tls != 'none' else 'SMTP'})"

    def send(
        self,
        *,
        to: str,
        subject: str,
        text: str,
        key: str,
        attachments: tuple[Attachment, ...] = (),
        reply_to: str = "",
    ) -> LetterReceipt:
        """See `ports.letters.Letters.send`. Raises Temporary or Permanent."""
        message_id = self.message_id(key)
        letter = self._letter(to, subject, text, message_id, attachments)
        if reply_to:
            letter["Reply-To"] = _own_address(reply_to)
        with self._connection() as server:
            if not _is_ascii(letter["To"].addresses[0].addr_spec) and not server.has_extn(
                "smtputf8"
            ):
                raise Permanent("mail", "the server does not take addresses beyond ASCII")
            server.send_message(letter)
        return LetterReceipt(message_id)

    def message_id(self, key: str) -> str:
        """The same for the same key, so that mailboxes show a repeated letter once."""
        return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{self._domain}>"

    def _letter(
        self,
        to: str,
        subject: str,
        text: str,
        message_id: str,
        attachments: tuple[Attachment, ...],
    ) -> EmailMessage:
        """Raises Permanent for what cannot be a letter. A line break in a header never gets in."""
        recipient = _address(to)
        if recipient is None:
            raise Permanent("mail", "the recipient is not a mail address")
        if _CONTROL.search(subject):
            raise Permanent("mail", "the subject has a line break or a control character")
        letter = EmailMessage(policy=SMTP if _is_ascii(recipient.addr_spec) else SMTPUTF8)
        letter["From"] = self._sender
        letter["To"] = recipient
        letter["Subject"] = subject
        letter["Date"] = localtime()
        letter["Message-ID"] = message_id
        # RFC 3834 section 5: no robot shall answer, and no holiday notice come back.
        letter["Auto-Submitted"] = "auto-generated"
        try:
            letter.set_content(text, cte="base64" if not _is_ascii(text) else None)
            for attachment in attachments:
                _attach(letter, attachment)
        except (UnicodeError, ValueError, MessageError) as error:
            raise Permanent("mail", "the letter cannot be encoded") from error
        return letter

    @contextlib.contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        """A server that has greeted us and knows who we are; everything that fails is typed."""
        try:
            with _parted_from(self._opened()) as server:
                server.ehlo_or_helo_if_needed()
                if self._tls == "starttls":
                    server.starttls(context=self._trusted())
                    server.ehlo_or_helo_if_needed()  # what it offers inside TLS may differ
                if self._username is not None:
                    server.login(self._username, self._password or "")
                yield server
        except RemoteError:
            raise
        except (smtplib.SMTPException, OSError) as error:
            raise _typed(error) from error

    def _opened(self) -> smtplib.SMTP:
        # Our own name is said, not asked of the resolver, which can take seconds.
        name = self._domain if _is_ascii(self._domain) else "localhost"
        if self._tls == "implicit":
            return smtplib.SMTP_SSL(
                self._host, self._port, name, timeout=self._timeout, context=self._trusted()
            )
        return smtplib.SMTP(self._host, self._port, name, timeout=self._timeout)

    def _trusted(self) -> ssl.SSLContext:
        """Read only where TLS is spoken: the system's certificates are many."""
        if self._certificates is None:
            self._certificates = ssl.create_default_context()
        return self._certificates


@contextlib.contextmanager
def _parted_from(server: smtplib.SMTP) -> Iterator[smtplib.SMTP]:
    """How the server takes our farewell says nothing of the letter that it has or has refused.

    (smtplib's own `with` raises for any answer to QUIT but 221: a letter that was taken would be
    sent again.)
    """
    try:
        yield server
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _attach(letter: EmailMessage, attachment: Attachment) -> None:
    main, slash, sub = attachment.media_type.partition("/")
    if not slash or _CONTROL.search(attachment.media_type + attachment.filename):
        raise ValueError(attachment.media_type)
    letter.add_attachment(
        attachment.content, maintype=main, subtype=sub, filename=attachment.filename
    )


def _address(text: str) -> Address | None:
    """None if `text` is not exactly one address with a domain."""
    if _CONTROL.search(text):
        return None
    try:
        header = _HEADERS("To", text)
    except (HeaderParseError, ValueError, IndexError):
        return None
    if not isinstance(header, AddressHeader) or len(header.addresses) != 1:
        return None
    # Letters beyond ASCII before the @ are a "defect" of RFC 5322, and no more since RFC 6531.
    if any(not isinstance(defect, NonASCIILocalPartDefect) for defect in header.defects):
        return None
    address = header.addresses[0]
    return address if address.username and address.domain else None


def _own_address(text: str) -> Address:
    """Raises Permanent for what is no address."""
    address = _address(text)
    if address is None:
        raise Permanent("mail", "the address for answers is not a mail address")
    return address


def _is_ascii(text: str) -> bool:
    return text.isascii()


def _typed(error: smtplib.SMTPException | OSError) -> RemoteError:
    """4xx and a lost connection: later. 5xx: a person must look."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return _refusal(code, words, "recipient")
    if isinstance(error, smtplib.SMTPResponseException):
        what = "login" if isinstance(error, smtplib.SMTPAuthenticationError) else "letter"
        return _refusal(error.smtp_code, error.smtp_error, what)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Permanent("mail", "the server does not offer what the settings ask for (TLS, login)")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Permanent("mail", "the server's certificate is not to be trusted")
    return Temporary("mail", f"no connection, or it was lost ({type(error).__name__})")


def _refusal(code: int, words: bytes | str, what: str) -> RemoteError:
    """`words` often repeat the address, so only the codes are kept (RFC 3463)."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    enhanced = re.match(r"[245]\.\d{1,3}\.\d{1,3}", text)
    raw = f"{code} {enhanced[0]}" if enhanced else str(code)
    kind = Permanent if 500 <= code <= 599 else Temporary
    return kind("mail", f"{what} refused with {raw}", raw=raw)
