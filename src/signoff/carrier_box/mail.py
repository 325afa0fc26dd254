"""The box's mail server (SMTP, by aiosmtpd).

Its mailboxes show one letter for one Message-ID, as Cyrus (duplicate suppression) and Gmail do,
and count how often it came.
"""

import asyncio
import email
import email.policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from signoff.carrier_box.faults import FaultKind, Faults
from signoff.carrier_box.store import BoxStore, Kind, Row

_OK = "250 2.0.0 OK"


class MailServer:
    """A BoxServer. Operation for faults: send (after the letter's text has come)."""

    def __init__(self, store: BoxStore, faults: Faults, host: str, port: int) -> None:
        self._store = store
        self._faults = faults
        self._address = (host, port)
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Takes letters from now on. Returns the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, *self._address)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Open connections end by their own time-out."""
        if self._server:
            self._server.close()

    def _protocol(self) -> "_Conversation":
        return _Conversation(_Postman(self._store, self._faults), self._faults)


class _Conversation(SMTP):
    """SMTP that can also refuse to speak at all."""

    def __init__(self, postman: "_Postman", faults: Faults) -> None:
        super().__init__(postman, hostname="box.invalid", ident="carrier box", enable_SMTPUTF8=True)
        self._faults = faults
        self._postman = postman

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._postman.transport = transport
        if self._faults.is_down("mail"):
            _hang_up(transport)


class _Postman:
    """aiosmtpd's handler of one connection."""

    def __init__(self, store: BoxStore, faults: Faults) -> None:
        self._store = store
        self._faults = faults
        self.transport: asyncio.BaseTransport | None = None

    async def handle_DATA(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        told = self._faults.take("mail", "send")
        await asyncio.sleep(told.seconds)
        if told.hangs_up_at_once:
            _hang_up(self.transport)
            return _OK
        if told.kind is FaultKind.BUSY:
            return "451 4.3.2 Try again later"
        if told.kind is FaultKind.REFUSE:
            return "554 5.7.1 Refused"
        self._deliver(envelope)
        if told.kind is FaultKind.DROP_AFTER:
            _hang_up(self.transport)
        if told.kind is FaultKind.TWICE:
            await server.push(_OK)
        return "<html>It works!</html>" if told.kind is FaultKind.GARBAGE else _OK

    def _deliver(self, envelope: Envelope) -> None:
        content = envelope.content or b""
        octets = content.encode() if isinstance(content, str) else content
        letter = email.message_from_bytes(octets, policy=email.policy.default)
        with self._store.transaction():
            message_id = str(letter["Message-ID"] or f"<{self._store.next_number('letter')}@box>")
            known = self._store.get(Kind.LETTERS, message_id)
            row = known or _row(letter, list(envelope.rcpt_tos))
            row["arrivals"] = row.get("arrivals", 0) + 1
            self._store.put(Kind.LETTERS, message_id, row)
            if known is None:
                for recipient in envelope.rcpt_tos:
                    self._store.record_effect("mail", "deliver", recipient, message_id)


def _row(letter: EmailMessage, recipients: list[str]) -> Row:
    """What the page shows: sender, recipients, subject, text, names of the attachments."""
    body = letter.get_body(("plain",))
    return {
        "sender": str(letter["From"] or ""),
        "recipients": recipients,
        "subject": str(letter["Subject"] or ""),
        "auto_submitted": str(letter["Auto-Submitted"] or ""),
        "reply_to": str(letter["Reply-To"] or ""),
        "text": body.get_content() if body else "",
        "attachments": [part.get_filename() or "" for part in letter.iter_attachments()],
    }


def _hang_up(transport: asyncio.BaseTransport | None) -> None:
    if isinstance(transport, asyncio.Transport):
        transport.abort()
