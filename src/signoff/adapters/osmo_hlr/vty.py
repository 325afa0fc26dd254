"""The Osmocom terminal (VTY): telnet, one command a line, each answered up to the next prompt.

Checked against osmo-hlr 1.5.0. It takes a line feed as the end of a line; given carriage return
and line feed it takes the second for an empty command and prints the prompt twice.
"""

import re

from signoff.adapters.osmo_hlr.connection import SYSTEM, Connection
from signoff.ports.errors import Permanent

_TELNET_OPTION = re.compile(rb"\xff[\xfb-\xfe].", re.S)  # RFC 854: IAC WILL/WONT/DO/DONT option
_PASSWORD = b"Password: "


class Terminal:
    """A session in which commands may change things ("enable")."""

    def __init__(self, connection: Connection) -> None:
        """Reads the greeting and enables. Raises Temporary or Permanent."""
        self._connection = connection
        greeting = _plain(connection.read_until(b"> ", _PASSWORD))
        if greeting.endswith(_PASSWORD.decode()):
            raise Permanent(SYSTEM, "the terminal asks for a password: set “no login” in its file")
        self._name = greeting.rsplit("\n", 1)[-1].removesuffix("> ")
        raw = self._ask("enable")
        if not raw.endswith(f"{self._name}# "):
            raise Permanent(SYSTEM, "the terminal does not let us change things", raw=raw)

    def command(self, line: str) -> str:
        """What `line` printed, lines joined by line feeds, "" if nothing.

        Raises Temporary, or Permanent if what comes back is not the echo, text and a prompt.
        """
        return parse_output(self._ask(line), line=line, prompt=f"{self._name}# ")

    def _ask(self, line: str) -> str:
        self._connection.send(line.encode("ascii") + b"\n")
        prompts = (f"{self._name}{sign} ".encode() for sign in ">#")
        return _plain(self._connection.read_until(*prompts, _PASSWORD))


def parse_output(text: str, *, line: str, prompt: str) -> str:
    """The lines between the echo of `line` and the first `prompt`.

    `text` has line feeds only. Raises Permanent if there is no echo or no prompt after it; what
    follows the first prompt (some send it twice) says nothing.
    """
    echo, *lines = text.split("\n")
    prompts = [place for place, found in enumerate(lines) if found.startswith(prompt)]
    if echo != line or not prompts:
        raise Permanent(SYSTEM, "the answer is not of the terminal", raw=text[:1000])
    return "\n".join(lines[: prompts[0]])


def _plain(raw: bytes) -> str:
    text = _TELNET_OPTION.sub(b"", raw).decode("utf-8", "backslashreplace")
    return text.replace("\r\n", "\n")
